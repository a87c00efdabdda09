#pragma once
// Values of the program in and out of SQL. Times are microseconds, enums and ids text.
#include <SQLiteCpp/SQLiteCpp.h>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "storage/sqlite/database.h"
#include "uploads/upload.h"

namespace orakgarak::storage {

inline void bind_value(SQLite::Statement& statement, int index, std::int64_t value) {
  statement.bind(index, value);
}
inline void bind_value(SQLite::Statement& statement, int index, int value) { statement.bind(index, value); }
inline void bind_value(SQLite::Statement& statement, int index, double value) {
  statement.bind(index, value);
}
inline void bind_value(SQLite::Statement& statement, int index, Time time) {
  statement.bind(index, static_cast<std::int64_t>(time.time_since_epoch().count()));
}
inline void bind_value(SQLite::Statement& statement, int index, const std::string& text) {
  statement.bind(index, text);
}
template <class Tag>
void bind_value(SQLite::Statement& statement, int index, const Id<Tag>& id) {
  statement.bind(index, id.text());
}
template <class Name>
  requires std::is_enum_v<Name>
void bind_value(SQLite::Statement& statement, int index, Name name) {
  statement.bind(index, std::string(uploads::to_string(name)));
}
template <class Value>
void bind_value(SQLite::Statement& statement, int index, const std::optional<Value>& value) {
  if (value)
    bind_value(statement, index, *value);
  else
    statement.bind(index);
}

/// `sql` with its question marks filled in, in order.
template <class... Values>
SQLite::Statement prepare(SQLite::Database& db, const char* sql, const Values&... values) {
  SQLite::Statement statement(db, sql);
  [[maybe_unused]] int index = 0;
  (bind_value(statement, ++index, values), ...);
  return statement;
}

/// Runs it; how many rows it changed.
template <class... Values>
int change(SQLite::Database& db, const char* sql, const Values&... values) {
  return prepare(db, sql, values...).exec();
}

/// The columns of one row, read from left to right: inside braces, in the order of the fields.
class Row {
 public:
  explicit Row(SQLite::Statement& statement) : statement_(statement) {}

  std::int64_t integer() { return next().getInt64(); }
  int small() { return next().getInt(); }
  double real() { return next().getDouble(); }
  bool flag() { return next().getInt() != 0; }
  std::string text() { return next().getString(); }
  Time time() { return Time(Duration(integer())); }
  uploads::State state() { return known(uploads::parse_state(text())); }
  uploads::Kind kind() { return known(uploads::parse_kind(text())); }
  uploads::Stage stage() { return known(uploads::parse_stage(text())); }
  uploads::Priority priority() { return known(uploads::parse_priority(text())); }
  template <class AnyId>
  AnyId id() {
    return known(AnyId::parse(text()));
  }
  bool is_null() const { return statement_.getColumn(at_).isNull(); }
  void skip(int columns) { at_ += columns; }

 private:
  SQLite::Column next() { return statement_.getColumn(at_++); }
  template <class Value>
  Value known(std::optional<Value> value) const {
    if (!value) throw UnreadableRow("column " + std::to_string(at_) + " holds an unknown word");
    return *std::move(value);
  }

  SQLite::Statement& statement_;
  int at_ = 0;
};

/// The rows that `statement` gives, each read by `read_one` (Row& -> Value).
template <class Read>
auto all_rows(SQLite::Statement statement, Read read_one) {
  std::vector<std::invoke_result_t<Read, Row&>> rows;
  while (statement.executeStep()) {
    Row row(statement);
    rows.push_back(read_one(row));
  }
  return rows;
}

/// The first of them, or nothing.
template <class Read>
auto first_row(SQLite::Statement statement, Read read_one) {
  std::optional<std::invoke_result_t<Read, Row&>> found;
  if (!statement.executeStep()) return found;
  Row row(statement);
  found.emplace(read_one(row));
  return found;
}

}  // namespace orakgarak::storage
