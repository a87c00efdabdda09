// Erasing, expiring, removing, publishing.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "suite.h"

namespace orakgarak::uploads {
namespace {

using enum State;

/// An upload in this state of whichever medium has it, with a report where it can have one.
Upload somewhere(UploadStore& store, State state) {
  const bool image = state == image_optimizing || state == thumbnail_generating;
  return bring_to(store, state, image ? Kind::album_cover : Kind::take);
}

TEST_P(UploadStoreContract, EraseInEachStateLeavesNoTraceButRemovalsAndFencesRunningJobs) {
  for (int i = 0; i < state_count; ++i) {
    const Upload upload = somewhere(store(), static_cast<State>(i));
    SCOPED_TRACE(std::string(to_string(upload.state)));
    const Claim held = running(upload, Stage::check);
    ok(store().enqueue(upload.id, a_job(Stage::convert, Priority::batch, noon + hours{1}), noon));
    ASSERT_GT(place->tables_mentioning(upload.id.text()).size(), 3U);
    ok(store().erase(upload.id, noon));
    EXPECT_EQ(place->tables_mentioning(upload.id.text()), std::vector<std::string>{"removals"});
    EXPECT_TRUE(place->tables_mentioning(upload.declared.file_name).empty());
    EXPECT_EQ(code_of(store().find(upload.id)), "no_such_upload");
    EXPECT_EQ(code_of(store().renew(held, noon + hours{1})), "job_lost");
    EXPECT_EQ(code_of(store().retry(held, noon, because(Stage::check), noon)), "job_lost");
    EXPECT_EQ(code_of(store().bury(held, upload.version, because(Stage::check), noon)), "job_lost");
    Move move = step(upload, uploaded);
    move.by = &held;
    EXPECT_EQ(code_of(store().move(move)), "no_such_upload");
    const std::string derived = "derived/" + upload.id.text() + "/";
    EXPECT_EQ(to_remove(), (std::vector{upload.object_key, derived}));
    ok(store().removed(upload.object_key));
    ok(store().removed(upload.object_key));
    ok(store().removed(derived));
    EXPECT_TRUE(place->tables_mentioning(upload.id.text()).empty());
  }
}

TEST_P(UploadStoreContract, EraseTakesReportAndLetterAndLeavesTheDecision) {
  const Upload analyzing = in_state(voice_analyzing);
  Move move = step(analyzing, voice_analyzed);
  move.report = Report{R"({"lowest":"A2"})", 1};
  const Upload upload = ok(store().move(move));
  const Claim held = running(upload, Stage::analyze);
  ok(store().bury(held, upload.version, because(Stage::analyze), noon));
  const Upload redriven = ok(store().replay(held.job.id, a_job(Stage::analyze), {"kim", "try again", noon}));
  const Claim again = claim(Stage::analyze).value();
  ok(store().bury(again, redriven.version, because(Stage::analyze), noon));
  ok(store().erase(upload.id, noon));
  EXPECT_EQ(place->tables_mentioning(upload.id.text()), std::vector<std::string>{"removals"});
  EXPECT_TRUE(place->tables_mentioning("A2").empty());
  EXPECT_TRUE(ok(store().dead_letters(all)).empty());
  EXPECT_EQ(ok(store().decisions(all)).at(0).letter, held.job.id);
}

TEST_P(UploadStoreContract, EraseOfOneLeavesTheOthers) {
  const Upload kept = in_state(audio_converting);
  const Claim held = running(kept, Stage::convert);
  publish_all();
  const std::string before = seen(kept.id);
  ok(store().erase(in_state(completed).id, noon));
  EXPECT_EQ(seen(kept.id), before + std::string());
  EXPECT_EQ(code_of(store().renew(held, noon + hours{1})), "no error");
}

TEST_P(UploadStoreContract, PendingUploadsExpireUnlessSomethingIsStillDoneForThem) {
  const Upload waiting = new_upload(), checked = new_upload();
  in_state(uploaded);
  const Claim held = running(checked, Stage::check);
  EXPECT_TRUE(ok(store().due_to_expire(noon + hours{24} - Duration{1}, all)).empty());
  auto due = ok(store().due_to_expire(noon + hours{24}, all));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].id, waiting.id);
  ok(store().finish(held, std::nullopt, noon));
  EXPECT_EQ(ok(store().due_to_expire(noon + hours{24}, all)).size(), 2U);
  EXPECT_EQ(ok(store().due_to_expire(noon + hours{24}, 1)).size(), 1U);
}

TEST_P(UploadStoreContract, OnlyFailedAndExpiredUploadsAreCleanedAndOnce) {
  for (int i = 0; i < state_count; ++i) somewhere(store(), static_cast<State>(i));
  EXPECT_TRUE(ok(store().due_to_clean(noon, all)).empty());
  const auto due = ok(store().due_to_clean(noon + Duration{1}, all));
  ASSERT_EQ(due.size(), 2U);
  for (const Upload& upload : due) {
    ok(store().mark_gone(upload.id, noon));
    ok(store().mark_gone(upload.id, noon));
    EXPECT_TRUE(ok(store().find(upload.id)).gone);
  }
  EXPECT_TRUE(ok(store().due_to_clean(noon + hours{1}, all)).empty());
  EXPECT_EQ(to_remove().size(), 4U);
  EXPECT_EQ(ok(store().removals(noon, 1)).at(0).object_key, due[0].object_key);
  EXPECT_EQ(code_of(store().mark_gone(new_upload().id, noon)), "stale_version");
}

TEST_P(UploadStoreContract, WhatCannotBeRemovedDoesNotStandInFrontOfTheRest) {
  const Upload stuck = new_upload(), other = new_upload();
  for (const Upload& upload : {stuck, other}) ok(store().erase(upload.id, noon));
  ok(store().postpone_removal(stuck.object_key, noon + minutes{1}));
  ok(store().postpone_removal("uploads/none", noon + minutes{1}));
  EXPECT_EQ(to_remove().size(), 3U);
  EXPECT_EQ(ok(store().removals(noon + minutes{1} - Duration{1}, all)).size(), 3U);
  const auto due = ok(store().removals(noon + minutes{1}, all));
  ASSERT_EQ(due.size(), 4U);
  EXPECT_EQ(due.back().object_key, stuck.object_key) << "after those that were not tried yet";
  EXPECT_EQ(due.back().attempts, 1);
  EXPECT_EQ(due.front().attempts, 0);
  ok(store().removed(stuck.object_key));
  EXPECT_EQ(ok(store().removals(noon + minutes{1}, all)).size(), 3U);
}

TEST_P(UploadStoreContract, PendingUploadsComeAPageAtATime) {
  std::vector<UploadId> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(ok(store().insert(declared(owner, Kind::take, noon + seconds{i}))).id);
  in_state(uploaded);
  std::vector<UploadId> seen_ids;
  std::optional<UploadId> after;
  for (;;) {
    const auto page = ok(store().pending_since(noon + seconds{4}, after, 3));
    if (page.empty()) break;
    for (const Upload& upload : page) seen_ids.push_back(upload.id);
    after = seen_ids.back();
  }
  ids.pop_back();  // not before that time
  EXPECT_EQ(seen_ids, ids);
}

TEST_P(UploadStoreContract, PublishedRowsAreNotDueAgainAndLaterOnesAre) {
  new_upload();
  const auto first = ok(store().outbox_due("relay", noon, noon + minutes{1}, all));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(ok(store().outbox_due("relay", noon, noon + minutes{1}, all)).size(), 1U) << "not published yet";
  const std::int64_t ids[] = {first[0].id};
  ok(store().outbox_published(ids));
  EXPECT_TRUE(due().empty());
  new_upload();
  ok(store().outbox_published(ids));
  EXPECT_EQ(due().size(), 1U) << "a late word on an old row names no new one";
}

TEST_P(UploadStoreContract, ARowWithALowerIdThatBecomesDueLaterIsStillPublished) {
  const Upload upload = new_upload();
  publish_all();
  ok(store().enqueue(upload.id, a_job(Stage::check, Priority::live, noon + minutes{10}), noon));
  new_upload();
  EXPECT_EQ(due().size(), 1U);
  publish_all();  // a higher id than the one that waits
  EXPECT_TRUE(due(noon + minutes{10} - Duration{1}).empty());
  EXPECT_EQ(due(noon + minutes{10}), std::vector{"orakgarak.job.requested " + upload.id.text()});
}

TEST_P(UploadStoreContract, AnOutboxPageKeepsTheOrderAndTellsKeyAndPriority) {
  const Upload upload = in_state(audio_converting);
  ok(store().enqueue(upload.id, a_job(Stage::convert, Priority::batch), noon));
  const auto rows = ok(store().outbox_due("relay", noon, noon + minutes{1}, all));
  ASSERT_EQ(rows.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(nlohmann::json::parse(rows[i].envelope).at("data").at("version"), i + 1);
    EXPECT_EQ(rows[i].priority, Priority::live);
  }
  EXPECT_EQ(rows[3].priority, Priority::batch);
  EXPECT_EQ(rows[3].key, upload.id.text());
  EXPECT_EQ(ok(store().outbox_due("relay", noon, noon + minutes{1}, 2)).back().id, rows[1].id);
}

TEST_P(UploadStoreContract, TheRelayLeaseIsExclusiveUntilItEnds) {
  new_upload();
  ASSERT_EQ(ok(store().outbox_due("first", noon, noon + minutes{1}, all)).size(), 1U);
  const auto other = [&](Time now) { return store().outbox_due("second", now, now + minutes{1}, all); };
  EXPECT_EQ(code_of(other(noon + seconds{59})), "relay_held");
  EXPECT_TRUE(is_conflict(other(noon + seconds{59})));
  ok(store().outbox_due("first", noon + seconds{59}, noon + minutes{2}, all));
  EXPECT_EQ(code_of(other(noon + minutes{1})), "relay_held") << "held longer";
  EXPECT_EQ(ok(other(noon + minutes{2})).size(), 1U);
  EXPECT_EQ(code_of(store().outbox_due("first", noon + minutes{2}, noon + minutes{3}, all)), "relay_held");
}

}  // namespace
}  // namespace orakgarak::uploads
