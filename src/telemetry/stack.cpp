#include "telemetry/stack.h"

#include <backtrace.h>
#include <cxxabi.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <unwind.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <typeinfo>

namespace orakgarak::telemetry {
namespace {

struct Walk {
  Stack& stack;
  int skip;
};

_Unwind_Reason_Code step(_Unwind_Context* context, void* to) {
  auto& walk = *static_cast<Walk*>(to);
  if (walk.skip-- > 0) return _URC_NO_REASON;
  if (walk.stack.count == Stack::most) return _URC_END_OF_STACK;
  walk.stack.frames[walk.stack.count++] = _Unwind_GetIP(context);
  return _URC_NO_REASON;
}

void no_error(void*, const char*, int) {}  // the frame stays without a name

/// Reads the program's own symbols when first asked. nullptr where it cannot be had.
backtrace_state* symbols() {
  static backtrace_state* const state = backtrace_create_state(nullptr, 1, no_error, nullptr);
  return state;
}

struct Telling {
  void (*told)(void*, const Frame&);
  void* to;
  bool any = false;
};

int tell_line(void* to, std::uintptr_t, const char* file, int line, const char* function) {
  auto& telling = *static_cast<Telling*>(to);
  if (!function) return 0;
  telling.any = true;
  telling.told(telling.to, {.function = function, .file = file, .line = line});
  return 0;
}

void tell_symbol(void* to, std::uintptr_t address, const char* name, std::uintptr_t begins, std::uintptr_t) {
  auto& telling = *static_cast<Telling*>(to);
  if (!name) return;
  telling.any = true;
  telling.told(telling.to, {.function = name, .offset = address - begins});
}

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status),
                                                    std::free);
  return status == 0 ? text.get() : name;
}

/// The last exceptions that this thread threw: while one is on its way, clean-up may throw and catch others.
struct LastThrown {
  struct One {
    void* object = nullptr;
    Stack stack;
  };
  std::array<One, 4> all;
  std::size_t next = 0;
};
thread_local LastThrown last_thrown;

std::string stack_of(const void* object) {
  const auto& [all, next] = last_thrown;
  for (std::size_t back = 1; object && back <= all.size(); ++back)
    if (const auto& one = all[(next + all.size() - back) % all.size()]; one.object == object)
      return to_text(one.stack);
  return {};
}

}  // namespace

Stack Stack::here(int skip) {
  Stack stack;
  Walk walk{stack, skip + 1};
  _Unwind_Backtrace(step, &walk);
  return stack;
}

void frames_at(std::uintptr_t address, void (*told)(void*, const Frame&), void* to) {
  Telling telling{told, to};
  const auto call = address - 1;  // a return address may be the next function's already
  if (auto* const state = symbols()) {
    backtrace_pcinfo(state, call, tell_line, no_error, &telling);
    if (!telling.any) backtrace_syminfo(state, call, tell_symbol, no_error, &telling);
  }
  if (!telling.any) told(to, {});
}

std::string_view short_file(std::string_view path) {
  const auto at = path.rfind("src/");
  return at == std::string_view::npos ? path.substr(path.rfind('/') + 1) : path.substr(at + 4);
}

std::string to_text(const Stack& stack) {
  struct Lines {
    std::string text;
    std::size_t number = 0;
    std::uintptr_t address = 0;
  } lines;
  for (const auto address : stack.all()) {
    lines.address = address;
    frames_at(
        address,
        [](void* to, const Frame& frame) {
          auto& [text, number, at] = *static_cast<Lines*>(to);
          fmt::format_to(std::back_inserter(text), "#{} {}", number++,
                         frame.function ? demangled(frame.function) : fmt::format("{:#x}", at));
          if (frame.offset != 0) fmt::format_to(std::back_inserter(text), "+{:#x}", frame.offset);
          if (frame.file)
            fmt::format_to(std::back_inserter(text), " ({}:{})", short_file(frame.file), frame.line);
          text += '\n';
        },
        &lines);
  }
  return std::move(lines.text);
}

Thrown what_was_thrown() {
  Thrown thrown;
  const auto now = std::current_exception();
  if (const auto* const type = abi::__cxa_current_exception_type()) thrown.type = demangled(type->name());
  try {
    if (now) std::rethrow_exception(now);
  } catch (const std::exception& exception) {
    thrown.message = exception.what();
  } catch (...) {
    thrown.message.clear();  // it has no words of its own
  }
  // An exception_ptr of libstdc++ is the address that was thrown.
  static_assert(sizeof now == sizeof(void*));
  thrown.stack = stack_of(*reinterpret_cast<void* const*>(&now));
  return thrown;
}

Error thrown_error(ErrorKind kind, std::string code, std::string detail, std::source_location where) {
  auto error = fail(kind, std::move(code), std::move(detail), where).error();
  error.thrown = std::make_shared<const Thrown>(what_was_thrown());
  return error;
}

}  // namespace orakgarak::telemetry

// The stack is lost as it unwinds: it is kept when something is thrown. Takes the place of the library's own
// function, which it calls; by its name in the object file, because the compiler has declared that one
// itself.
extern "C" [[noreturn]] void keep_stack_and_throw(void*, std::type_info*, void (*)(void*)) asm("__cxa_throw");

extern "C" void keep_stack_and_throw(void* object, std::type_info* type, void (*destroy)(void*)) {
  using Throw = void (*)(void*, std::type_info*, void (*)(void*));
  static const auto next = reinterpret_cast<Throw>(dlsym(RTLD_NEXT, "__cxa_throw"));
  auto& [all, at] = orakgarak::telemetry::last_thrown;
  all[at] = {object, orakgarak::telemetry::Stack::here(1)};
  at = (at + 1) % all.size();
  next(object, type, destroy);
  std::abort();  // it does not come back
}
