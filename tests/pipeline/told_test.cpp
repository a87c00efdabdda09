// What is told of the work: to whoever watches the rows, and of jobs without a good end.
#include <gmock/gmock.h>

#include "events/watch_store.h"
#include "pipeline.h"
#include "telemetry/doing.h"
#include "telemetry/trace.h"
#include "uploads/retry.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Told : public Pipeline {
 protected:
  Told()
      : watched(events::watch_store(
            *store,
            {.changed = [this] { ++changes; },
             .moved = [this](const Upload& upload) { moves.emplace_back(to_string(upload.state)); },
             .claimed =
                 [this](const Job& job) { jobs.push_back("claimed " + std::string(to_string(job.stage))); },
             .ended =
                 [this](const Job& job, events::Ended how) {
                   jobs.push_back(word(how) + " " + std::string(to_string(job.stage)));
                 }})) {}

  static std::string word(events::Ended how) {
    switch (how) {
      case events::Ended::done:
        return "done";
      case events::Ended::retried:
        return "retried";
      case events::Ended::buried:
        return "buried";
      case events::Ended::lost:
        break;
    }
    return "lost";
  }

  Worker told_worker() {
    auto w = worker(*watched, *objects);
    w.troubled = [this](const Job& job, const Error& error, Ran ran) {
      const auto& doing = telemetry::doing_now();
      EXPECT_EQ(doing.job_id, job.id.text());
      EXPECT_EQ(doing.stage, to_string(job.stage));
      doings.push_back(doing);
      troubles.emplace_back(error, ran);
    };
    return w;
  }
  Upload arrived() {
    const Upload take = announce(Kind::take, a_recording());
    put(take, a_recording());
    ok(object_arrived(*store, take.object_key, now));
    return take;
  }

  int changes = 0;
  std::vector<std::string> moves, jobs;
  std::vector<std::pair<Error, Ran>> troubles;
  std::vector<telemetry::Doing> doings;
  std::unique_ptr<UploadStore> watched;
};

TEST_F(Told, EveryStateAndEveryJobOnceAndInOrder) {
  const Upload take = arrived();
  auto w = told_worker();
  w.goes_on = true;
  EXPECT_EQ(ok(run_one(w, every_stage)), Ran::done);
  EXPECT_EQ(now_in(take).state, State::completed);
  EXPECT_THAT(moves, ElementsAre("UPLOADED", "AUDIO_CONVERTING", "AUDIO_CONVERTED", "VOICE_ANALYSIS_PENDING",
                                 "VOICE_ANALYZING", "VOICE_ANALYZED", "COMPLETED"));
  EXPECT_THAT(jobs, ElementsAre("claimed check", "done check", "claimed convert", "done convert",
                                "claimed analyze", "done analyze"));
  EXPECT_GE(changes, 7);
  EXPECT_TRUE(troubles.empty());
}

TEST_F(Told, WhatAnEffectThrowsIsTriedAgainAndToldWithItsStack) {
  const Upload take = arrived();
  before_effect = [](Stage) -> Result<void> { throw std::domain_error("beyond all bounds"); };
  EXPECT_EQ(ok(run_one(told_worker(), every_stage)), Ran::retried);
  ASSERT_EQ(troubles.size(), 1U);
  const auto& [error, ran] = troubles[0];
  EXPECT_EQ(ran, Ran::retried);
  EXPECT_EQ(error.code, "internal");
  EXPECT_THAT(error.detail, testing::Not(HasSubstr("bounds"))) << "its owner may read this one";
  ASSERT_TRUE(error.thrown);
  EXPECT_EQ(error.thrown->type, "std::domain_error");
  EXPECT_EQ(error.thrown->message, "beyond all bounds");
  EXPECT_THAT(error.thrown->stack, HasSubstr("run_one"));
  EXPECT_EQ(doings[0].upload_id, take.id.text());
  EXPECT_EQ(now_in(take).state, State::pending);
  EXPECT_THAT(jobs, ElementsAre("claimed check", "retried check"));

  before_effect = {};
  now += 10s;
  EXPECT_EQ(ok(run_one(told_worker(), every_stage)), Ran::done);
}

TEST_F(Told, TheLastOfManyAttemptsIsADeadLetter) {
  arrived();
  before_effect = [](Stage) { return fail(ErrorKind::retry, "no_luck", "not this time"); };
  for (int attempt = 1; attempt <= most_attempts; ++attempt) {
    EXPECT_EQ(ok(run_one(told_worker(), every_stage)), attempt < most_attempts ? Ran::retried : Ran::failed);
    now += 20min;
  }
  EXPECT_EQ(jobs.back(), "buried check");
  EXPECT_EQ(moves.back(), "FAILED");
  ASSERT_EQ(troubles.size(), static_cast<std::size_t>(most_attempts));
  EXPECT_EQ(troubles.back().second, Ran::failed);
}

TEST_F(Told, WhatTheInputIsToBlameForIsToldAsFailed) {
  arrived();
  before_effect = [](Stage) { return rejected("not_audio", "no recording"); };
  EXPECT_EQ(ok(run_one(told_worker(), every_stage)), Ran::failed);
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_EQ(troubles[0].first.code, "not_audio");
  EXPECT_THAT(moves, ElementsAre("FAILED"));
}

TEST_F(Told, AJobThatAnotherTookOverIsLost) {
  arrived();
  before_effect = [this](Stage) -> Result<void> {
    now += 5min;  // the lease ends, and somebody else comes
    EXPECT_TRUE(ok(store->claim(every_stage, "another", now, now + 1min)));
    return {};
  };
  EXPECT_EQ(ok(run_one(told_worker(), every_stage)), Ran::lost);
  EXPECT_THAT(jobs, ElementsAre("claimed check", "lost check"));
  EXPECT_TRUE(troubles.empty());
}

TEST_F(Told, AJobGoesOnWithTheTraceOfItsUploadUnderASpanOfItsOwn) {
  const auto declared = telemetry::begin_trace("");
  const Upload take = announce(Kind::take, a_recording(), {}, declared.traceparent);
  ok(object_arrived(*store, take.object_key, now));
  std::vector<std::string> traceparents;
  before_effect = [&](Stage) {
    traceparents.push_back(telemetry::doing_now().traceparent);
    return rejected("not_audio", "no recording");
  };
  ok(run_one(told_worker(), every_stage));
  ASSERT_EQ(traceparents.size(), 1U);
  EXPECT_EQ(telemetry::trace_id_of(traceparents[0]), declared.id());
  EXPECT_NE(telemetry::span_id_of(traceparents[0]), telemetry::span_id_of(declared.traceparent));
  EXPECT_EQ(telemetry::doing_now().traceparent, "") << "and not beyond it";
}

}  // namespace
}  // namespace orakgarak::uploads
