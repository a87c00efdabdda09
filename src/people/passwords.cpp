#include "people/passwords.h"

#include <sodium.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "people/unicode.h"

namespace orakgarak::people {
namespace {

std::unexpected<Error> busy() {
  return fail(
      ErrorKind::retry, "passwords_busy",
      "Many people sign in at this moment, and each password takes memory: try again in a few seconds.");
}

/// A salt and a hash of zeros, in the form and with the cost of the real ones.
std::string zeros(const PasswordOptions& options) {
  return "$argon2id$v=19$m=" + std::to_string(options.memory_bytes / 1024) +
         ",t=" + std::to_string(options.passes) + ",p=1$" + std::string(22, 'A') + "$" + std::string(43, 'A');
}

}  // namespace

std::optional<std::string> parse_password(std::string_view text) {
  constexpr std::size_t longest_character = 4;
  if (text.size() > 4 * longest_character * most_password) return std::nullopt;
  auto composed = nfc(text);
  if (!composed) return std::nullopt;
  const auto length = code_points(*composed);
  if (length < least_password || length > most_password) return std::nullopt;
  return composed;
}

/// The right to one run, while it lives; none where too many want one.
class Passwords::Turn {
 public:
  explicit Turn(Passwords& of) : of_(of) {
    std::unique_lock lock(of_.mutex_);
    if (of_.running_ >= of_.options_.at_once) {
      if (of_.waiting_ >= of_.options_.waiting) return;
      ++of_.waiting_;
      const bool free = of_.ended_.wait_for(lock, of_.options_.patience,
                                            [&] { return of_.running_ < of_.options_.at_once; });
      --of_.waiting_;
      if (!free) return;
    }
    ++of_.running_;
    ours_ = true;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!ours_) return;
    const std::lock_guard lock(of_.mutex_);
    --of_.running_;
    of_.ended_.notify_one();
  }
  explicit operator bool() const { return ours_; }

 private:
  Passwords& of_;
  bool ours_ = false;
};

Passwords::Passwords(PasswordOptions options) : options_(options), nobodys_(zeros(options)) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used: there is no randomness");
}

Result<std::string> Passwords::hash(const std::string& password) {
  const Turn turn(*this);
  if (!turn) return busy();
  std::array<char, crypto_pwhash_argon2id_STRBYTES> text{};
  if (crypto_pwhash_argon2id_str(text.data(), password.data(), password.size(), options_.passes,
                                 options_.memory_bytes) != 0)
    return busy();  // there was no memory for it
  return std::string(text.data());
}

Result<bool> Passwords::verify(const std::string& password, const std::optional<std::string>& stored) {
  const Turn turn(*this);
  if (!turn) return busy();
  errno = 0;
  const bool right = crypto_pwhash_argon2id_str_verify(stored.value_or(nobodys_).c_str(), password.data(),
                                                       password.size()) == 0;
  if (!right && errno == ENOMEM) return busy();
  return right && stored.has_value();
}

}  // namespace orakgarak::people
