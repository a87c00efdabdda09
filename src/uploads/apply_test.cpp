#include "uploads/apply.h"

#include <gtest/gtest.h>

namespace orakgarak::uploads {
namespace {

using enum State;

const Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{12}};

Upload an_upload(State state) {
  return {.id = UploadId::make(noon),
          .owner = OwnerId::make(noon),
          .kind = Kind::take,
          .declared = {},
          .object_key = "key",
          .object_version = {},
          .state = state,
          .version = 4,
          .failure = {},
          .gone = false,
          .created = noon,
          .changed = noon,
          .expires = noon,
          .traceparent = {}};
}

Move a_move(const Upload& upload, State to) {
  return {.upload = upload.id,
          .version = upload.version,
          .from = upload.state,
          .to = to,
          .now = noon + std::chrono::seconds{1},
          .why = "test",
          .object_version = {},
          .failure = {},
          .report = {},
          .by = nullptr,
          .job_done = false,
          .next = {}};
}

Upload failed_in(Stage stage) {
  Upload upload = an_upload(failed);
  upload.failure = Failure{stage, "code", "detail", true};
  return upload;
}

std::string code(const Result<Upload>& result) { return result ? "" : result.error().code; }

TEST(Apply, AMoveChangesStateVersionAndTime) {
  const Upload before = an_upload(uploaded);
  const Upload after = apply(a_move(before, audio_converting), before).value();
  EXPECT_EQ(after.state, audio_converting);
  EXPECT_EQ(after.version, 5);
  EXPECT_EQ(after.changed, noon + std::chrono::seconds{1});
  EXPECT_EQ(after.created, noon);
}

TEST(Apply, AnotherVersionOrStateIsStaleWhateverTheMove) {
  const Upload upload = an_upload(uploaded);
  Move move = a_move(upload, completed);  // not in the table either
  move.version = 3;
  EXPECT_EQ(code(apply(move, upload)), "stale_version");
  move.version = 4;
  move.from = pending;
  EXPECT_EQ(code(apply(move, upload)), "stale_version");
  EXPECT_EQ(apply(move, upload).error().kind, ErrorKind::conflict);
}

TEST(Apply, ARedriveGoesOnlyToWhereTheFailedStageWaits) {
  for (const State to : {pending, uploaded, voice_analysis_pending}) {
    const Upload upload = failed_in(Stage::analyze);
    EXPECT_EQ(code(apply(a_move(upload, to), upload)), to == voice_analysis_pending ? "" : "illegal_move");
  }
  Upload unchecked = failed_in(Stage::check);
  EXPECT_EQ(code(apply(a_move(unchecked, uploaded), unchecked)), "illegal_move") << "it was never checked";
  EXPECT_FALSE(apply(a_move(unchecked, pending), unchecked).value().failure);
  unchecked.gone = true;
  EXPECT_EQ(code(apply(a_move(unchecked, pending), unchecked)), "gone");
}

TEST(Apply, WhatGoesWithAMoveIsNeitherMissingNorTooMuch) {
  const Upload upload = an_upload(pending);
  Move move = a_move(upload, uploaded);
  EXPECT_EQ(code(apply(move, upload)), "illegal_move") << "no object version";
  move.object_version = "etag";
  EXPECT_EQ(apply(move, upload).value().object_version, "etag");
  move.failure = Failure{};
  EXPECT_EQ(code(apply(move, upload)), "illegal_move") << "a failure that is none";
  move = a_move(upload, failed);
  EXPECT_EQ(code(apply(move, upload)), "illegal_move") << "no failure";
  move.failure = Failure{};
  EXPECT_TRUE(apply(move, upload));
  move.next = NewJob{JobId::make(noon), Stage::check, Priority::live, noon};
  EXPECT_EQ(code(apply(move, upload)), "illegal_move") << "a job after the end";
  move = a_move(upload, expired);
  move.job_done = true;
  EXPECT_EQ(code(apply(move, upload)), "illegal_move") << "which job?";
  move = a_move(upload, expired);
  move.decision = Decision{"kim", "no reason", noon};
  EXPECT_EQ(code(apply(move, upload)), "illegal_move") << "a decision where nobody decides";
}

}  // namespace
}  // namespace orakgarak::uploads
