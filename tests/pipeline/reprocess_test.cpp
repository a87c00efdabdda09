// Takes that an older voice core has measured are measured anew, below live work, and nothing is lost by it.
#include "uploads/reprocess.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <semaphore>
#include <thread>

#include "events/workers.h"
#include "formats/report_read.h"
#include "people/profile_of.h"
#include "pipeline.h"
#include "recordings.h"
#include "storage/sqlite/people.h"
#include "uploads/redrive.h"
#include "voice/engine.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;

constexpr int old_core = 1, new_core = 2;
constexpr const char *old_report = R"({"lowest":45})", *new_report = R"({"lowest":46})";

class Reprocess : public Pipeline {
 protected:
  /// COMPLETED, measured by the old core.
  Upload measured_take() {
    const Upload take = announce(Kind::take, a_recording(++salt_));
    put(take, a_recording(salt_));
    ok(object_arrived(*store, take.object_key, now));
    run_all();
    return now_in(take);
  }
  std::vector<Upload> measured_takes(int count) {
    std::vector<Upload> takes;
    for (int i = 0; i < count; ++i) takes.push_back(measured_take());
    return takes;
  }
  /// Works with the new core.
  Worker newer() {
    Worker w = worker(*store, *objects);
    w.effect = [inner = w.effect](Stage stage) -> StageEffect {
      return [effect = inner(stage)](const Upload& upload, const StillOurs& ours, StageMemory& memory) {
        auto done = effect(upload, ours, memory);
        if (done && done->report) done->report = Report{new_report, new_core};
        return done;
      };
    };
    return w;
  }
  std::map<Ran, int> work_anew() {
    std::map<Ran, int> ended;
    const Worker w = newer();
    for (;;) {
      const Ran ran = ok(run_one(w, every_stage));
      if (ran == Ran::nothing) return ended;
      ++ended[ran];
    }
  }
  Reprocessing queue(std::size_t ahead = 1000) {
    Reprocessing run;
    ok(reprocess_round(*store, {.core = new_core, .ahead = ahead}, run, now));
    return run;
  }
  std::size_t outdated() { return ok(store->count_outdated(new_core)).takes; }

  int salt_ = 0;
};

TEST_F(Reprocess, ATakeIsMeasuredAnewBesideItsStates) {
  const Upload take = measured_take();
  const auto states = states_of(take);
  EXPECT_EQ(queue().queued, 1U);
  EXPECT_EQ(ok(store->report(take.id)), old_report) << "until the new one is there";
  EXPECT_EQ(work_anew(), (std::map<Ran, int>{{Ran::done, 1}}));
  EXPECT_EQ(ok(store->report(take.id)), new_report);
  EXPECT_EQ(states_of(take), states);
  EXPECT_EQ(now_in(take).version, take.version);
  EXPECT_EQ(outdated(), 0U);
}

TEST_F(Reprocess, WhatCannotBeMeasuredAnewKeepsItsReportAndEndsInADeadLetterThatIsReplayed) {
  const Upload take = measured_take();
  queue();
  before_effect = [](Stage) -> Result<void> { return fail(ErrorKind::retry, "objects_unavailable", "away"); };
  for (int i = 0; i < 3; ++i, now += 15min) EXPECT_EQ(work_anew(), (std::map<Ran, int>{{Ran::retried, 1}}));
  EXPECT_EQ(work_anew(), (std::map<Ran, int>{{Ran::failed, 1}}));
  EXPECT_EQ(now_in(take).state, State::completed);
  EXPECT_EQ(ok(store->report(take.id)), old_report);
  const auto letters = ok(store->dead_letters(10));
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].failure.code, "objects_unavailable");
  EXPECT_EQ(letters[0].attempts, 4);
  EXPECT_EQ(queue().queued, 0U) << "somebody has to decide";

  before_effect = nullptr;
  EXPECT_EQ(ok(replay_letter(*store, letters[0].id, {"kim", "the store is back", now})).state,
            State::completed);
  work_anew();
  EXPECT_EQ(ok(store->report(take.id)), new_report);
  EXPECT_TRUE(ok(store->dead_letters(10)).empty());
}

TEST_F(Reprocess, WhatTheInputIsToBlameForIsSeenToo) {
  const Upload take = measured_take();
  queue();
  before_effect = [](Stage) -> Result<void> { return rejected("not_audio", "The new decoder refuses it."); };
  EXPECT_EQ(work_anew(), (std::map<Ran, int>{{Ran::failed, 1}}));
  EXPECT_EQ(now_in(take).state, State::completed);
  EXPECT_EQ(ok(store->report(take.id)), old_report);
  ASSERT_EQ(ok(store->dead_letters(10)).size(), 1U);
  EXPECT_FALSE(ok(store->dead_letters(10))[0].failure.retry_can_help);
}

TEST_F(Reprocess, AWorkerThatDiesInItLosesItAndWhatItStillDoesIsRefused) {
  const Upload take = measured_take();
  queue();
  const auto dead = ok(store->claim(every_stage, "dead", now, now + 60s)).value();
  EXPECT_TRUE(work_anew().empty());
  now += 61s;
  EXPECT_EQ(work_anew(), (std::map<Ran, int>{{Ran::done, 1}}));
  EXPECT_EQ(store->finish(dead, Report{"{}", 9}, now).error().code, "job_lost");
  EXPECT_EQ(ok(store->report(take.id)), new_report);
}

TEST_F(Reprocess, ATakeThatIsErasedMeanwhileIsDroppedWithoutAWord) {
  const Upload take = measured_take();
  queue();
  before_effect = [&](Stage) -> Result<void> { return store->erase(take.id, now); };
  EXPECT_EQ(work_anew(), (std::map<Ran, int>{{Ran::lost, 1}}));
  EXPECT_TRUE(ok(store->dead_letters(10)).empty());
  EXPECT_EQ(outdated(), 0U);
}

TEST_F(Reprocess, NeverMoreThanABoundAreQueuedAheadAndEachIsQueuedOnce) {
  measured_takes(7);
  Reprocessing run;
  const ReprocessOptions options{.core = new_core, .ahead = 3, .page = 2};
  ok(reprocess_round(*store, options, run, now));
  EXPECT_EQ(run.queued, 3U);
  ok(reprocess_round(*store, options, run, now));
  EXPECT_EQ(run.queued, 3U) << "they are not done yet";
  const Worker w = newer();
  for (int rounds = 0; !run.done(); ++rounds) {
    ASSERT_LT(rounds, 20);
    EXPECT_LE(run.outdated.queued, 3U);
    ok(run_one(w, every_stage));
    ok(reprocess_round(*store, options, run, now));
  }
  EXPECT_EQ(run.queued, 7U);
  EXPECT_EQ(effects[Stage::analyze], 7 + 7);
  EXPECT_EQ(outdated(), 0U);
}

TEST_F(Reprocess, ARunThatWasCutOffGoesOnWithANewOne) {
  measured_takes(5);
  EXPECT_EQ(queue(2).queued, 2U);
  EXPECT_EQ(queue(4).queued, 2U) << "those of the first run count";
  work_anew();
  const auto last = queue();
  EXPECT_EQ(last.queued, 1U);
  EXPECT_TRUE(last.all_queued);
  work_anew();
  EXPECT_EQ(outdated(), 0U);
}

TEST_F(Reprocess, ALimitIsOfTheRun) {
  measured_takes(5);
  Reprocessing run;
  ok(reprocess_round(*store, {.core = new_core, .ahead = 100, .limit = 3, .page = 2}, run, now));
  EXPECT_EQ(run.queued, 3U);
  EXPECT_TRUE(run.all_queued);
  work_anew();
  EXPECT_EQ(outdated(), 2U);
}

TEST_F(Reprocess, WhatAnOlderWorkerTookIsLeftToTheNextRun) {
  measured_take();
  Reprocessing run;
  const ReprocessOptions options{.core = new_core};
  ok(reprocess_round(*store, options, run, now));
  run_all();  // the old core once more
  ok(reprocess_round(*store, options, run, now));
  EXPECT_TRUE(run.done());
  EXPECT_EQ(run.queued, 1U);
  EXPECT_EQ(outdated(), 1U);
}

TEST_F(Reprocess, ALiveTakeBehindAHundredGoesFirst) {
  const auto takes = measured_takes(100);
  queue();
  const Upload live = announce(Kind::take, a_recording());
  put(live, a_recording());
  ok(object_arrived(*store, live.object_key, now));
  const Worker w = newer();
  for (int i = 0; i < 3; ++i) ok(run_one(w, every_stage));
  EXPECT_EQ(now_in(live).state, State::completed);
  EXPECT_EQ(outdated(), 100U);
}

TEST_F(Reprocess, LiveWorkWaitsForOneRunningBatchJobOfEachThreadAtMost) {
  measured_takes(20);
  queue();
  std::counting_semaphore<> may_go(0);
  std::atomic<int> begun = 0;
  std::vector<Stage> order;
  std::mutex mutex;
  Worker w = newer();
  w.clock = system_now;
  w.effect = [&, inner = w.effect](Stage stage) -> StageEffect {
    return [&, stage, inner](const Upload& upload, const StillOurs& ours, StageMemory& memory) {
      ++begun;
      may_go.acquire();
      const std::lock_guard lock(mutex);  // the store's counters of this fixture are of one thread
      order.push_back(stage);
      return inner(stage)(upload, ours, memory);
    };
  };
  constexpr int threads = 2;
  const auto workers = events::start_workers(w, {.threads = threads});
  const auto becomes = [](const std::function<bool()>& reached) {
    for (int i = 0; i < 1000 && !reached(); ++i) std::this_thread::sleep_for(10ms);
    return reached();
  };
  for (int i = 0; i < threads; ++i) workers->wake();
  ASSERT_TRUE(becomes([&] { return begun == threads; }));
  now = system_now();
  const Upload live = announce(Kind::take, a_recording());
  put(live, a_recording());
  ok(object_arrived(*store, live.object_key, now));
  may_go.release(100);
  EXPECT_TRUE(becomes([&] { return now_in(live).state == State::completed; }));
  EXPECT_TRUE(workers->stop(10s));
  const std::lock_guard lock(mutex);
  const auto check = std::ranges::find(order, Stage::check) - order.begin();
  EXPECT_LT(check, 2 * threads)
      << "what ran already, and what a thread that came free with it begins beside it";
}

// With the effects that ship: the samples are gone, and the bytes that were checked are read again.
class ReprocessForReal : public Reprocess {
 protected:
  void work(UploadStore& on) {
    const Worker w = real_worker(on, *objects);
    while (ok(run_one(w, every_stage)) != Ran::nothing) {
    }
  }
  /// As if an older core had measured it, and found a report of its own.
  void age(const Upload& take, const std::string& report) {
    ok(store->enqueue(take.id, {JobId::make(now), Stage::analyze, Priority::batch, now}, now));
    ok(store->finish(ok(store->claim(every_stage, "old", now, now + 1min)).value(),
                     Report{report, voice::core_version - 1}, now));
  }
};

TEST_F(ReprocessForReal, TheOriginalIsDecodedAgainAndThePersonsProfileIsOfTheNewReport) {
  const Upload take = announce(Kind::take, sung_wav());
  put(take, sung_wav());
  ok(object_arrived(*store, take.object_key, now));
  work(*store);
  const std::string measured = ok(store->report(take.id));
  auto older = nlohmann::json::parse(measured);
  older["range"]["highest"]["midi"] = older["range"]["highest"]["midi"].get<double>() + 5;
  age(take, older.dump());

  const auto people = ok(storage::open_sqlite_people(folder / "people.db"));
  const auto catalogue = songs::Matcher::create({});
  const auto highest = [&] {
    const auto person = ok(people::profile_of(*store, *people, owner, catalogue, formats::read_sung_take));
    return person.profile.highest->pitch.value;
  };
  const double before = highest();
  Reprocessing run;
  ok(reprocess_round(*store, {.core = voice::core_version}, run, now));
  EXPECT_EQ(run.queued, 1U);
  work(*store);
  EXPECT_EQ(ok(store->report(take.id)), measured);
  EXPECT_NEAR(before - highest(), 5, 0.01) << "nothing of the old report is kept";
}

TEST_F(ReprocessForReal, BytesThatWerePutOverTheCheckedOnesAreNotMeasured) {
  const Upload take = announce(Kind::take, sung_wav());
  put(take, sung_wav());
  ok(object_arrived(*store, take.object_key, now));
  work(*store);
  age(take, old_report);
  put(take, silent_wav(3));
  Reprocessing run;
  ok(reprocess_round(*store, {.core = voice::core_version}, run, now));
  work(*store);
  EXPECT_EQ(ok(store->report(take.id)), old_report);
  EXPECT_EQ(now_in(take).state, State::completed);
  ASSERT_EQ(ok(store->dead_letters(10)).size(), 1U);
  EXPECT_EQ(ok(store->dead_letters(10))[0].failure.code, "object_replaced");
}

}  // namespace
}  // namespace orakgarak::uploads
