#pragma once
#include <cstddef>
#include <string_view>

namespace orakgarak::formats {

/// Walks the lines of a text; LF, CR and CRLF end one. Never allocates.
class TextLines {
 public:
  explicit TextLines(std::string_view text) : text_(text) {}

  /// The next line without its end; false after the last.
  bool next(std::string_view& line) {
    if (at_ >= text_.size()) return false;
    const std::size_t end = text_.find_first_of("\r\n", at_);
    line = text_.substr(at_, end == std::string_view::npos ? end : end - at_);
    ++number_;
    if (end == std::string_view::npos) {
      at_ = text_.size();
    } else {
      at_ = end + (text_.substr(end, 2) == "\r\n" ? 2 : 1);
    }
    return true;
  }

  /// Number of the line that next() gave last, from 1.
  std::size_t number() const { return number_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0, number_ = 0;
};

inline std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace orakgarak::formats
