#include "events/kafka/message.h"

#include "telemetry/trace.h"

namespace orakgarak::events {
std::string_view traceparent_of(std::string_view envelope) {
  // No parser is needed: within a string of JSON, the quotes would be escaped.
  constexpr std::string_view name = R"("traceparent":")";
  const std::size_t found = envelope.find(name);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = envelope.substr(found + name.size());
  const std::string_view value = rest.substr(0, rest.find('"'));
  return telemetry::trace_id_of(value).empty() ? std::string_view{} : value;
}

}  // namespace orakgarak::events
