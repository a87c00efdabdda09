#include "storage/local_objects/signer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "uploads/sha256.h"

namespace orakgarak::storage {
namespace {

using uploads::OpenFile;

constexpr std::size_t access_bytes = 10, secret_bytes = 32;
constexpr std::size_t file_size = 2 * access_bytes + 1 + 2 * secret_bytes + 1;

Result<std::string> new_pair() {
  std::array<std::byte, access_bytes + secret_bytes> random{};
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(random.size())) != 1)
    return fail(ErrorKind::retry, "objects_unavailable", "the system gives no random bytes");
  const std::span<const std::byte> bytes(random);
  return uploads::to_hex(bytes.first(access_bytes)) + "\n" + uploads::to_hex(bytes.subspan(access_bytes)) +
         "\n";
}

/// A process that does it at the same time may be first: then its pair is the one.
Result<void> make_pair_file(const Folder& folder) {
  const auto pair = new_pair();
  if (!pair) return std::unexpected(pair.error());
  auto half = HalfFile::make(folder);
  if (!half) return std::unexpected(std::move(half.error()));
  if (auto written = half->write(std::as_bytes(std::span(*pair))); !written) return written;
  if (auto flushed = half->flush(); !flushed) return std::unexpected(std::move(flushed.error()));
  return half->place_first(folder.key_file);
}

}  // namespace

Result<sigv4::Signer> open_signer(const Folder& folder) {
  if (::access(folder.key_file.c_str(), F_OK) != 0)
    if (auto made = make_pair_file(folder); !made) return std::unexpected(std::move(made.error()));
  const OpenFile file(::open(folder.key_file.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, file_size + 1> text{};
  const ssize_t got = file.fd() < 0 ? -1 : ::read(file.fd(), text.data(), text.size());
  if (got < 0) return of_errno(errno, "reading the key that signs uploads");
  const std::string pair(text.data(), static_cast<std::size_t>(got));
  const auto line = 2 * access_bytes;
  if (pair.size() != file_size || pair[line] != '\n' || pair.back() != '\n' ||
      pair.find_first_not_of("0123456789abcdef\n") != std::string::npos)
    return rejected("bad_signing_key",
                    fmt::format("{} does not hold the key that signs uploads; remove it and start again",
                                folder.key_file.string()));
  return sigv4::Signer{pair.substr(0, line), pair.substr(line + 1, 2 * secret_bytes), "local", "s3"};
}

}  // namespace orakgarak::storage
