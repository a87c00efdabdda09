#include "net/http.h"

#include <algorithm>
#include <array>

#include "base/percent.h"
#include "net/text.h"

namespace orakgarak::net {
namespace {

constexpr std::array<std::string_view, 8> method_names{"GET",   "HEAD",   "POST",    "PUT",
                                                       "PATCH", "DELETE", "OPTIONS", "?"};

class Answer : public Exchange {
 public:
  explicit Answer(Response response) : response_(std::move(response)) {}
  std::optional<Response> take(std::span<const std::byte>) override { return std::move(response_); }
  Response finish() override { return std::move(response_); }

 private:
  Response response_;
};

class Gather : public Exchange {
 public:
  Gather(const RequestHead& head, std::size_t most, std::function<Response(std::string)> then,
         std::function<Response()> too_large)
      : declared_(head.content_length.value_or(0)),
        most_(most),
        then_(std::move(then)),
        too_large_(std::move(too_large)) {}

  std::optional<Response> take(std::span<const std::byte> bytes) override {
    if (declared_ > most_ || bytes.size() > most_ - body_.size()) return too_large_();
    body_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return std::nullopt;
  }
  Response finish() override { return then_(std::move(body_)); }

 private:
  std::uint64_t declared_;
  std::size_t most_;
  std::function<Response(std::string)> then_;
  std::function<Response()> too_large_;
  std::string body_;
};

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

Result<std::string> query_word(std::string_view raw) {
  std::string spaced(raw);
  std::ranges::replace(spaced, '+', ' ');
  auto word = percent_decode(spaced);
  if (!word || !is_utf8(*word))
    return rejected("bad_query",
                    "The query of the address does not decode to text: write UTF-8, and % as %25.");
  return word;
}

}  // namespace

std::string_view to_string(Method method) { return method_names.at(static_cast<std::size_t>(method)); }

void Fields::set(std::string_view name, std::string value) {
  std::erase_if(all_, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
  all_.emplace_back(name, std::move(value));
}

std::optional<std::string_view> Fields::get(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const auto& [field, value] : all_) {
    if (!equal_ignoring_case(field, name)) continue;
    if (found) return std::nullopt;
    found = value;
  }
  return found;
}

std::unique_ptr<Exchange> answer(Response response) { return std::make_unique<Answer>(std::move(response)); }

std::unique_ptr<Exchange> gather(const RequestHead& head, std::size_t most,
                                 std::function<Response(std::string body)> then,
                                 std::function<Response()> too_large) {
  return std::make_unique<Gather>(head, most, std::move(then), std::move(too_large));
}

Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    if (value.empty()) continue;
    const std::string_view name = take_until(value, '=');
    auto decoded_name = query_word(name);
    auto decoded_value = query_word(value);
    if (!decoded_name) return std::unexpected(std::move(decoded_name.error()));
    if (!decoded_value) return std::unexpected(std::move(decoded_value.error()));
    pairs.emplace_back(std::move(*decoded_name), std::move(*decoded_value));
  }
  return pairs;
}

std::optional<std::string_view> cookie(const RequestHead& head, std::string_view name) {
  for (const auto& [field, all] : head.fields.all()) {
    if (!equal_ignoring_case(field, "Cookie")) continue;
    for (std::string_view rest = all; !rest.empty();) {
      std::string_view value = trimmed(take_until(rest, ';'));
      const bool has_value = value.find('=') != std::string_view::npos;
      if (trimmed(take_until(value, '=')) == name && has_value) return trimmed(value);
    }
  }
  return std::nullopt;
}

std::string percent_encode(std::string_view text, bool keep_slash) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || (c == '/' && keep_slash)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4];
    encoded += digits[byte & 0xF];
  }
  return encoded;
}

Result<std::string> percent_decode(std::string_view text) {
  auto decoded = percent_decoded(text);
  if (!decoded)
    return rejected("bad_encoding",
                    "A % is not followed by two hexadecimal digits: write a literal % as %25.");
  return *std::move(decoded);
}

}  // namespace orakgarak::net
