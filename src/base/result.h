#pragma once
// Errors as values. The kind says what the caller can do; the code is stable for programs; the detail says
// what, where and what to do, for people.
#include <cstdint>
#include <expected>
#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

namespace orakgarak {

enum class ErrorKind : std::uint8_t {
  retry,      ///< a peer failed; the same call may succeed later
  not_found,  ///< the thing named does not exist
  conflict,   ///< somebody else changed it first
  rejected,   ///< the input is wrong; it will stay wrong
};

/// Where an error was made or passed on, and what was being done there.
struct ErrorHop {
  std::source_location where;
  std::string doing;
};

/// What was thrown where an error value was expected: a library's fault or ours. For the log alone.
struct Thrown {
  std::string type, message;
  std::string stack;  ///< where it was thrown, a line a frame; empty where that is not known
};

struct Error {
  ErrorKind kind = ErrorKind::rejected;
  std::string code;    ///< lower_case words, stable: "file_not_found"
  std::string detail;  ///< one sentence: what, where, what to do; no names of people, no tokens
  std::vector<ErrorHop> hops;
  std::shared_ptr<const Thrown> thrown = {};  ///< behind it; nothing in most

  /// The same error with one more hop.
  Error in(std::string doing, std::source_location where = std::source_location::current()) && {
    hops.push_back({where, std::move(doing)});
    return std::move(*this);
  }
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string code, std::string detail,
                                   std::source_location where = std::source_location::current()) {
  return std::unexpected(Error{kind, std::move(code), std::move(detail), {{where, {}}}});
}

inline std::unexpected<Error> rejected(std::string code, std::string detail,
                                       std::source_location where = std::source_location::current()) {
  return fail(ErrorKind::rejected, std::move(code), std::move(detail), where);
}

}  // namespace orakgarak
