#pragma once
// An event as Kafka carries it: CloudEvents in structured mode, with its trace where tools look for it.
#include <string_view>

namespace orakgarak::events {

inline constexpr std::string_view content_type = "application/cloudevents+json";

/// The W3C traceparent that an envelope holds; empty where it has none that is well-formed.
std::string_view traceparent_of(std::string_view envelope);

}  // namespace orakgarak::events
