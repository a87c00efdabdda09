#include "http/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "net/http.h"

namespace orakgarak::http {
namespace {

constexpr std::size_t most_depth = 16, most_fields = 64;

/// Runs over the text before any of it is kept: what the parser lets pass and we do not.
struct Strict {
  std::string fault;
  std::vector<std::unordered_set<std::string>> open;  ///< keys of each object or array that is open

  bool refuse(std::string why) {
    fault = std::move(why);
    return false;
  }
  bool enter() {
    if (open.size() == most_depth)
      return refuse(fmt::format("it is nested more than {} levels deep", most_depth));
    open.emplace_back();
    return true;
  }
  bool leave() {
    open.pop_back();
    return true;
  }
  bool plain(const std::string& text) {
    return text.find('\0') == std::string::npos || refuse("a text holds a NUL character");
  }

  // What the parser calls.
  bool null() { return true; }
  bool boolean(bool) { return true; }
  bool number_integer(std::int64_t) { return true; }
  bool number_unsigned(std::uint64_t) { return true; }
  bool number_float(double, const std::string&) { return true; }
  bool string(std::string& text) { return plain(text); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return enter(); }
  bool end_object() { return leave(); }
  bool start_array(std::size_t) { return enter(); }
  bool end_array() { return leave(); }
  bool key(std::string& name) {
    if (!plain(name)) return false;
    if (open.back().size() == most_fields)
      return refuse(fmt::format("an object has more than {} fields", most_fields));
    return open.back().insert(name).second || refuse("an object has the same field twice");
  }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception&) {
    return refuse(fmt::format("it breaks at byte {}", at));
  }
};

/// 5 and 5.0 are the same integer to JSON.
std::optional<std::int64_t> as_integer(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto whole = value.get<std::uint64_t>();
    return whole <= INT64_MAX ? std::optional(static_cast<std::int64_t>(whole)) : std::nullopt;
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const double real = value.get<double>();
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (!(std::abs(real) <= exact) || std::trunc(real) != real) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  Strict strict;
  if (!Json::sax_parse(text, &strict))
    return rejected("bad_json", fmt::format("The body is not JSON as this server takes it: {}.",
                                            strict.fault.empty() ? "it cannot be parsed" : strict.fault));
  return Json::parse(text, nullptr, false);
}

FieldReader::FieldReader(const Json& object, std::initializer_list<std::string_view> known, std::string where)
    : object_(object), where_(std::move(where)) {
  if (!object_.is_object()) {
    error_ = Error{ErrorKind::rejected,
                   "bad_field",
                   fmt::format("{} has to be a JSON object.",
                               where_.empty() ? "The body" : where_.substr(0, where_.size() - 1)),
                   {}};
    return;
  }
  for (const auto& [name, value] : object_.items())
    if (std::ranges::find(known, name) == known.end()) {
      error_ = Error{
          ErrorKind::rejected,
          "bad_field",
          fmt::format("There is no field \"{}{}\"; there are {}.", where_, name, fmt::join(known, ", ")),
          {}};
      return;
    }
}

const Json* FieldReader::member(std::string_view name) const {
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(std::string(name));
  return found == object_.end() ? nullptr : &*found;
}

const Json* FieldReader::value(std::string_view name) const {
  const auto* found = member(name);
  return found && !found->is_null() ? found : nullptr;
}

bool FieldReader::has(std::string_view name) const { return member(name) != nullptr; }

void FieldReader::fault(std::string_view name, std::string_view expected) {
  if (error_) return;
  error_ = Error{ErrorKind::rejected,
                 "bad_field",
                 has(name) ? fmt::format("The field \"{}{}\" has to be {}.", where_, name, expected)
                           : fmt::format("The field \"{}{}\" is missing; it is {}.", where_, name, expected),
                 {}};
}

std::string FieldReader::text(std::string_view name, std::size_t least, std::size_t most) {
  const Json* value = member(name);
  if (value && value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    const auto length = characters(text);
    if (least <= length && length <= most) return text;
  }
  fault(name, least == 0 ? fmt::format("a text of at most {} characters", most)
                         : fmt::format("a text of {} to {} characters", least, most));
  return {};
}

std::string FieldReader::text_or(std::string_view name, std::string otherwise, std::size_t most) {
  return has(name) ? text(name, 0, most) : std::move(otherwise);
}

std::int64_t FieldReader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  if (const Json* value = member(name))
    if (const auto whole = as_integer(*value); whole && least <= *whole && *whole <= most) return *whole;
  fault(name, most == INT64_MAX ? fmt::format("a whole number from {} on", least)
                                : fmt::format("a whole number from {} to {}", least, most));
  return least;
}

std::int64_t FieldReader::integer_or(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                     std::int64_t most) {
  return has(name) ? integer(name, least, most) : otherwise;
}

double FieldReader::number(std::string_view name, double least, double most) {
  const Json* value = member(name);
  if (value && value->is_number()) {
    const auto real = value->get<double>();
    if (least <= real && real <= most) return real;
  }
  fault(name, fmt::format("a number from {} to {}", least, most));
  return least;
}

Result<Query> Query::parse(std::string_view text, std::span<const std::string_view> known) {
  auto pairs = net::parse_query(text);
  if (!pairs) return std::unexpected(std::move(pairs.error()));
  for (const auto& [name, value] : *pairs) {
    if (std::ranges::find(known, name) == known.end())
      return rejected("bad_query",
                      known.empty()
                          ? std::string("This address takes no query parameters.")
                          : fmt::format("There is no query parameter {} here; there are {}.",
                                        formats::to_line(Json(name.substr(0, 50))), fmt::join(known, ", ")));
    if (value.find('\0') != std::string::npos)
      return rejected("bad_query", fmt::format("The query parameter \"{}\" holds a NUL character.", name));
  }
  Query query;
  query.pairs_ = std::move(*pairs);
  return query;
}

std::optional<std::string_view> Query::one(std::string_view name) {
  const auto values = all(name, 1);
  return values.empty() ? std::nullopt : std::optional(values.front());
}

std::vector<std::string_view> Query::all(std::string_view name, std::size_t most) {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : pairs_)
    if (key == name) values.emplace_back(value);
  if (values.size() > most)
    fault(name, most == 1 ? "given once" : fmt::format("given at most {} times", most));
  return values;
}

std::int64_t Query::integer_or(std::string_view name, std::int64_t otherwise, std::int64_t least,
                               std::int64_t most) {
  const auto text = one(name);
  if (!text) return otherwise;
  const auto whole = parse_integer(*text);
  if (whole && least <= *whole && *whole <= most) return *whole;
  fault(name, most == INT64_MAX ? fmt::format("a whole number from {} on", least)
                                : fmt::format("a whole number from {} to {}", least, most));
  return otherwise;
}

bool Query::flag(std::string_view name) {
  const auto text = one(name);
  if (text && *text != "true" && *text != "false") fault(name, "true or false");
  return text == "true";
}

void Query::fault(std::string_view name, std::string_view expected, std::string_view code) {
  if (!error_)
    error_ = Error{ErrorKind::rejected,
                   std::string(code),
                   fmt::format("The query parameter \"{}\" has to be {}.", name, expected),
                   {}};
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<std::string> parse_sha256(std::string_view text) {
  const auto hex = [](char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f'); };
  return text.size() == 64 && std::ranges::all_of(text, hex) ? std::optional(std::string(text))
                                                             : std::nullopt;
}

}  // namespace orakgarak::http
