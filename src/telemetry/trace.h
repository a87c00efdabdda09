#pragma once
// W3C Trace Context, level 1: who asked, carried from the request into everything that it sets in motion.
#include <string>
#include <string_view>

namespace orakgarak::telemetry {

/// "00-" + 32 hexadecimal digits + "-" + 16 + "-" + 2.
struct Trace {
  std::string traceparent;
  std::string id() const;  ///< empty where there is none
};

/// Goes on with the trace of a valid `incoming` field, under a span of our own; else begins a new one, not
/// sampled.
Trace begin_trace(std::string_view incoming);

/// Of a stored or received traceparent; empty where it is none.
std::string trace_id_of(std::string_view traceparent);
std::string span_id_of(std::string_view traceparent);

}  // namespace orakgarak::telemetry
