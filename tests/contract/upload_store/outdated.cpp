// Takes that an older voice core measured, and measuring them anew beside COMPLETED uploads.
#include <algorithm>
#include <array>

#include "suite.h"

namespace orakgarak::uploads {
namespace {

using enum State;

/// A COMPLETED take with a report of this voice core.
Upload measured_by(UploadStore& store, int core, const OwnerId& owner) {
  const Upload before = bring_to(store, voice_analyzed, Kind::take, owner);
  Move move = step(before, completed);
  move.report = Report{R"({"core":)" + std::to_string(core) + "}", core};
  return ok(store.move(move));
}

std::vector<UploadId> outdated(UploadStore& store, int core, const std::optional<UploadId>& after = {}) {
  std::vector<UploadId> ids;
  for (const Upload& upload : ok(store.outdated(core, after, all))) ids.push_back(upload.id);
  return ids;
}

std::vector<UploadId> sorted(std::vector<UploadId> ids) {
  std::ranges::sort(ids);
  return ids;
}

Claim measuring(UploadStore& store, const Upload& upload) {
  ok(store.enqueue(upload.id, a_job(Stage::analyze, Priority::batch), noon));
  return ok(store.claim(std::array{Stage::analyze}, "worker", noon, noon + minutes{1})).value();
}

/// The id of its dead letter.
JobId given_up(UploadStore& store, const Upload& upload) {
  const Claim held = measuring(store, upload);
  ok(store.bury(held, upload.version, because(Stage::analyze, "decoder_died"), noon));
  return held.job.id;
}

TEST_P(UploadStoreContract, OnlyCompletedTakesOfAnOlderCoreAreOutdated) {
  const Upload old = measured_by(store(), 1, owner), older = measured_by(store(), 0, owner);
  measured_by(store(), 2, owner);
  in_state(completed, Kind::album_cover);
  in_state(voice_analyzing);
  Move halfway = step(in_state(voice_analyzing), voice_analyzed);
  halfway.report = Report{"{}", 1};
  ok(store().move(halfway));
  EXPECT_EQ(outdated(store(), 2), sorted({old.id, older.id})) << "by id";
  EXPECT_EQ(outdated(store(), 1), std::vector{older.id});
  EXPECT_TRUE(outdated(store(), 0).empty());
}

TEST_P(UploadStoreContract, OutdatedTakesComeAPageAtATimeFromAnyId) {
  std::vector<UploadId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(measured_by(store(), 1, owner).id);
  ids = sorted(ids);
  const auto first = ok(store().outdated(2, std::nullopt, 2));
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[1].id, ids[1]);
  ok(store().erase(ids[1], noon));
  EXPECT_EQ(outdated(store(), 2, ids[1]), (std::vector{ids[2], ids[3], ids[4]}));
}

TEST_P(UploadStoreContract, WhatIsQueuedRunsOrWasGivenUpIsNotListedAgainAndIsCounted) {
  const Upload queued = measured_by(store(), 1, owner), run = measured_by(store(), 1, owner),
               gone = measured_by(store(), 1, owner), left = measured_by(store(), 1, owner);
  const Upload of_another = measured_by(store(), 1, OwnerId::make(noon));
  given_up(store(), gone);
  measuring(store(), run);
  ok(store().enqueue(queued.id, a_job(Stage::analyze, Priority::batch), noon));
  EXPECT_EQ(outdated(store(), 2), sorted({left.id, of_another.id}));
  const Outdated counted = ok(store().count_outdated(2));
  EXPECT_EQ(counted.takes, 5U);
  EXPECT_EQ(counted.queued, 2U);
  EXPECT_EQ(counted.given_up, 1U);
  EXPECT_EQ(counted.owners, 2U);
  EXPECT_EQ(counted.bytes, 5U * 1234U);
  EXPECT_EQ(ok(store().count_outdated(1)).takes, 0U);
  EXPECT_EQ(ok(store().count_outdated(1)).bytes, 0U);
}

TEST_P(UploadStoreContract, ANewReportMakesATakeCurrent) {
  const Upload take = measured_by(store(), 1, owner);
  ok(store().finish(measuring(store(), take), Report{R"({"core":2})", 2}, noon));
  EXPECT_EQ(ok(store().report(take.id)), R"({"core":2})");
  EXPECT_EQ(ok(store().count_outdated(2)).takes, 0U);
  EXPECT_TRUE(outdated(store(), 2).empty());
}

TEST_P(UploadStoreContract, ATakeThatCannotBeMeasuredAnewKeepsItsReportAndItsStateAndHasALetter) {
  const Upload take = measured_by(store(), 1, owner);
  publish_all();
  const auto before = ok(store().history(take.id)).size();
  const JobId job = given_up(store(), take);
  const Upload after = ok(store().find(take.id));
  EXPECT_EQ(after.state, completed);
  EXPECT_EQ(after.version, take.version);
  EXPECT_FALSE(after.failure);
  EXPECT_EQ(ok(store().history(take.id)).size(), before);
  EXPECT_EQ(ok(store().report(take.id)), R"({"core":1})");
  EXPECT_TRUE(ok(store().jobs(take.id)).empty());
  EXPECT_EQ(due(), (std::vector{"orakgarak.job.requested " + take.id.text(),
                                "orakgarak.job.dead " + take.id.text()}));
  const DeadLetter letter = ok(store().dead_letter(job));
  EXPECT_EQ(letter.upload, take.id);
  EXPECT_EQ(letter.stage, Stage::analyze);
  EXPECT_EQ(letter.attempts, 1);
  EXPECT_EQ(letter.failure.code, "decoder_died");
}

TEST_P(UploadStoreContract, ASecondLetterOfATakeTakesThePlaceOfTheFirst) {
  const Upload take = measured_by(store(), 1, owner);
  const JobId first = given_up(store(), take), second = given_up(store(), take);
  EXPECT_EQ(code_of(store().dead_letter(first)), "no_such_letter");
  EXPECT_EQ(ok(store().dead_letter(second)).upload, take.id);
}

TEST_P(UploadStoreContract, ReplayingItsLetterQueuesTheJobBesideTheUpload) {
  const Upload take = measured_by(store(), 1, owner);
  const JobId letter = given_up(store(), take);
  publish_all();
  const NewJob again = a_job(Stage::analyze, Priority::batch);
  const Decision by_kim{"kim", "a better decoder", noon};
  EXPECT_EQ(code_of(store().replay(letter, a_job(Stage::convert), by_kim)), "illegal_move");
  const Upload after = ok(store().replay(letter, again, by_kim));
  EXPECT_EQ(after.state, completed);
  EXPECT_EQ(after.version, take.version);
  EXPECT_EQ(due(), std::vector{"orakgarak.job.requested " + take.id.text()});
  EXPECT_EQ(claim(Stage::analyze).value().job.id, again.id);
  EXPECT_TRUE(ok(store().dead_letters(all)).empty());
  ASSERT_EQ(ok(store().decisions(all)).size(), 1U);
  EXPECT_EQ(ok(store().decisions(all))[0].action, "replay");
  EXPECT_EQ(ok(store().decisions(all))[0].letter, letter);
}

TEST_P(UploadStoreContract, DiscardingItsLetterListsItAgain) {
  const Upload take = measured_by(store(), 1, owner);
  const JobId letter = given_up(store(), take);
  EXPECT_TRUE(outdated(store(), 2).empty());
  ok(store().discard(letter, {"kim", "the decoder is mended", noon}));
  EXPECT_EQ(outdated(store(), 2), std::vector{take.id});
}

TEST_P(UploadStoreContract, AnErasedTakeTakesItsLetterAlong) {
  const Upload take = measured_by(store(), 1, owner);
  const JobId letter = given_up(store(), take);
  ok(store().erase(take.id, noon));
  EXPECT_EQ(code_of(store().dead_letter(letter)), "no_such_letter");
  EXPECT_EQ(ok(store().count_outdated(2)).takes, 0U);
}

}  // namespace
}  // namespace orakgarak::uploads
