#include <algorithm>

#include "http/paging.h"
#include "http/problem.h"
#include "http/routes.h"

namespace orakgarak::http {
namespace {

/// Where the stream begins: after the event that the client saw last, or else now. A browser that comes back
/// asks the address it first had, with its field beside it: the field counts.
Result<std::int64_t> beginning(Service& service, const Call& call) {
  auto query = call.query;
  constexpr std::int64_t nowhere = -1;
  const auto after = query.integer_or("after", nowhere, 0, INT64_MAX);
  if (query.error()) return std::unexpected(*query.error());
  if (const auto last = call.head.fields.get("Last-Event-ID"); last && !last->empty()) {
    const auto sequence = parse_integer(*last);
    if (!sequence || *sequence < 0)
      return rejected("bad_request", "Last-Event-ID has to be the id of an event: a whole number.");
    return *sequence;
  }
  return after != nowhere ? Result<std::int64_t>(after) : service.uploads.last_sequence(call.owner());
}

}  // namespace

Result<net::Response> event_stream(Service& service, const Call& call) {
  const auto after = beginning(service, call);
  if (!after) return std::unexpected(after.error());
  const auto& caller = *call.caller;
  auto stream = service.events.open(call.owner(), caller.token_hash, caller.session.expires, *after);
  if (!stream) return too_many(stream.error().code, stream.error().detail, 5, call.head.trace.id());
  net::Response response;
  response.fields = {{"Content-Type", "text/event-stream"},
                     {"Cache-Control", "no-store"},
                     {"X-Accel-Buffering", "no"}};  // nginx: hold nothing back
  response.body = std::move(*stream);
  return response;
}

Result<net::Response> transitions(Service& service, const Call& call) {
  auto query = call.query;
  if (!query.one("after"))
    query.fault("after", "given: the sequence number of the last transition seen, or 0");
  const auto after = query.integer_or("after", 0, 0, INT64_MAX);
  const auto limit = limit_of(service, query);
  if (query.error()) return std::unexpected(*query.error());
  const auto events = service.uploads.owner_events(call.owner(), after, limit);
  if (!events) return std::unexpected(events.error());
  return items_response(*events, event_json);
}

}  // namespace orakgarak::http
