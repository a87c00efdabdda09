#pragma once
// Where in the program something is, as lines for people: "#2 orakgarak::voice::Engine::add(...)+0x1f2
// (voice/engine.cpp:120)". File and line are there in builds with debug information.
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace orakgarak::telemetry {

/// Return addresses, innermost first.
struct Stack {
  static constexpr std::size_t most = 64;
  std::array<std::uintptr_t, most> frames{};
  std::size_t count = 0;

  /// Of this thread, without the `skip` innermost frames. Allocates nothing; safe in a signal handler.
  static Stack here(int skip = 0);
  std::span<const std::uintptr_t> all() const { return std::span(frames).first(count); }
};

/// What is known of one frame. function: as the linker knows it; empty where nothing is known.
struct Frame {
  const char* function = nullptr;
  const char* file = nullptr;  ///< nullptr: not known
  int line = 0;
  std::uintptr_t offset = 0;  ///< into the function; 0 where it is not known
};
/// Those at one address, the innermost of what was inlined first; at least one. `told` is called for each.
/// Safe in a signal handler if `told` is.
void frames_at(std::uintptr_t address, void (*told)(void* to, const Frame&), void* to);

/// Functions by their names in C++.
std::string to_text(const Stack&);

/// From the last "src/" on: paths of the machine that built this are nobody's business.
std::string_view short_file(std::string_view path);

/// The exception that is being handled, with the stack of where it was thrown if that was in this thread. To
/// be called within a catch block.
Thrown what_was_thrown();

/// An error for it.
Error thrown_error(ErrorKind kind, std::string code, std::string detail,
                   std::source_location where = std::source_location::current());

}  // namespace orakgarak::telemetry
