#include "suite.h"

#include <latch>
#include <nlohmann/json.hpp>
#include <thread>

namespace orakgarak::uploads {
namespace {

using enum State;

/// The states on the way to `state`, itself the last.
std::vector<State> way_to(State state, Kind kind) {
  if (state == pending) return {};
  if (state == expired) return {expired};
  if (state == failed) return {uploaded, failed};
  std::vector<State> way =
      medium_of(kind) == Medium::audio
          ? std::vector{uploaded,        audio_converting, audio_converted, voice_analysis_pending,
                        voice_analyzing, voice_analyzed,   completed}
          : std::vector{uploaded, image_optimizing, thumbnail_generating, completed};
  const auto last = std::ranges::find(way, state);
  if (last == way.end()) throw std::logic_error("no such way");
  way.erase(last + 1, way.end());
  return way;
}

Stage stage_at(State state) {
  switch (state) {
    case pending:
      return Stage::check;
    case voice_analysis_pending:
    case voice_analyzing:
    case voice_analyzed:
      return Stage::analyze;
    case image_optimizing:
      return Stage::optimize;
    case thumbnail_generating:
      return Stage::thumbnail;
    default:
      return Stage::convert;
  }
}

}  // namespace

NewUpload declared(const OwnerId& owner, Kind kind, Time now) {
  const auto id = UploadId::make(now);
  return {.id = id,
          .owner = owner,
          .kind = kind,
          .declared = {"audio/webm", 1234, std::string(64, 'a'), "My song \xEB\x85\xB8\xEB\x9E\x98.webm"},
          .object_key = "originals/" + id.text(),
          .now = now,
          .expires = now + hours{24},
          .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
}

NewJob a_job(Stage stage, Priority priority, Time run_after) {
  return {JobId::make(noon), stage, priority, run_after};
}

Failure because(Stage stage, std::string code) {
  return {stage, std::move(code), "This file is no recording: send another.", true};
}

Move step(const Upload& upload, State to) {
  Move move{.upload = upload.id,
            .version = upload.version,
            .from = upload.state,
            .to = to,
            .now = noon,
            .why = "step",
            .object_version = {},
            .failure = {},
            .report = {},
            .by = nullptr,
            .job_done = false,
            .next = {}};
  if (upload.state == pending && to == uploaded) move.object_version = "etag-1";
  if (to == failed) move.failure = because(stage_at(upload.state));
  return move;
}

Upload bring_to(UploadStore& store, State state, Kind kind, const OwnerId& owner) {
  Upload upload = ok(store.insert(declared(owner, kind)));
  for (const State next : way_to(state, kind)) upload = ok(store.move(step(upload, next)));
  return upload;
}

void in_threads(Place& place, UploadStore& shared, int count,
                const std::function<void(UploadStore&, int)>& body) {
  std::latch start(count);
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      const auto own = i % 2 == 0 ? nullptr : place.open();
      start.arrive_and_wait();
      try {
        body(own ? *own : shared, i);
      } catch (const std::exception& thrown) {
        ADD_FAILURE() << "thread " << i << ": " << thrown.what();
      }
    });
}

std::optional<Claim> UploadStoreContract::claim(Stage stage, Time now, const std::string& worker) {
  const Stage stages[] = {stage};
  return ok(store().claim(stages, worker, now, now + minutes{1}));
}

Claim UploadStoreContract::running(const Upload& upload, Stage stage, Time now) {
  EXPECT_TRUE(ok(store().enqueue(upload.id, a_job(stage, Priority::live, now), now)));
  return claim(stage, now).value();
}

std::vector<std::string> UploadStoreContract::due(Time now) {
  std::vector<std::string> events;
  for (const OutboxRow& row : ok(store().outbox_due("relay", now, now + minutes{1}, all))) {
    const auto event = nlohmann::json::parse(row.envelope);
    EXPECT_EQ(event.at("subject"), row.key);
    events.push_back(event.at("type").get<std::string>() + " " + row.key);
  }
  return events;
}

void UploadStoreContract::publish_all(Time now) {
  std::vector<std::int64_t> ids;
  for (const OutboxRow& row : ok(store().outbox_due("relay", now, now + minutes{1}, all)))
    ids.push_back(row.id);
  ok(store().outbox_published(ids));
}

std::vector<std::string> UploadStoreContract::to_remove() {
  std::vector<std::string> keys;
  for (Removal& removal : ok(store().removals(noon, all))) keys.push_back(std::move(removal.object_key));
  return keys;
}

std::string UploadStoreContract::seen(const UploadId& id) {
  const Upload upload = ok(store().find(id));
  std::string text(to_string(upload.state));
  text += " v" + std::to_string(upload.version) + " " + upload.object_version + "\n";
  for (const HistoryEntry& entry : ok(store().history(id)))
    text += std::to_string(entry.version) + " " + std::string(to_string(entry.to)) + " " + entry.why + "\n";
  text += store().report(id).value_or("no report") + "\n";
  for (const OwnerEvent& event : ok(store().owner_events(upload.owner, 0, all)))
    text += std::to_string(event.sequence) + "\n";
  for (const std::string& event : due(noon + hours{1})) text += event + "\n";
  return text;
}

}  // namespace orakgarak::uploads
