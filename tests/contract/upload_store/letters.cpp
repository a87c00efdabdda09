// Dead letters and what people decide on them.
#include "suite.h"

namespace orakgarak::uploads {
namespace {

using enum State;

const Decision by_kim{"kim", "the disk was full", noon + hours{2}};

class Buried {
 public:
  explicit Buried(UploadStore& store, const Upload& upload, const Claim& claim) : job(claim.job.id) {
    ok(store.bury(claim, upload.version, because(claim.job.stage, "decoder_died"), noon));
  }
  JobId job;
};

TEST_P(UploadStoreContract, BuryMakesTheUploadFailedWithALetterAndAnEvent) {
  const Upload upload = in_state(audio_converting);
  const Claim last = running(upload, Stage::convert);
  publish_all();
  Buried(store(), upload, last);
  const Upload after = ok(store().find(upload.id));
  EXPECT_EQ(after.state, failed);
  EXPECT_EQ(after.failure->stage, Stage::convert);
  EXPECT_EQ(after.failure->code, "decoder_died");
  EXPECT_EQ(ok(store().history(upload.id)).back().why, "failed: decoder_died");
  EXPECT_EQ(ok(store().history(upload.id)).back().attempt, 1);
  EXPECT_EQ(due(), (std::vector{"orakgarak.upload.state_changed " + upload.id.text(),
                                "orakgarak.job.dead " + upload.id.text()}));
  const DeadLetter letter = ok(store().dead_letter(last.job.id));
  EXPECT_EQ(letter.upload, upload.id);
  EXPECT_EQ(letter.stage, Stage::convert);
  EXPECT_EQ(letter.attempts, 1);
  EXPECT_EQ(letter.failure.code, "decoder_died");
  EXPECT_EQ(letter.failure.detail, because(Stage::convert).detail);
  EXPECT_TRUE(letter.failure.retry_can_help);
  EXPECT_EQ(letter.traceparent, upload.traceparent);
  EXPECT_EQ(letter.at, noon);
  EXPECT_EQ(code_of(store().renew(last, noon + hours{1})), "job_lost");
}

TEST_P(UploadStoreContract, BuryWithAStaleVersionLeavesNothingBehind) {
  const Upload upload = in_state(audio_converting);
  const Claim held = running(upload, Stage::convert);
  const std::string before = seen(upload.id);
  EXPECT_EQ(code_of(store().bury(held, upload.version - 1, because(Stage::convert), noon)), "stale_version");
  EXPECT_EQ(seen(upload.id), before);
  EXPECT_TRUE(ok(store().dead_letters(all)).empty());
  EXPECT_EQ(code_of(store().renew(held, noon + hours{1})), "no error");
}

TEST_P(UploadStoreContract, DeadLettersAreOldestFirst) {
  std::vector<JobId> jobs;
  for (int i = 0; i < 3; ++i) {
    const Upload upload = in_state(audio_converting);
    const Claim held = running(upload, Stage::convert);
    ok(store().bury(held, upload.version, because(Stage::convert), noon + seconds{3 - i}));
    jobs.push_back(held.job.id);
  }
  const auto letters = ok(store().dead_letters(2));
  ASSERT_EQ(letters.size(), 2U);
  EXPECT_EQ(letters[0].id, jobs[2]);
  EXPECT_EQ(letters[1].id, jobs[1]);
}

TEST_P(UploadStoreContract, ReplayQueuesTheStageAgainAndRecordsWhoAndWhy) {
  const Upload upload = in_state(voice_analyzing);
  const Buried buried(store(), upload, running(upload, Stage::analyze));
  publish_all();
  EXPECT_EQ(code_of(store().replay(buried.job, a_job(Stage::convert), by_kim)), "illegal_move");
  const NewJob again = a_job(Stage::analyze);
  const Upload after = ok(store().replay(buried.job, again, by_kim));
  EXPECT_EQ(after.state, voice_analysis_pending);
  EXPECT_FALSE(after.failure);
  EXPECT_EQ(ok(store().history(upload.id)).back().why, "redrive");
  EXPECT_EQ(ok(store().history(upload.id)).back().at, by_kim.at);
  EXPECT_EQ(due(noon + hours{2}), (std::vector{"orakgarak.upload.state_changed " + upload.id.text(),
                                               "orakgarak.job.requested " + upload.id.text()}));
  const Claim claimed = claim(Stage::analyze).value();
  EXPECT_EQ(claimed.job.id, again.id);
  EXPECT_EQ(claimed.job.attempt, 1);

  const auto decisions = ok(store().decisions(all));
  ASSERT_EQ(decisions.size(), 1U) << "and none for what was refused";
  EXPECT_EQ(decisions[0].action, "replay");
  EXPECT_EQ(decisions[0].letter, buried.job);
  EXPECT_EQ(decisions[0].stage, Stage::analyze);
  EXPECT_EQ(decisions[0].code, "decoder_died");
  EXPECT_EQ(decisions[0].decision.who, "kim");
  EXPECT_EQ(decisions[0].decision.why, "the disk was full");
  EXPECT_EQ(decisions[0].decision.at, by_kim.at);
  EXPECT_EQ(code_of(store().replay(buried.job, again, by_kim)), "no_such_letter");
  EXPECT_EQ(code_of(store().dead_letter(buried.job)), "no_such_letter");
}

TEST_P(UploadStoreContract, ARedriveByAnOperatorIsRecordedUnderItsJob) {
  const Upload upload = in_state(audio_converting);
  const Buried buried(store(), upload, running(upload, Stage::convert));
  const Upload failed = ok(store().find(upload.id));
  Move move{.upload = failed.id,
            .version = failed.version,
            .from = State::failed,
            .to = uploaded,
            .now = noon,
            .why = "redrive"};
  move.decision = by_kim;
  EXPECT_EQ(code_of(store().move(move)), "illegal_move") << "no job";
  move.next = a_job(Stage::convert);
  ok(store().move(move));
  const auto decisions = ok(store().decisions(all));
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].action, "redrive");
  EXPECT_EQ(decisions[0].letter, move.next->id);
  EXPECT_EQ(decisions[0].code, "decoder_died");
  EXPECT_EQ(decisions[0].decision.who, "kim");
  EXPECT_TRUE(ok(store().dead_letters(all)).empty()) << "its letter is settled";
}

TEST_P(UploadStoreContract, DiscardTakesTheLetterAndLeavesTheUploadFailed) {
  const Upload upload = in_state(audio_converting);
  const Buried buried(store(), upload, running(upload, Stage::convert));
  const std::string before = seen(upload.id);
  ok(store().discard(buried.job, by_kim));
  EXPECT_EQ(seen(upload.id), before);
  EXPECT_TRUE(ok(store().dead_letters(all)).empty());
  EXPECT_EQ(ok(store().decisions(all)).at(0).action, "discard");
  EXPECT_EQ(code_of(store().discard(buried.job, by_kim)), "no_such_letter");
  EXPECT_EQ(ok(store().decisions(all)).size(), 1U);
}

TEST_P(UploadStoreContract, AGoneUploadIsNeitherReplayedNorRedriven) {
  const Upload upload = in_state(audio_converting);
  const Buried buried(store(), upload, running(upload, Stage::convert));
  ok(store().mark_gone(upload.id, noon));
  const std::string before = seen(upload.id);
  EXPECT_EQ(code_of(store().replay(buried.job, a_job(Stage::convert), by_kim)), "gone");
  EXPECT_EQ(code_of(store().move(step(ok(store().find(upload.id)), uploaded))), "gone");
  EXPECT_EQ(seen(upload.id), before);
  EXPECT_TRUE(ok(store().decisions(all)).empty());
  EXPECT_TRUE(ok(store().dead_letter(buried.job)).failure.retry_can_help);
}

TEST_P(UploadStoreContract, ARedriveByItsOwnerSettlesTheLetter) {
  const Upload upload = in_state(audio_converting);
  const Buried buried(store(), upload, running(upload, Stage::convert));
  Move redrive = step(ok(store().find(upload.id)), uploaded);
  redrive.next = a_job(Stage::convert);
  ok(store().move(redrive));
  EXPECT_TRUE(ok(store().dead_letters(all)).empty());
  EXPECT_EQ(claim(Stage::convert).value().job.id, redrive.next->id);
}

}  // namespace
}  // namespace orakgarak::uploads
