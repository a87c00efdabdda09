// Jobs: queued once, held by one, fenced by their attempt.
#include "suite.h"

namespace orakgarak::uploads {
namespace {

using enum State;

constexpr Stage every_stage[] = {Stage::check, Stage::convert, Stage::analyze, Stage::optimize,
                                 Stage::thumbnail};

TEST_P(UploadStoreContract, AThousandHintsQueueOneJob) {
  const Upload upload = new_upload();
  publish_all();
  int queued = 0;
  for (int i = 0; i < 1000; ++i) queued += ok(store().enqueue(upload.id, a_job(Stage::check), noon)) ? 1 : 0;
  EXPECT_EQ(queued, 1);
  EXPECT_EQ(due(), std::vector{"orakgarak.job.requested " + upload.id.text()});
  ASSERT_TRUE(claim(Stage::check));
  EXPECT_FALSE(ok(store().enqueue(upload.id, a_job(Stage::check), noon))) << "it runs";
  EXPECT_FALSE(claim(Stage::check));
  EXPECT_TRUE(ok(store().enqueue(upload.id, a_job(Stage::convert), noon))) << "of another stage";
}

TEST_P(UploadStoreContract, AClaimTellsTheJobAndHoldsIt) {
  const Upload upload = new_upload();
  const NewJob job = a_job(Stage::check, Priority::batch, noon - seconds{1});
  ok(store().enqueue(upload.id, job, noon));
  EXPECT_FALSE(claim(Stage::convert)) << "another stage";
  EXPECT_FALSE(ok(store().claim({}, "worker", noon, noon + minutes{1}))) << "no stage";
  const Claim held = claim(Stage::check, noon, "first").value();
  EXPECT_EQ(held.job.id, job.id);
  EXPECT_EQ(held.job.upload, upload.id);
  EXPECT_EQ(held.job.stage, Stage::check);
  EXPECT_EQ(held.job.priority, Priority::batch);
  EXPECT_EQ(held.job.attempt, 1);
  EXPECT_EQ(held.job.run_after, job.run_after);
  EXPECT_EQ(held.worker, "first");
  EXPECT_EQ(held.lease_until, noon + minutes{1});
  EXPECT_FALSE(claim(Stage::check, noon + seconds{59}, "second"));
}

TEST_P(UploadStoreContract, AJobMayBeHeldFromTheStartAndNobodyIsAskedForIt) {
  const Upload upload = in_state(audio_converted);
  const Claim converting = running(upload, Stage::convert);
  publish_all();
  Move move = step(upload, voice_analysis_pending);
  move.by = &converting;
  move.job_done = true;
  move.next = a_job(Stage::analyze);
  move.next->held = Hold{"worker", noon + minutes{1}};
  ok(store().move(move));
  EXPECT_EQ(due(), std::vector{"orakgarak.upload.state_changed " + upload.id.text()});
  EXPECT_FALSE(claim(Stage::analyze, noon + seconds{59}, "second"));
  const Claim held{
      {move.next->id, upload.id, Stage::analyze, Priority::live, 1, noon}, "worker", noon + minutes{1}};
  ok(store().renew(held, noon + minutes{2}));
  EXPECT_FALSE(claim(Stage::analyze, noon + seconds{119}, "second"));
  const Claim second = claim(Stage::analyze, noon + minutes{2}, "second").value();
  EXPECT_EQ(second.job.id, held.job.id);
  EXPECT_EQ(second.job.attempt, 2);
  EXPECT_EQ(code_of(store().renew(held, noon + hours{1})), "job_lost");
}

TEST_P(UploadStoreContract, WhatIsQueuedAlreadyIsNotHeldByWhoQueuesItAgain) {
  const Upload upload = new_upload();
  ok(store().enqueue(upload.id, a_job(Stage::check), noon));
  NewJob again = a_job(Stage::check);
  again.held = Hold{"worker", noon + minutes{1}};
  EXPECT_FALSE(ok(store().enqueue(upload.id, again, noon)));
  EXPECT_TRUE(claim(Stage::check, noon, "second"));
}

TEST_P(UploadStoreContract, LiveGoesBeforeBatchThenByRunAfter) {
  const auto queue = [&](Priority priority, Time run_after) {
    const NewJob job = a_job(Stage::check, priority, run_after);
    ok(store().enqueue(new_upload().id, job, noon));
    return job.id;
  };
  const JobId old_batch = queue(Priority::batch, noon - hours{2});
  const JobId late = queue(Priority::live, noon);
  const JobId early = queue(Priority::live, noon - hours{1});
  for (const JobId& expected : {early, late, old_batch})
    EXPECT_EQ(ok(store().claim(every_stage, "worker", noon, noon + minutes{1})).value().job.id, expected);
  EXPECT_FALSE(ok(store().claim(every_stage, "worker", noon, noon + minutes{1})));
}

TEST_P(UploadStoreContract, AJobWaitsForItsRunAfter) {
  ok(store().enqueue(new_upload().id, a_job(Stage::check, Priority::live, noon + seconds{5}), noon));
  EXPECT_FALSE(claim(Stage::check, noon + seconds{5} - Duration{1}));
  EXPECT_TRUE(claim(Stage::check, noon + seconds{5}));
}

TEST_P(UploadStoreContract, ALeaseThatEndedLetsAnotherTakeOverAndFencesTheFirst) {
  const Upload upload = in_state(audio_converting);
  const Claim first = running(upload, Stage::convert);
  const Claim second = claim(Stage::convert, noon + minutes{1}, "second").value();
  EXPECT_EQ(second.job.id, first.job.id);
  EXPECT_EQ(second.job.attempt, 2);
  publish_all();
  const std::string before = seen(upload.id);
  EXPECT_EQ(code_of(store().renew(first, noon + hours{1})), "job_lost");
  EXPECT_EQ(code_of(store().retry(first, noon, because(Stage::convert), noon)), "job_lost");
  EXPECT_EQ(code_of(store().bury(first, upload.version, because(Stage::convert), noon)), "job_lost");
  EXPECT_EQ(code_of(store().finish(first, std::nullopt, noon)), "job_lost");
  Move move = step(upload, audio_converted);
  move.by = &first;
  move.job_done = true;
  EXPECT_EQ(code_of(store().move(move)), "job_lost");
  EXPECT_TRUE(is_conflict(store().move(move)));
  EXPECT_EQ(seen(upload.id), before);
  move.by = &second;
  EXPECT_EQ(ok(store().move(move)).state, audio_converted);
  EXPECT_EQ(ok(store().history(upload.id)).back().attempt, 2);
}

TEST_P(UploadStoreContract, TheSameWorkerIsFencedFromItsOwnOlderAttempt) {
  const Claim first = running(new_upload(), Stage::check);
  ASSERT_TRUE(claim(Stage::check, noon + minutes{1}));
  EXPECT_EQ(code_of(store().renew(first, noon + hours{1})), "job_lost");
}

TEST_P(UploadStoreContract, ALeaseThatEndedButWasTakenByNobodyStillHolds) {
  const Claim held = running(new_upload(), Stage::check);
  EXPECT_EQ(code_of(store().renew(held, noon + hours{1})), "no error");
  EXPECT_FALSE(claim(Stage::check, noon + hours{1} - Duration{1}));
  EXPECT_TRUE(claim(Stage::check, noon + hours{1}));
}

TEST_P(UploadStoreContract, AClaimOfAnotherUploadMovesNothing) {
  const Claim held = running(new_upload(), Stage::check);
  Move move = step(new_upload(), uploaded);
  move.by = &held;
  EXPECT_EQ(code_of(store().move(move)), "job_lost");
}

TEST_P(UploadStoreContract, AMoveEndsItsJobAndQueuesTheNext) {
  const Upload upload = new_upload();
  const Claim check = running(upload, Stage::check);
  publish_all();
  Move move = step(upload, uploaded);
  move.by = &check;
  move.job_done = true;
  move.next = a_job(Stage::convert);
  ok(store().move(move));
  EXPECT_EQ(due(), (std::vector{"orakgarak.upload.state_changed " + upload.id.text(),
                                "orakgarak.job.requested " + upload.id.text()}));
  EXPECT_EQ(code_of(store().renew(check, noon + hours{1})), "job_lost");
  EXPECT_EQ(claim(Stage::convert).value().job.id, move.next->id);
  EXPECT_TRUE(ok(store().enqueue(upload.id, a_job(Stage::check), noon))) << "the old one has ended";
}

TEST_P(UploadStoreContract, AMoveAmidAJobKeepsIt) {
  const Upload upload = in_state(uploaded);
  const Claim convert = running(upload, Stage::convert);
  Move move = step(upload, audio_converting);
  move.by = &convert;
  ok(store().move(move));
  EXPECT_EQ(code_of(store().renew(convert, noon + hours{1})), "no error");
}

TEST_P(UploadStoreContract, ARetryKeepsTheStateAndRaisesTheAttemptAtTheNextClaim) {
  const Upload upload = in_state(audio_converting);
  const Claim first = running(upload, Stage::convert);
  publish_all();
  ok(store().retry(first, noon + seconds{5}, because(Stage::convert, "decoder_died"), noon));
  const Upload after = ok(store().find(upload.id));
  EXPECT_EQ(after.state, audio_converting);
  EXPECT_EQ(after.version, upload.version);
  EXPECT_EQ(code_of(store().renew(first, noon + hours{1})), "job_lost") << "given back";

  EXPECT_TRUE(due(noon + seconds{4}).empty());
  EXPECT_EQ(due(noon + seconds{5}), std::vector{"orakgarak.job.requested " + upload.id.text()});
  EXPECT_FALSE(claim(Stage::convert, noon + seconds{4}));
  const Claim second = claim(Stage::convert, noon + seconds{5}).value();
  EXPECT_EQ(second.job.attempt, 2);
  EXPECT_EQ(second.job.id, first.job.id);
}

TEST_P(UploadStoreContract, TheJobsOfAnUploadTellWhoHoldsThemAndWhyTheyWereGivenBack) {
  const Upload upload = in_state(audio_converting);
  EXPECT_TRUE(ok(store().jobs(upload.id)).empty());
  const Claim analyze = running(upload, Stage::analyze);
  ok(store().retry(running(upload, Stage::convert), noon + seconds{5},
                   because(Stage::convert, "decoder_died"), noon));
  running(new_upload(), Stage::check);
  const auto jobs = ok(store().jobs(upload.id));
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_EQ(jobs[0].job.stage, Stage::convert);
  EXPECT_EQ(jobs[0].job.attempt, 1);
  EXPECT_EQ(jobs[0].job.run_after, noon + seconds{5});
  EXPECT_EQ(jobs[0].worker, "");
  EXPECT_FALSE(jobs[0].lease_until);
  EXPECT_EQ(jobs[0].last_code, "decoder_died");
  EXPECT_EQ(jobs[0].last_detail, because(Stage::convert).detail);
  EXPECT_EQ(jobs[1].job.id, analyze.job.id);
  EXPECT_EQ(jobs[1].worker, "worker");
  EXPECT_EQ(jobs[1].lease_until, noon + minutes{1});
  EXPECT_EQ(jobs[1].last_code, "");
}

TEST_P(UploadStoreContract, TheBacklogTellsHowManyWaitAndForHowLong) {
  const auto empty = ok(store().backlog(noon));
  ASSERT_EQ(empty.stages.size(), std::size_t{stage_count});
  EXPECT_EQ(empty.events, 0U);
  EXPECT_FALSE(empty.first_event);
  running(new_upload(), Stage::convert);
  for (const int minute : {3, 1, 90})
    ok(store().enqueue(new_upload().id, a_job(Stage::check, Priority::live, noon + minutes{minute}), noon));
  const auto backlog = ok(store().backlog(noon + minutes{1} - Duration{1}));
  EXPECT_EQ(backlog.events, 8U);
  EXPECT_EQ(backlog.first_event, noon);
  const StageBacklog &check = backlog.stages[0], &convert = backlog.stages[1];
  EXPECT_EQ(check.stage, Stage::check);
  EXPECT_EQ(check.waiting, 3U);
  EXPECT_EQ(check.running, 0U);
  EXPECT_FALSE(check.due) << "none is due yet";
  EXPECT_EQ(convert.waiting, 0U);
  EXPECT_EQ(convert.running, 1U);
  const auto later = ok(store().backlog(noon + minutes{3}));
  EXPECT_EQ(later.stages[0].due, noon + minutes{1});
  EXPECT_EQ(later.stages[1].waiting, 1U) << "its lease has ended";
  EXPECT_EQ(later.stages[1].due, noon);
}

TEST_P(UploadStoreContract, AnEndedUploadHasNoJobs) {
  const Upload failing = new_upload(), expiring = new_upload();
  const Claim fenced = running(failing, Stage::check);
  ok(store().enqueue(failing.id, a_job(Stage::convert), noon));
  ok(store().enqueue(expiring.id, a_job(Stage::check), noon));
  ok(store().move(step(failing, failed)));
  ok(store().move(step(expiring, expired)));
  EXPECT_FALSE(ok(store().claim(every_stage, "worker", noon + hours{1}, noon + hours{2})));
  EXPECT_EQ(code_of(store().renew(fenced, noon + hours{1})), "job_lost");
}

TEST_P(UploadStoreContract, AJobThatCameTooLateFinishesWithoutATransition) {
  const Upload upload = in_state(audio_converting);
  const Claim late = running(upload, Stage::check);
  const std::string before = seen(upload.id);
  ok(store().finish(late, std::nullopt, noon));
  EXPECT_EQ(seen(upload.id), before);
  EXPECT_EQ(code_of(store().finish(late, std::nullopt, noon)), "job_lost");
  EXPECT_FALSE(claim(Stage::check, noon + hours{1}));
}

TEST_P(UploadStoreContract, ReprocessingReplacesTheReportOfACompletedUploadAndNothingElse) {
  const Upload upload = in_state(completed);
  publish_all();
  ok(store().finish(running(upload, Stage::analyze), Report{R"({"new":true})", 1}, noon));
  EXPECT_EQ(ok(store().report(upload.id)), R"({"new":true})");
  EXPECT_EQ(ok(store().find(upload.id)).version, upload.version);
  EXPECT_EQ(due(), (std::vector{"orakgarak.job.requested " + upload.id.text(),
                                "orakgarak.upload.report_replaced " + upload.id.text()}));
  const Claim again = running(upload, Stage::analyze);
  publish_all();
  ok(store().finish(again, std::nullopt, noon));
  EXPECT_EQ(ok(store().report(upload.id)), R"({"new":true})");
  EXPECT_TRUE(due().empty()) << "nothing was replaced";

  const Claim early = running(in_state(voice_analyzing), Stage::analyze);
  EXPECT_EQ(code_of(store().finish(early, Report{"{}", 1}, noon)), "illegal_move");
  EXPECT_EQ(code_of(store().renew(early, noon + hours{1})), "no error");
}

}  // namespace
}  // namespace orakgarak::uploads
