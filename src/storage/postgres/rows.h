#pragma once
// Values of the program in and out of SQL. Times are microseconds, enums text, ids uuid. What the server
// cannot keep is refused before it is sent.
#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "storage/postgres/connection.h"
#include "uploads/upload.h"

namespace orakgarak::storage::postgres {

/// A row holds what this program never writes.
struct UnreadableRow : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// PostgreSQL's text holds no NUL byte, and in a database in UTF8 nothing else than UTF-8.
struct UnstorableText : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What people wrote, or foreign programs said: kept byte for byte, whatever it is (bytea).
struct Written {
  const std::string& bytes;
};

namespace oid {
inline constexpr Oid boolean = 16, bytes = 17, integer = 20, text = 25, real = 701, integers = 1016,
                     texts = 1009, uuid = 2950;
}

template <class Value>
inline constexpr Oid oid_of = oid::text;  // std::string and the names of enums
template <>
inline constexpr Oid oid_of<bool> = oid::boolean;
template <>
inline constexpr Oid oid_of<Written> = oid::bytes;
template <>
inline constexpr Oid oid_of<std::int64_t> = oid::integer;
template <>
inline constexpr Oid oid_of<int> = oid::integer;
template <>
inline constexpr Oid oid_of<Time> = oid::integer;
template <>
inline constexpr Oid oid_of<double> = oid::real;
template <class Tag>
inline constexpr Oid oid_of<Id<Tag>> = oid::uuid;

Parameter parameter(std::int64_t);
Parameter parameter(double);
Parameter parameter(const std::string&);  ///< throws UnstorableText
Parameter parameter(std::span<const std::int64_t>);
Parameter parameter(std::span<const uploads::Stage>);
Parameter uuid_parameter(const std::string& text);

inline Parameter parameter(int value) { return parameter(std::int64_t{value}); }
inline Parameter parameter(bool value) { return {oid::boolean, std::string(1, value ? '\1' : '\0'), false}; }
inline Parameter parameter(Time time) {
  return parameter(static_cast<std::int64_t>(time.time_since_epoch().count()));
}
inline Parameter parameter(Written written) { return {oid::bytes, written.bytes, false}; }
template <class Tag>
Parameter parameter(const Id<Tag>& id) {
  return uuid_parameter(id.text());
}
template <class Name>
  requires std::is_enum_v<Name>
Parameter parameter(Name name) {
  return parameter(std::string(to_string(name)));
}
template <class Value>
Parameter parameter(const std::optional<Value>& value) {
  return value ? parameter(*value) : Parameter{oid_of<Value>, std::nullopt, false};
}

/// Runs `sql` with its $1, $2, … filled in, in order.
template <class... Values>
Rows query(Connection& db, const std::string& sql, const Values&... values) {
  const std::array<Parameter, sizeof...(Values)> parameters{parameter(values)...};
  return db.run(sql, parameters);
}

/// How many rows it changed.
template <class... Values>
std::int64_t change(Connection& db, const std::string& sql, const Values&... values) {
  return std::atoll(PQcmdTuples(query(db, sql, values...).get()));
}

/// The columns of one row, read from left to right: inside braces, in the order of the fields.
class Row {
 public:
  Row(const PGresult* rows, int row) : rows_(rows), row_(row) {}

  std::int64_t integer();
  int small();
  double real();
  bool flag() { return next(oid::boolean).at(0) != '\0'; }
  std::string text() { return std::string(next(oid::text)); }
  std::string written() { return std::string(next(oid::bytes)); }
  Time time() { return Time(Duration(integer())); }
  uploads::State state() { return known(uploads::parse_state(next(oid::text))); }
  uploads::Kind kind() { return known(uploads::parse_kind(next(oid::text))); }
  uploads::Stage stage() { return known(uploads::parse_stage(next(oid::text))); }
  uploads::Priority priority() { return known(uploads::parse_priority(next(oid::text))); }
  template <class AnyId>
  AnyId id() {
    return known(AnyId::parse(uuid()));
  }
  bool is_null() const { return PQgetisnull(rows_, row_, column_) == 1; }
  void skip(int columns) { column_ += columns; }
  /// `read` (() -> Value) of the next columns, or nothing where the first of them is NULL.
  template <class Read>
  auto unless_null(int columns, Read read) {
    std::optional<std::invoke_result_t<Read>> value;
    if (is_null())
      skip(columns);
    else
      value.emplace(read());
    return value;
  }

 private:
  std::string_view next(Oid type);
  std::string uuid();
  template <class Value>
  Value known(std::optional<Value> value) const {
    if (!value) throw UnreadableRow("column " + std::to_string(column_) + " holds an unknown word");
    return *std::move(value);
  }

  const PGresult* rows_;
  int row_, column_ = 0;
};

/// All rows, each read by `read_one` (Row& -> Value).
template <class Read>
auto all_rows(const Rows& rows, Read read_one) {
  std::vector<std::invoke_result_t<Read, Row&>> all;
  const int count = PQntuples(rows.get());
  all.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    Row row(rows.get(), i);
    all.push_back(read_one(row));
  }
  return all;
}

/// The first of them, or nothing.
template <class Read>
auto first_row(const Rows& rows, Read read_one) {
  std::optional<std::invoke_result_t<Read, Row&>> found;
  if (PQntuples(rows.get()) == 0) return found;
  Row row(rows.get(), 0);
  found.emplace(read_one(row));
  return found;
}

inline bool any_row(const Rows& rows) { return PQntuples(rows.get()) > 0; }

/// As SQL takes it.
inline std::int64_t rows(std::size_t limit) { return static_cast<std::int64_t>(limit); }

}  // namespace orakgarak::storage::postgres
