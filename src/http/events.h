#pragma once
// Server-sent events: every transition of one's uploads, once and in order. The table is the truth; a wake-up
// only says whose events to read. Clients of one person share one read, and no client has a thread.
//
// An event is "id: SEQUENCE", "event: transition", "data: {…}" as Event of docs/openapi.yaml. A client that
// does not read fast enough is closed (net::StreamSink) and comes back with Last-Event-ID.
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "net/http.h"
#include "people/people.h"
#include "uploads/store.h"

namespace orakgarak::http {

struct EventHubOptions {
  int most_per_person = 4;
  Duration heartbeat = std::chrono::seconds(15);
  Duration look_again = std::chrono::seconds(1);  ///< after a read that failed
  std::size_t at_once = 200;                      ///< events of one read
};

class EventHub {
 public:
  explicit EventHub(uploads::UploadStore& store, EventHubOptions options = {});
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  /// A stream that begins after `sequence` and ends with the session. Errors: retry "too_many_streams".
  Result<net::StreamBody> open(const uploads::OwnerId& owner, const std::string& session, Time expires,
                               std::int64_t sequence);

  /// This person's uploads have moved. Safe from any thread, never blocks.
  void wake(const uploads::OwnerId& owner);
  /// Anybody's may have.
  void wake_all();
  /// Ends the streams of one session, of a person, of all.
  void close_session(const std::string& session);
  void close_person(const uploads::OwnerId& owner);
  void close_all();

  /// Reads for those who were woken and are not read for yet, beats, and closes what has expired. One thread
  /// calls it, again and again: run() does.
  void step(Time now);
  /// step() whenever woken and at least once a second, until `stop`.
  void run(const std::function<bool()>& stop, const Clock& clock);

  std::size_t clients() const;
  /// Streams that were closed because what was written was not taken, since the start.
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Client;
  struct State;
  void read_for(const uploads::OwnerId& owner, Time now);
  std::shared_ptr<State> state_;  ///< outlives us where a stream does
  uploads::UploadStore& store_;
  const EventHubOptions options_;
  std::atomic<std::uint64_t> dropped_ = 0;
  Time look_at_all_{};  ///< when step() looks next at everybody, not only at those who were woken
};

/// One event as it goes over the line.
std::string event_text(const uploads::OwnerEvent& event);

}  // namespace orakgarak::http
