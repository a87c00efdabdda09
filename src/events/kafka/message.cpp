#include "events/kafka/message.h"

#include <algorithm>

namespace orakgarak::events {
namespace {

/// "00-" and 32 digits, "-", 16 digits, "-", 2 digits.
bool is_traceparent(std::string_view text) {
  constexpr std::string_view form = "hh-hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-hhhhhhhhhhhhhhhh-hh";
  return std::ranges::equal(text, form, [](char c, char wanted) {
    return wanted == '-' ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

}  // namespace

std::string_view traceparent_of(std::string_view envelope) {
  // No parser is needed: within a string of JSON, the quotes would be escaped.
  constexpr std::string_view name = R"("traceparent":")";
  const std::size_t found = envelope.find(name);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = envelope.substr(found + name.size());
  const std::string_view value = rest.substr(0, rest.find('"'));
  return is_traceparent(value) ? value : std::string_view{};
}

}  // namespace orakgarak::events
