#pragma once
// What comes in: JSON bodies and query strings, strictly. Whatever is missing, unknown, repeated or out of
// range is refused with a sentence that names it.
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "formats/report_number.h"

namespace orakgarak::http {

using formats::Json;

/// Errors: rejected "bad_json": not JSON (RFC 8259), not UTF-8, a key twice in an object, more than 16 levels
/// deep, more than 64 fields in an object, a NUL in a text.
Result<Json> parse_json(std::string_view text);

/// Takes the fields of one JSON object. The first fault is kept and the reading goes on with plain values, so
/// that the caller asks once at the end.
class FieldReader {
 public:
  /// where: "parts[3]." before the names in faults; empty for the body itself.
  FieldReader(const Json& object, std::initializer_list<std::string_view> known, std::string where = {});

  bool has(std::string_view name) const;
  /// Length in characters (code points), not bytes.
  std::string text(std::string_view name, std::size_t least, std::size_t most);
  /// An optional one.
  std::string text_or(std::string_view name, std::string otherwise, std::size_t most);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::int64_t integer_or(std::string_view name, std::int64_t otherwise, std::int64_t least,
                          std::int64_t most);
  double number(std::string_view name, double least, double most);
  /// A text that `read` understands. expected: "64 hexadecimal digits".
  template <class Read>
  auto read(std::string_view name, Read&& read, std::string_view expected) {
    const Json* value = member(name);
    if (value && value->is_string())
      if (auto understood = read(value->template get_ref<const std::string&>())) return understood;
    fault(name, expected);
    return decltype(read(std::string()))();
  }
  /// The value as it is; nullptr where it is missing or null.
  const Json* value(std::string_view name) const;

  void fault(std::string_view name, std::string_view expected);
  /// The fault of an object inside this one.
  void keep(const Error& error) {
    if (!error_) error_ = error;
  }
  /// Rejected "bad_field" with the first fault.
  const std::optional<Error>& error() const { return error_; }

 private:
  const Json* member(std::string_view name) const;
  const Json& object_;
  std::string where_;
  std::optional<Error> error_;
};

/// The pairs of a query string, held to what a route knows.
class Query {
 public:
  /// Errors: rejected "bad_query": broken encoding, or a name that is not `known`.
  static Result<Query> parse(std::string_view text, std::span<const std::string_view> known);

  /// Nothing where it is absent. Faults as FieldReader keeps them.
  std::optional<std::string_view> one(std::string_view name);
  std::vector<std::string_view> all(std::string_view name, std::size_t most);
  std::int64_t integer_or(std::string_view name, std::int64_t otherwise, std::int64_t least,
                          std::int64_t most);
  bool flag(std::string_view name);
  template <class Read>
  auto read(std::string_view name, Read&& read, std::string_view expected) {
    decltype(read(std::string_view())) understood;
    if (const auto text = one(name); text && !(understood = read(*text))) fault(name, expected);
    return understood;
  }

  void fault(std::string_view name, std::string_view expected, std::string_view code = "bad_query");
  const std::optional<Error>& error() const { return error_; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
  std::optional<Error> error_;
};

/// Code points of well-formed UTF-8, which is what lengths are counted in.
std::size_t characters(std::string_view utf8);

/// A whole decimal number with an optional sign; nothing for other text or beyond 64 bits.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// `text` where it is 64 hexadecimal digits in lower case.
std::optional<std::string> parse_sha256(std::string_view text);

}  // namespace orakgarak::http
