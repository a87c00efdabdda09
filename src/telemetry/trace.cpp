#include "telemetry/trace.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace orakgarak::telemetry {
namespace {

constexpr std::size_t id_at = 3, span_at = 36, flags_at = 53, length = 55;

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f'); });
}
bool all_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

/// A later version may go on after the flags; ff is no version.
bool is_valid(std::string_view text) {
  if (text.size() < length || text[2] != '-' || text[span_at - 1] != '-' || text[flags_at - 1] != '-')
    return false;
  const auto version = text.substr(0, 2);
  if (!is_hex(version) || version == "ff") return false;
  if (version == "00" ? text.size() != length : text.size() > length && text[length] != '-') return false;
  const auto id = text.substr(id_at, 32), span = text.substr(span_at, 16);
  return is_hex(id) && !all_zero(id) && is_hex(span) && !all_zero(span) && is_hex(text.substr(flags_at, 2));
}

template <std::size_t bytes>
std::string random_hex() {
  std::array<unsigned char, bytes> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    std::abort();  // no entropy: never here
  std::string text;
  for (const auto byte : random) (text += "0123456789abcdef"[byte >> 4]) += "0123456789abcdef"[byte & 15];
  return text;
}

}  // namespace

Trace begin_trace(std::string_view incoming) {
  if (is_valid(incoming))
    return {fmt::format("00-{}-{}-{}", incoming.substr(id_at, 32), random_hex<8>(),
                        incoming.substr(flags_at, 2))};
  return {fmt::format("00-{}-{}-00", random_hex<16>(), random_hex<8>())};
}

std::string Trace::id() const { return trace_id_of(traceparent); }

std::string trace_id_of(std::string_view traceparent) {
  return is_valid(traceparent) ? std::string(traceparent.substr(id_at, 32)) : std::string();
}

std::string span_id_of(std::string_view traceparent) {
  return is_valid(traceparent) ? std::string(traceparent.substr(span_at, 16)) : std::string();
}

}  // namespace orakgarak::telemetry
