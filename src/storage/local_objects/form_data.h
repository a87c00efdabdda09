#pragma once
// multipart/form-data (RFC 7578) as it arrives, piece by piece: the fields before the file, then the file's
// bytes. What comes after the file is counted and dropped. Holds one piece and what it cannot tell yet.
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace orakgarak::storage {

/// All that comes before the file's first byte, and all that comes after its last: at most so much, as S3.
inline constexpr std::uint64_t most_form_bytes = 20U << 10;

struct FormEvent {
  enum class Kind : std::uint8_t { field, file_begins, file_bytes, file_ends } kind;
  std::string name = {}, value = {};      ///< of a field; the name in lower case
  std::span<const std::byte> bytes = {};  ///< of the file; good until the next call
};

enum class FormFault : std::uint8_t {
  malformed,
  too_much_before,  ///< over most_form_bytes before the file
  too_much_after,
};

/// The boundary of a Content-Type field; nothing where it is no multipart/form-data with a valid one.
std::optional<std::string> form_boundary(std::string_view content_type);

class FormReader {
 public:
  explicit FormReader(std::string_view boundary);

  void append(std::span<const std::byte> bytes);
  /// What comes next; nothing: more bytes are needed. After a fault there is nothing more to ask.
  std::expected<std::optional<FormEvent>, FormFault> next();
  /// Bytes before the file's first, once it has begun.
  std::uint64_t before_file() const { return before_; }

 private:
  enum class At : std::uint8_t { start, headers, value, file, after };
  using Next = std::expected<std::optional<FormEvent>, FormFault>;
  Next at_start();
  Next at_headers();
  Next at_value();
  Next at_file();
  Next at_after();
  Next stalled() const;
  bool drop(std::size_t bytes);  ///< that came before the file; false: too many

  std::string delimiter_;  ///< CR LF "--" boundary
  std::string held_;
  std::size_t used_ = 0;  ///< of held_
  At at_ = At::start;
  std::string name_;
  std::uint64_t before_ = 0, after_ = 0;
};

}  // namespace orakgarak::storage
