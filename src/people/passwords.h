#pragma once
// Passwords: which ones are taken, and what is kept of them (argon2id, RFC 9106, through libsodium).
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace orakgarak::people {

inline constexpr std::size_t least_password = 8, most_password = 128;  ///< characters

/// In NFC; nothing where it has too few or too many characters, or is not UTF-8.
std::optional<std::string> parse_password(std::string_view text);

struct PasswordOptions {
  std::size_t memory_bytes = std::size_t{64} << 20;  ///< of one run, a whole number of KiB, 8 at least
  unsigned passes = 3;
  int at_once = 2;                           ///< runs
  int waiting = 2;                           ///< who wait for one of them to end; more are sent away
  std::chrono::milliseconds patience{3000};  ///< of who waits
};

/// Every call is one run, and takes as long whatever it is given. Safe from any thread.
class Passwords {
 public:
  explicit Passwords(PasswordOptions options = {});

  /// What to store: it tells how it was made, and nothing of the password. Errors: retry "passwords_busy".
  Result<std::string> hash(const std::string& password);
  /// stored: what hash() gave; nothing where there is no such account: the run is done all the same, and the
  /// answer is no. Errors: retry "passwords_busy".
  Result<bool> verify(const std::string& password, const std::optional<std::string>& stored);

 private:
  class Turn;
  const PasswordOptions options_;
  const std::string nobodys_;  ///< no password gives it
  std::mutex mutex_;
  std::condition_variable ended_;
  int running_ = 0, waiting_ = 0;
};

}  // namespace orakgarak::people
