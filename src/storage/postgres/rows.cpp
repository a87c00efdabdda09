#include "storage/postgres/rows.h"

#include <bit>

#include "net/text.h"

namespace orakgarak::storage::postgres {
namespace {

/// Big-endian, as the wire has it.
std::string eight_bytes(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i)
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(static_cast<unsigned char>(value >> (56 - 8 * i)));
  return bytes;
}

std::uint64_t from_eight_bytes(std::string_view bytes) {
  if (bytes.size() != 8) throw UnreadableRow("a number is not of eight bytes");
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

}  // namespace

Parameter parameter(std::int64_t value) {
  return {oid::integer, eight_bytes(static_cast<std::uint64_t>(value)), false};
}

Parameter parameter(double value) {
  return {oid::real, eight_bytes(std::bit_cast<std::uint64_t>(value)), false};
}

Parameter parameter(const std::string& text) {
  if (text.find('\0') != std::string::npos || !net::is_utf8(text))
    throw UnstorableText("a text holds a NUL byte or is no UTF-8");
  return {oid::text, text, false};
}

Parameter parameter(std::span<const std::int64_t> values) {
  std::string array = "{";
  for (const std::int64_t value : values)
    array.append(array.size() > 1 ? "," : "").append(std::to_string(value));
  return {oid::integers, array + "}", true};
}

Parameter parameter(std::span<const uploads::Stage> stages) {
  std::string array = "{";
  for (const auto stage : stages) array.append(array.size() > 1 ? "," : "").append(to_string(stage));
  return {oid::texts, array + "}", true};
}

Parameter uuid_parameter(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    if (text[i] == '-') ++i;
    bytes += static_cast<char>(static_cast<unsigned char>(digit(text[i]) * 16 + digit(text[i + 1])));
  }
  return {oid::uuid, std::move(bytes), false};
}

std::string_view Row::next(Oid type) {
  if (PQftype(rows_, column_) != type)
    throw UnreadableRow("column " + std::to_string(column_) + " is of another type");
  if (is_null()) throw UnreadableRow("column " + std::to_string(column_) + " is empty");
  const auto size = static_cast<std::size_t>(PQgetlength(rows_, row_, column_));
  return {PQgetvalue(rows_, row_, column_++), size};
}

std::int64_t Row::integer() { return static_cast<std::int64_t>(from_eight_bytes(next(oid::integer))); }

int Row::small() {
  const std::int64_t value = integer();
  if (value != static_cast<int>(value)) throw UnreadableRow("a number is too large");
  return static_cast<int>(value);
}

double Row::real() { return std::bit_cast<double>(from_eight_bytes(next(oid::real))); }

std::string Row::uuid() {
  std::string text;
  for (const char byte : next(oid::uuid)) {
    if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) text += '-';
    text += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

}  // namespace orakgarak::storage::postgres
