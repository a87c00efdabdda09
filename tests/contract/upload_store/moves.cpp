// Rows, transitions, history and reports.
#include "suite.h"

namespace orakgarak::uploads {
namespace {

using enum State;
using namespace std::string_literals;

TEST_P(UploadStoreContract, AnInsertedUploadIsFoundAsItWasDeclared) {
  const NewUpload made = declared(owner);
  ok(store().insert(made));
  const Upload found = ok(store().find(made.id));
  EXPECT_EQ(found.owner, owner);
  EXPECT_EQ(found.kind, Kind::take);
  EXPECT_EQ(found.declared.file_name, made.declared.file_name);
  EXPECT_EQ(found.declared.sha256, made.declared.sha256);
  EXPECT_EQ(found.declared.size, 1234U);
  EXPECT_EQ(found.declared.content_type, "audio/webm");
  EXPECT_EQ(found.object_key, made.object_key);
  EXPECT_EQ(found.object_version, "");
  EXPECT_EQ(found.state, pending);
  EXPECT_EQ(found.version, 1);
  EXPECT_EQ(found.created, noon);
  EXPECT_EQ(found.expires, noon + hours{24});
  EXPECT_EQ(found.traceparent, made.traceparent);
  EXPECT_FALSE(found.failure || found.gone);
}

TEST_P(UploadStoreContract, TheBackingOfATakeIsKept) {
  NewUpload made = declared(owner);
  made.declared.backing = Backing{std::string(64, 'b'), Seconds(-1.25)};
  ok(store().insert(made));
  const auto backing = ok(store().find(made.id)).declared.backing;
  ASSERT_TRUE(backing);
  EXPECT_EQ(backing->sha256, made.declared.backing->sha256);
  EXPECT_EQ(backing->started.value, -1.25);
  EXPECT_FALSE(new_upload().declared.backing);
}

TEST_P(UploadStoreContract, TextFromOutsideIsKeptByteForByte) {
  NewUpload made = declared(owner);
  made.declared.file_name = "a'); DROP TABLE uploads;--\0\n\xF0\x9F\x8E\xA4"s;
  ok(store().insert(made));
  EXPECT_EQ(ok(store().find(made.id)).declared.file_name, made.declared.file_name);
}

TEST_P(UploadStoreContract, TheSameIdOrObjectKeyIsNotInsertedTwice) {
  const NewUpload made = declared(owner);
  ok(store().insert(made));
  const std::string before = seen(made.id);
  EXPECT_EQ(code_of(store().insert(made)), "exists");
  NewUpload other = declared(owner);
  other.object_key = made.object_key;
  EXPECT_EQ(code_of(store().insert(other)), "exists");
  EXPECT_EQ(seen(made.id), before);
}

TEST_P(UploadStoreContract, WhatIsNotThereIsNotFound) {
  const auto id = UploadId::make(noon);
  EXPECT_EQ(code_of(store().find(id)), "no_such_upload");
  EXPECT_EQ(code_of(store().history(id)), "no_such_upload");
  EXPECT_EQ(code_of(store().report(id)), "no_report");
  EXPECT_EQ(code_of(store().erase(id, noon)), "no_such_upload");
  EXPECT_EQ(code_of(store().jobs(id)), "no_such_upload");
  EXPECT_EQ(code_of(store().strike(id, {})), "no_such_upload");
  EXPECT_EQ(code_of(store().set_multipart(id, "", "m")), "no_such_upload");
  EXPECT_EQ(code_of(store().enqueue(id, a_job(Stage::check), noon)), "no_such_upload");
  EXPECT_EQ(code_of(store().mark_gone(id, noon)), "no_such_upload");
  Move move = step(new_upload(), uploaded);
  move.upload = id;
  EXPECT_EQ(code_of(store().move(move)), "no_such_upload");
}

/// An upload of this medium in the state from which `t` leaves, failed in the stage to which it leads back.
Upload ready_for(UploadStore& store, const Transition& t, Kind kind) {
  if (!t.redrive) return bring_to(store, t.from, kind);
  for (const State from : {pending, uploaded, voice_analyzing, thumbnail_generating}) {
    const Medium medium = medium_of(kind);
    if (!may_move(medium, from, failed)) continue;
    const Upload upload = bring_to(store, from, kind);
    const Move move = step(upload, failed);
    if (queued_for(move.failure->stage) == t.to) return ok(store.move(move));
  }
  throw std::logic_error("no way to this redrive");
}

TEST_P(UploadStoreContract, EveryTransitionOfTheTableWritesHistoryOwnerEventAndOutbox) {
  for (const Transition& t : transitions())
    for (const Kind kind : {Kind::take, Kind::album_cover}) {
      if (!(medium_of(kind) == Medium::audio ? t.audio : t.image)) continue;
      SCOPED_TRACE(std::string(to_string(t.from)) + " to " + std::string(to_string(t.to)));
      const Upload before = ready_for(store(), t, kind);
      publish_all();
      const std::size_t events = ok(store().owner_events(before.owner, 0, all)).size();
      const Upload after = ok(store().move(step(before, t.to)));
      EXPECT_EQ(after.state, t.to);
      EXPECT_EQ(after.version, before.version + 1);
      EXPECT_EQ(after.failure.has_value(), t.to == failed);
      EXPECT_EQ(ok(store().find(before.id)).version, after.version);

      const auto history = ok(store().history(before.id));
      ASSERT_EQ(history.size(), static_cast<std::size_t>(after.version));
      EXPECT_EQ(history.back().from, t.from);
      EXPECT_EQ(history.back().to, t.to);
      EXPECT_EQ(history.back().version, after.version);
      const auto owners = ok(store().owner_events(before.owner, 0, all));
      ASSERT_EQ(owners.size(), events + 1);
      EXPECT_EQ(owners.back().entry.to, t.to);
      EXPECT_EQ(due(), std::vector{"orakgarak.upload.state_changed " + before.id.text()});
    }
}

TEST_P(UploadStoreContract, AMoveThatIsNotInTheTableIsRefusedAndLeavesNothingBehind) {
  for (const Kind kind : {Kind::take, Kind::album_cover})
    for (int from = 0; from < state_count; ++from) {
      const auto state = static_cast<State>(from);
      const bool audio_only = state > uploaded && state < image_optimizing;
      const bool image_only = state == image_optimizing || state == thumbnail_generating;
      if (medium_of(kind) == Medium::audio ? image_only : audio_only) continue;
      const Upload upload = in_state(state, kind);
      publish_all();
      const std::string before = seen(upload.id);
      for (int i = 0; i < state_count; ++i) {
        const auto to = static_cast<State>(i);
        const bool redrive = state == failed && queued_for(upload.failure->stage) == to;
        if (may_move(medium_of(kind), state, to) || redrive) continue;
        EXPECT_EQ(code_of(store().move(step(upload, to))), "illegal_move") << from << " to " << i;
      }
      EXPECT_EQ(seen(upload.id), before);
    }
}

TEST_P(UploadStoreContract, AMoveWithTheWrongThingsIsRefused) {
  const Upload upload = new_upload();
  const std::string before = seen(upload.id);
  Move move = step(upload, uploaded);
  move.object_version.reset();
  EXPECT_EQ(code_of(store().move(move)), "illegal_move");
  move = step(upload, failed);
  move.failure.reset();
  EXPECT_EQ(code_of(store().move(move)), "illegal_move");
  move = step(upload, expired);
  move.failure = because(Stage::check);
  EXPECT_EQ(code_of(store().move(move)), "illegal_move");
  move = step(upload, expired);
  move.next = a_job(Stage::check);
  EXPECT_EQ(code_of(store().move(move)), "illegal_move");
  EXPECT_EQ(seen(upload.id), before);
}

TEST_P(UploadStoreContract, AMoveWithAStaleVersionIsAConflictAndLeavesNothingBehind) {
  const Upload seen_first = new_upload();
  ok(store().move(step(seen_first, uploaded)));
  const std::string before = seen(seen_first.id);
  Move stale = step(seen_first, failed);
  stale.report = Report{"{}", 1};
  EXPECT_TRUE(is_conflict(store().move(stale)));
  EXPECT_EQ(code_of(store().move(stale)), "stale_version");
  stale.version = 2;  // the right version, but another state
  EXPECT_EQ(code_of(store().move(stale)), "stale_version");
  EXPECT_EQ(seen(seen_first.id), before);
}

TEST_P(UploadStoreContract, AThousandTimesTheSameMoveIsOneTransition) {
  const Move move = step(new_upload(), uploaded);
  int done = 0;
  for (int i = 0; i < 1000; ++i) done += store().move(move) ? 1 : 0;
  EXPECT_EQ(done, 1);
  EXPECT_EQ(ok(store().history(move.upload)).size(), 2U);
  EXPECT_EQ(due().size(), 2U);
}

TEST_P(UploadStoreContract, TheCheckedVersionOfTheObjectIsKept) {
  EXPECT_EQ(in_state(audio_converting).object_version, "etag-1");
  const Upload failed_later = in_state(failed);
  EXPECT_EQ(ok(store().move(step(failed_later, uploaded))).object_version, "etag-1");
}

TEST_P(UploadStoreContract, AFailureIsKeptWhileTheUploadIsFailed) {
  const Upload upload = ok(store().find(in_state(failed).id));
  EXPECT_EQ(upload.failure->stage, Stage::convert);
  EXPECT_EQ(upload.failure->code, "not_audio");
  EXPECT_EQ(upload.failure->detail, because(Stage::convert).detail);
  EXPECT_TRUE(upload.failure->retry_can_help);
  ok(store().move(step(upload, uploaded)));
  EXPECT_FALSE(ok(store().find(upload.id)).failure);
}

TEST_P(UploadStoreContract, AReportComesWithItsMoveAndReplacesTheOlder) {
  const Upload upload = in_state(voice_analyzing);
  EXPECT_EQ(code_of(store().report(upload.id)), "no_report");
  Move move = step(upload, voice_analyzed);
  move.report = Report{R"({"take":1})", 1};
  const Upload analyzed = ok(store().move(move));
  EXPECT_EQ(ok(store().report(upload.id)), R"({"take":1})");
  move = step(analyzed, completed);
  move.report = Report{R"({"take":2})", 1};
  ok(store().move(move));
  EXPECT_EQ(ok(store().report(upload.id)), R"({"take":2})");
}

TEST_P(UploadStoreContract, AListIsNewestFirstAndGoesOnFromAnyId) {
  std::vector<UploadId> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(ok(store().insert(declared(owner, Kind::take, noon + seconds{i}))).id);
  const auto first = ok(store().list({.owner = owner, .state = {}, .kind = {}}, std::nullopt, 2));
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].id, ids[4]);
  EXPECT_EQ(first[1].id, ids[3]);
  ok(store().erase(ids[3], noon));
  const auto second = ok(store().list({.owner = owner, .state = {}, .kind = {}}, ids[3], 10));
  ASSERT_EQ(second.size(), 3U);
  EXPECT_EQ(second[0].id, ids[2]);
}

TEST_P(UploadStoreContract, AListHoldsToItsFilter) {
  new_upload();
  in_state(uploaded, Kind::album_cover);
  bring_to(store(), uploaded);  // somebody else's
  const auto count = [&](const UploadFilter& filter) { return ok(store().list(filter, {}, all)).size(); };
  EXPECT_EQ(count({}), 3U);
  EXPECT_EQ(count({.owner = owner, .state = {}, .kind = {}}), 2U);
  EXPECT_EQ(count({.owner = {}, .state = uploaded, .kind = {}}), 2U);
  EXPECT_EQ(count({.owner = {}, .state = {}, .kind = Kind::take}), 2U);
  EXPECT_EQ(count({.owner = owner, .state = uploaded, .kind = Kind::album_cover}), 1U);
  EXPECT_EQ(count({.owner = owner, .state = uploaded, .kind = Kind::take}), 0U);
}

TEST_P(UploadStoreContract, OwnerEventsAreOfOneOwnerAndGoOnAfterASequence) {
  in_state(audio_converting);
  in_state(failed);
  bring_to(store(), completed);
  const auto events = ok(store().owner_events(owner, 0, all));
  ASSERT_EQ(events.size(), 6U);
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].sequence, static_cast<int>(i) + 1);
  EXPECT_FALSE(events[0].entry.from);
  EXPECT_EQ(events[1].entry.from, pending);
  const auto rest = ok(store().owner_events(owner, 4, 1));
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].sequence, 5);
  EXPECT_TRUE(ok(store().owner_events(owner, 6, all)).empty());
}

TEST_P(UploadStoreContract, AnErasedUploadsSequenceNumbersAreNotGivenAgain) {
  ok(store().erase(in_state(uploaded).id, noon));
  new_upload();
  const auto events = ok(store().owner_events(owner, 0, all));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].sequence, 3);
}

TEST_P(UploadStoreContract, ReopeningFindsEverything) {
  const Upload upload = in_state(audio_converting);
  const Claim held = running(upload, Stage::convert);
  const std::string before = seen(upload.id);
  opened.reset();
  opened = place->open();
  EXPECT_EQ(seen(upload.id), before);
  EXPECT_EQ(code_of(store().renew(held, noon + hours{1})), "no error");
}

}  // namespace
}  // namespace orakgarak::uploads
