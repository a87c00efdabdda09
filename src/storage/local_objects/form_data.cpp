#include "storage/local_objects/form_data.h"

#include <algorithm>

#include "net/text.h"

namespace orakgarak::storage {
namespace {

using net::trimmed;

constexpr std::string_view line_end = "\r\n", blank_line = "\r\n\r\n";

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

/// Takes `; name=value` or `; name="value"` off the front. A quoted value has no escapes: browsers write %22
/// for a quote, and a backslash for itself.
std::optional<std::pair<std::string, std::string>> take_parameter(std::string_view& rest) {
  const auto equals = rest.find('=');
  if (!rest.starts_with(';') || equals == std::string_view::npos) return std::nullopt;
  std::string name = lower(trimmed(rest.substr(1, equals - 1)));
  rest = rest.substr(equals + 1);
  const bool quoted = rest.starts_with('"');
  if (quoted) rest.remove_prefix(1);
  const auto end = rest.find(quoted ? '"' : ';');
  if (quoted && end == std::string_view::npos) return std::nullopt;
  std::string value(quoted ? rest.substr(0, end) : trimmed(rest.substr(0, end)));
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(quoted ? end + 1 : end);
  rest = trimmed(rest);
  return std::pair(std::move(name), std::move(value));
}

/// The parameter `wanted` of a header of type `type`: "form-data; name=..."; nothing where it is not exactly
/// once there.
std::optional<std::string> parameter(std::string_view header, std::string_view type,
                                     std::string_view wanted) {
  header = trimmed(header);
  const auto type_end = std::min(header.find(';'), header.size());
  if (lower(trimmed(header.substr(0, type_end))) != type) return std::nullopt;
  std::optional<std::string> found;
  for (auto rest = header.substr(type_end); !rest.empty();) {
    auto taken = take_parameter(rest);
    if (!taken || (taken->first == wanted && found)) return std::nullopt;
    if (taken->first == wanted) found = std::move(taken->second);
  }
  return found;
}

/// The name of the field that a part with these headers is.
std::optional<std::string> field_name(std::string_view headers) {
  std::optional<std::string> found;
  for (std::size_t at = 0; at < headers.size();) {
    const auto end = std::min(headers.find(line_end, at), headers.size());
    const auto line = headers.substr(at, end - at);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    if (lower(trimmed(line.substr(0, colon))) == "content-disposition") {
      if (found) return std::nullopt;
      found = parameter(line.substr(colon + 1), "form-data", "name");
      if (!found || found->empty()) return std::nullopt;
    }
    at = end + line_end.size();
  }
  return found ? std::optional(lower(*found)) : std::nullopt;
}

}  // namespace

std::optional<std::string> form_boundary(std::string_view content_type) {
  constexpr std::string_view others = "'()+_,-./:=? ";  // RFC 2046, section 5.1.1
  auto found = parameter(content_type, "multipart/form-data", "boundary");
  if (!found || found->empty() || found->size() > 70 || found->ends_with(' ')) return std::nullopt;
  const auto valid = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  };
  return std::ranges::all_of(*found, valid) ? found : std::nullopt;
}

FormReader::FormReader(std::string_view boundary) : delimiter_("\r\n--" + std::string(boundary)) {}

void FormReader::append(std::span<const std::byte> bytes) {
  held_.erase(0, used_);
  used_ = 0;
  held_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

FormReader::Next FormReader::next() {
  for (;;) {
    const At was = at_;
    Next found = [&] {
      switch (at_) {
        case At::start:
          return at_start();
        case At::headers:
          return at_headers();
        case At::value:
          return at_value();
        case At::file:
          return at_file();
        case At::after:
          break;
      }
      return at_after();
    }();
    if (!found || *found || at_ == was) return found;
  }
}

bool FormReader::drop(std::size_t bytes) {
  used_ += bytes;
  before_ += bytes;
  return before_ <= most_form_bytes;
}

FormReader::Next FormReader::stalled() const {
  if (before_ + (held_.size() - used_) > most_form_bytes) return std::unexpected(FormFault::too_much_before);
  return std::nullopt;
}

FormReader::Next FormReader::at_start() {
  const auto rest = std::string_view(held_).substr(used_);
  const std::string first = delimiter_.substr(line_end.size()) + std::string(line_end);
  const auto length = std::min(rest.size(), first.size());
  if (rest.substr(0, length) != std::string_view(first).substr(0, length))
    return std::unexpected(FormFault::malformed);
  if (length < first.size()) return stalled();
  if (!drop(first.size())) return std::unexpected(FormFault::too_much_before);
  at_ = At::headers;
  return std::nullopt;
}

FormReader::Next FormReader::at_headers() {
  const auto rest = std::string_view(held_).substr(used_);
  const auto end = rest.find(blank_line);
  if (end == std::string_view::npos) return stalled();
  if (!drop(end + blank_line.size())) return std::unexpected(FormFault::too_much_before);
  auto name = field_name(rest.substr(0, end));
  if (!name) return std::unexpected(FormFault::malformed);
  name_ = *std::move(name);
  at_ = name_ == "file" ? At::file : At::value;
  if (at_ == At::value) return std::nullopt;
  return FormEvent{FormEvent::Kind::file_begins};
}

FormReader::Next FormReader::at_value() {
  const auto rest = std::string_view(held_).substr(used_);
  const auto end = rest.find(delimiter_);
  if (end == std::string_view::npos || rest.size() < end + delimiter_.size() + line_end.size())
    return stalled();
  if (!drop(end + delimiter_.size() + line_end.size())) return std::unexpected(FormFault::too_much_before);
  const auto mark = rest.substr(end + delimiter_.size(), line_end.size());
  if (mark != line_end && mark != "--") return std::unexpected(FormFault::malformed);
  FormEvent field{FormEvent::Kind::field, std::move(name_), std::string(rest.substr(0, end))};
  at_ = mark == line_end ? At::headers : At::after;
  return field;
}

FormReader::Next FormReader::at_file() {
  const auto rest = std::string_view(held_).substr(used_);
  const auto end = rest.find(delimiter_);
  if (end == 0) {
    used_ += delimiter_.size();
    at_ = At::after;
    return FormEvent{FormEvent::Kind::file_ends};
  }
  const std::size_t begun = delimiter_.size() - 1;  // so many bytes may begin a delimiter
  const std::size_t sure = end != std::string_view::npos ? end : rest.size() - std::min(rest.size(), begun);
  if (sure == 0) return std::nullopt;
  used_ += sure;
  return FormEvent{FormEvent::Kind::file_bytes, {}, {}, std::as_bytes(std::span(rest.substr(0, sure)))};
}

FormReader::Next FormReader::at_after() {
  after_ += held_.size() - used_;
  used_ = held_.size();
  if (after_ > most_form_bytes) return std::unexpected(FormFault::too_much_after);
  return std::nullopt;
}

}  // namespace orakgarak::storage
