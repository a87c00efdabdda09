// The life of an upload on real adapters: what happens, what does not, and what comes of faults.
#include "pipeline.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;

TEST_F(Pipeline, ATakeGoesThroughEveryStateOfAudio) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  EXPECT_TRUE(ok(object_arrived(*store, take.object_key, now)));
  run_all();
  EXPECT_EQ(states_of(take),
            "PENDING UPLOADED AUDIO_CONVERTING AUDIO_CONVERTED VOICE_ANALYSIS_PENDING VOICE_ANALYZING "
            "VOICE_ANALYZED "
            "COMPLETED");
  EXPECT_EQ(ok(store->report(take.id)), R"({"lowest":45})");
  EXPECT_EQ(effects, (std::map<Stage, int>{{Stage::check, 1}, {Stage::convert, 1}, {Stage::analyze, 1}}));
}

TEST_F(Pipeline, AWorkerThatGoesOnTakesAnUploadToItsEndAndNobodyElseIsAskedOnTheWay) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  Worker w = worker(*store, *objects);
  w.goes_on = true;
  before_effect = [&](Stage) -> Result<void> {
    EXPECT_FALSE(ok(store->claim(every_stage, "another", now, now + 1min))) << "it is held";
    return {};
  };
  EXPECT_EQ(ok(run_one(w, std::array{Stage::check})), Ran::done);
  EXPECT_EQ(states_of(take),
            "PENDING UPLOADED AUDIO_CONVERTING AUDIO_CONVERTED VOICE_ANALYSIS_PENDING VOICE_ANALYZING "
            "VOICE_ANALYZED COMPLETED");
  EXPECT_TRUE(ok(store->jobs(take.id)).empty());
  int asked = 0;
  for (const OutboxRow& row : ok(store->outbox_due("relay", now, now + 1min, 100)))
    asked += row.envelope.contains("orakgarak.job.requested") ? 1 : 0;
  EXPECT_EQ(asked, 1) << "for the check";
}

TEST_F(Pipeline, AWorkerThatGoesOnCountsAttemptsOfEachStageAndStopsWhereOneFails) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  Worker w = worker(*store, *objects);
  w.goes_on = true;
  before_effect = [](Stage stage) -> Result<void> {
    if (stage == Stage::analyze) return fail(ErrorKind::retry, "no_luck", "not this time");
    return {};
  };
  EXPECT_EQ(ok(run_one(w, every_stage)), Ran::retried);
  EXPECT_EQ(now_in(take).state, State::voice_analyzing);
  EXPECT_EQ(ok(store->jobs(take.id)).at(0).job.attempt, 1);
  EXPECT_EQ(ok(run_one(w, every_stage)), Ran::nothing) << "not due yet";
  before_effect = {};
  now += 1min;
  EXPECT_EQ(ok(run_one(w, every_stage)), Ran::done);
  EXPECT_EQ(now_in(take).state, State::completed);
  EXPECT_EQ(effects[Stage::convert], 1);
}

TEST_F(Pipeline, AWorkerThatIsToldToStopDoesNotGoOn) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  Worker w = worker(*store, *objects);
  w.goes_on = true;
  bool stop = false;
  w.stopping = [&] { return stop; };
  w.effect = [&, effect = w.effect](Stage stage) -> StageEffect {
    return [&, effect, stage](const Upload& upload, const StillOurs& ours, StageMemory& memory) {
      auto done = effect(stage)(upload, ours, memory);
      stop = true;
      return done;
    };
  };
  EXPECT_EQ(ok(run_one(w, every_stage)), Ran::done);
  EXPECT_EQ(now_in(take).state, State::uploaded);
  EXPECT_TRUE(ok(store->claim(every_stage, "another", now, now + 1min))) << "it is there for whoever comes";
}

TEST_F(Pipeline, APictureGoesThroughEveryStateOfImages) {
  const Upload cover = announce(Kind::album_cover, a_picture());
  put(cover, a_picture());
  EXPECT_TRUE(ok(object_arrived(*store, cover.object_key, now)));
  run_all();
  EXPECT_EQ(states_of(cover), "PENDING UPLOADED IMAGE_OPTIMIZING THUMBNAIL_GENERATING COMPLETED");
}

TEST_F(Pipeline, AThousandHintsGiveOneTransition) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  int queued = 0;
  for (int i = 0; i < 1000; ++i) queued += ok(object_arrived(*store, take.object_key, now)) ? 1 : 0;
  EXPECT_EQ(queued, 1);
  run_all();
  EXPECT_FALSE(ok(object_arrived(*store, take.object_key, now)));  // late ones change nothing
  EXPECT_EQ(effects[Stage::check], 1);
  EXPECT_EQ(now_in(take).state, State::completed);
}

TEST_F(Pipeline, AForgedHintChangesNothing) {
  const Upload take = announce(Kind::take, a_recording());
  for (const std::string& key : {std::string("uploads/../x"), std::string("elsewhere"),
                                 object_key(UploadId::make(now)), derived_prefix(take.id) + "pcm"})
    EXPECT_FALSE(ok(object_arrived(*store, key, now))) << key;
  EXPECT_TRUE(ok(object_arrived(*store, take.object_key, now)));  // nothing is there
  EXPECT_EQ(run_all(), (std::map<Ran, int>{{Ran::retried, 1}}));
  EXPECT_EQ(now_in(take).state, State::pending);
}

TEST_F(Pipeline, ALostEventIsFound) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).found, 0);  // its event may still be on the way
  now += 89s;
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).found, 0);
  now += 2s;
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).found, 1);
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).found, 0);  // it is being looked at
  run_all();
  EXPECT_EQ(now_in(take).state, State::completed);
}

struct Lie {
  const char* name;
  const char* code;
  std::string sent;
};
class PipelineLies : public Pipeline, public testing::WithParamInterface<Lie> {};
INSTANTIATE_TEST_SUITE_P(, PipelineLies,
                         testing::Values(Lie{"LongerThanAnnounced", "wrong_size", a_recording() + "x"},
                                         Lie{"OtherBytes", "wrong_checksum", a_recording(1)}),
                         [](const auto& info) { return info.param.name; });

TEST_P(PipelineLies, BytesThatAreNotThoseAnnouncedFailAtOnce) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, GetParam().sent);
  ok(object_arrived(*store, take.object_key, now));
  EXPECT_EQ(run_all(), (std::map<Ran, int>{{Ran::failed, 1}}));
  const Upload failed = now_in(take);
  EXPECT_EQ(failed.state, State::failed);
  ASSERT_TRUE(failed.failure);
  EXPECT_EQ(failed.failure->code, GetParam().code);
  EXPECT_FALSE(failed.failure->retry_can_help);
  EXPECT_TRUE(ok(store->dead_letters(10)).empty());  // nobody has to decide anything
}

TEST_F(Pipeline, TextCalledAudioFailsWithWhatToSend) {
  const Upload take = announce(Kind::take, "just words");
  put(take, "just words");
  ok(object_arrived(*store, take.object_key, now));
  run_all();
  EXPECT_EQ(now_in(take).failure->code, "wrong_type");
}

TEST_F(Pipeline, BytesPutOverCheckedOnesAreNotUsed) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  const Worker w = worker(*store, *objects);
  ASSERT_EQ(ok(run_one(w, std::array{Stage::check})), Ran::done);
  const std::string checked = now_in(take).object_version;
  put(take, a_recording(1));
  EXPECT_EQ(objects->open(take.object_key, checked).error().code, "object_changed");
}

TEST_F(Pipeline, AFaultIsTriedAgainThreeTimesAndThenADeadLetter) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  before_effect = [](Stage stage) -> Result<void> {
    if (stage == Stage::convert)
      return fail(ErrorKind::retry, "decoder_unavailable", "no process could be made");
    return {};
  };
  EXPECT_EQ(run_all()[Ran::retried], 1);
  for (const Duration wait : {Duration(5s), Duration(1min)}) {
    now += wait - 1us;
    EXPECT_TRUE(run_all().empty());
    now += 1us;
    EXPECT_EQ(run_all(), (std::map<Ran, int>{{Ran::retried, 1}}));
  }
  EXPECT_EQ(now_in(take).state, State::audio_converting);  // a retry leaves the state
  now += 10min;
  EXPECT_EQ(run_all(), (std::map<Ran, int>{{Ran::failed, 1}}));
  const auto letters = ok(store->dead_letters(10));
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].attempts, 4);
  EXPECT_EQ(letters[0].failure.code, "decoder_unavailable");

  before_effect = nullptr;
  ok(store->replay(letters[0].id, {JobId::make(now), letters[0].stage, Priority::live, now},
                   {"operator", "fixed", now}));
  run_all();
  EXPECT_EQ(now_in(take).state, State::completed);
  EXPECT_EQ(effects[Stage::check], 1);  // what had been done was not done again
}

TEST_F(Pipeline, AnObjectStoreThatIsAwayIsWaitedForAndCostsNoAttempt) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  const Time back = now + 90s;  // longer than a lease
  before_effect = [&](Stage) -> Result<void> {
    if (now < back) return fail(ErrorKind::retry, "objects_unavailable", "no answer");
    return {};
  };
  Worker waits = worker(*store, *objects);
  waits.pause = [&](Duration time) { now += time; };
  EXPECT_EQ(ok(run_one(waits, every_stage)), Ran::done);
  EXPECT_EQ(now, back);
  EXPECT_EQ(now_in(take).state, State::uploaded);
  EXPECT_EQ(ok(store->history(take.id)).back().attempt, 1);
}

TEST_F(Pipeline, AnObjectStoreThatStaysAwayIsTriedAgainAsAnyFaultIs) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  before_effect = [](Stage) { return fail(ErrorKind::retry, "objects_unavailable", "no answer"); };
  Worker waits = worker(*store, *objects);
  waits.pause = [&](Duration time) { now += time; };
  const Time began = now;
  EXPECT_EQ(ok(run_one(waits, every_stage)), Ran::retried);
  EXPECT_EQ(now, began + objects_patience);
}

TEST_F(Pipeline, WhoeverWaitsForAnObjectStoreStopsWhenToldAndGivesTheJobBack) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  bool told = false;
  before_effect = [](Stage) { return fail(ErrorKind::retry, "objects_unavailable", "no answer"); };
  Worker waits = worker(*store, *objects);
  waits.pause = [&](Duration) { told = true; };
  waits.stopping = [&] { return told; };
  EXPECT_EQ(ok(run_one(waits, every_stage)), Ran::retried);
  before_effect = nullptr;
  EXPECT_EQ(ok(run_one(worker(*store, *objects), every_stage)), Ran::done) << "at once";
}

TEST_F(Pipeline, WorkThatKillsItsWorkerAgainAndAgainIsGivenUp) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  for (int i = 0; i < 4; ++i) {  // claimed by workers that died
    ASSERT_TRUE(ok(store->claim(every_stage, "dead", now, now + 60s)));
    EXPECT_TRUE(run_all().empty());  // held
    now += 60s;
  }
  EXPECT_EQ(run_all(), (std::map<Ran, int>{{Ran::failed, 1}}));
  EXPECT_EQ(ok(store->dead_letters(10)).at(0).failure.code, "worker_lost");
}

TEST_F(Pipeline, LongWorkHoldsItsJobAndOneThatWasTakenOverStops) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  Worker slow = worker(*store, *objects);
  bool taken = false;
  slow.effect = [&](Stage) -> StageEffect {
    return [&](const Upload&, const StillOurs& ours, StageMemory&) -> Result<Effect> {
      for (int i = 0; i < 20; ++i) {  // ten minutes under leases of one
        now += 31s;
        EXPECT_TRUE(ours());
        EXPECT_FALSE(ok(store->claim(every_stage, "other", now, now + 60s)));
      }
      now += 61s;  // paused for longer than its lease
      taken = ok(store->claim(every_stage, "other", now, now + 60s)).has_value();
      if (!ours()) return fail(ErrorKind::conflict, "job_lost", "another worker has taken this over");
      return Effect{};
    };
  };
  EXPECT_EQ(ok(run_one(slow, every_stage)), Ran::lost);
  EXPECT_TRUE(taken);
  EXPECT_EQ(now_in(take).state, State::pending);
}

TEST_F(Pipeline, WhatNeverComesExpiresAndWhatComesLateIsRemoved) {
  const Upload take = announce(Kind::take, a_recording());
  now += 24h;
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).expired, 1);
  EXPECT_EQ(now_in(take).state, State::expired);
  put(take, a_recording());
  // Objects carry the time of the machine; two hours from now by it they are old enough.
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, system_now() + 2h)).unknown, 1);
  EXPECT_FALSE(objects->head(take.object_key));
}

TEST_F(Pipeline, WhatCameWithoutAWordIsFoundBeforeItExpires) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  now += 24h;
  const Upkept done = ok(keep_up(*store, *objects, *presigner, now));
  EXPECT_EQ(done.found, 1);
  EXPECT_EQ(done.expired, 0);
  run_all();
  EXPECT_EQ(now_in(take).state, State::completed);
}

TEST_F(Pipeline, ObjectsWithoutARowAreRemoved) {
  const UploadId nobody = UploadId::make(now);
  ok(objects->put(object_key(nobody), [](const ByteSink&) { return Result<void>(); }));
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, system_now())).unknown,
            0);  // a row may be about to come
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, system_now() + 2h)).unknown, 1);
  EXPECT_FALSE(objects->head(object_key(nobody)));
}

TEST_F(Pipeline, ObjectsOfFailedUploadsGoAfterTwoWeeks) {
  const Upload take = announce(Kind::take, "just words");
  put(take, "just words");
  ok(object_arrived(*store, take.object_key, now));
  run_all();
  now += 14 * 24h - 1s;
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).cleaned, 0);
  now += 2s;
  const Upkept done = ok(keep_up(*store, *objects, *presigner, now));
  EXPECT_EQ(done.cleaned, 1);
  EXPECT_TRUE(now_in(take).gone);
  EXPECT_FALSE(objects->head(take.object_key));
}

TEST_F(Pipeline, AnObjectThatCannotBeRemovedHoldsUpNoOther) {
  const Upload stuck = announce(Kind::take, a_recording(1)), other = announce(Kind::take, a_recording(2));
  const std::filesystem::path in_the_way = folder / "objects" / stuck.object_key / "x";
  std::filesystem::create_directories(in_the_way);  // no file: it cannot be unlinked
  put(other, a_recording(2));
  for (const Upload& upload : {stuck, other}) ok(store->erase(upload.id, now));
  const Upkept first = ok(keep_up(*store, *objects, *presigner, now));
  EXPECT_EQ(first.postponed, 1);
  EXPECT_EQ(first.removed, 3);
  EXPECT_FALSE(objects->head(other.object_key));
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).postponed, 0) << "not again at once";
  std::filesystem::remove_all(in_the_way.parent_path());
  now += removal_delay(0);
  EXPECT_EQ(ok(keep_up(*store, *objects, *presigner, now)).removed, 1);
}

TEST_F(Pipeline, BytesThatComeAfterTheirUploadHasGoneGoAtOnce) {
  const std::string bytes = a_recording();
  const Upload erased = announce(Kind::take, bytes), awaited = announce(Kind::take, bytes);
  ok(store->erase(erased.id, now));
  for (const Upload& upload : {erased, awaited}) put(upload, bytes);
  EXPECT_TRUE(ok(remove_unwanted(*store, *objects, erased.object_key)));
  EXPECT_FALSE(objects->head(erased.object_key));
  EXPECT_FALSE(ok(remove_unwanted(*store, *objects, awaited.object_key)));
  EXPECT_TRUE(objects->head(awaited.object_key));
  EXPECT_FALSE(ok(remove_unwanted(*store, *objects, "signing-key"))) << "no key of an upload";
}

TEST_F(Pipeline, DeletionInEveryStateLeavesNothingBehind) {
  for (int stop = 0; stop < 8; ++stop) {
    const Upload take = announce(Kind::take, a_recording(stop));
    put(take, a_recording(stop));
    ok(object_arrived(*store, take.object_key, now));
    // Deleted while its job runs: at the first effect after `stop` moves, or at the end.
    bool erased = false;
    before_effect = [&](Stage) -> Result<void> {
      if (!erased && static_cast<int>(ok(store->history(take.id)).size()) > stop) {
        ok(store->erase(take.id, now));
        erased = true;
      }
      return {};
    };
    run_all();
    if (!erased) ok(store->erase(take.id, now));
    ok(keep_up(*store, *objects, *presigner, now));
    EXPECT_EQ(store->find(take.id).error().code, "no_such_upload");
    EXPECT_FALSE(objects->head(take.object_key)) << stop;
    // The effect that was running may have written a moment after the removal: nobody's object by then.
    ok(keep_up(*store, *objects, *presigner, system_now() + 2h));
    EXPECT_TRUE(ok(objects->list("", "", 10)).empty()) << stop;
  }
}

}  // namespace
}  // namespace orakgarak::uploads
