// Measuring anew, on the command line beside whoever works.
#include <gmock/gmock.h>

#include <atomic>
#include <csignal>
#include <future>
#include <thread>

#include "commands/program.h"
#include "commands/schema.h"
#include "storage/sqlite/uploads.h"
#include "voice/engine.h"

namespace orakgarak::commands {
namespace {

using namespace uploads;
using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class Reprocess : public ProgramTest {
 protected:
  Reprocess() {
    std::filesystem::create_directories(folder_ / "data");
    store_ = ok(storage::open_sqlite_uploads(folder_ / "data/orakgarak.db"));
  }
  Ended reprocess(std::vector<std::string> options, const Surroundings& surroundings = {}) const {
    std::vector<std::string> words{"--data", path("data"), "reprocess"};
    words.insert(words.end(), options.begin(), options.end());
    return run(words, surroundings);
  }
  void measured(int takes, int core) {
    for (int i = 0; i < takes; ++i) {
      const Time now = system_now();
      const UploadId id = UploadId::make(now);
      ok(store_->insert({.id = id,
                         .owner = owner_,
                         .kind = Kind::take,
                         .declared = {"audio/webm", 1 << 20, std::string(64, 'a'), "mine"},
                         .object_key = "uploads/" + id.text(),
                         .now = now,
                         .expires = now + 24h,
                         .traceparent = {}}));
      using enum State;
      std::int64_t version = 1;
      State from = pending;
      for (const State to : {uploaded, audio_converting, audio_converted, voice_analysis_pending,
                             voice_analyzing, voice_analyzed, completed}) {
        Move move{.upload = id, .version = version++, .from = from, .to = to, .now = now, .why = "step"};
        if (to == uploaded) move.object_version = "1";
        if (to == completed) move.report = Report{"{}", core};
        ok(store_->move(move));
        from = to;
      }
    }
  }
  std::size_t outdated() { return ok(store_->count_outdated(voice::core_version)).takes; }
  std::size_t queued() { return ok(store_->count_outdated(voice::core_version)).queued; }
  /// Does one job, as a worker would. False where none is due.
  bool work(bool well = true) {
    const Time now = system_now();
    const auto claim = ok(store_->claim(every_stage, "worker", now, now + 1min));
    if (!claim) return false;
    if (well)
      ok(store_->finish(*claim, Report{R"({"new":true})", voice::core_version}, now));
    else
      ok(store_->bury(*claim, 0, {Stage::analyze, "decoder_died", "It died.", true}, now));
    return true;
  }
  /// Works until `ended` is there.
  Ended work_until(std::future<Ended> ended, bool well = true) {
    while (ended.wait_for(10ms) != std::future_status::ready) work(well);
    return ended.get();
  }
  static std::string faults(const std::string& line) {
    std::string all;
    for (const auto& fault : schema_faults(load_schema("reprocess"), json::parse(line))) all += fault + "\n";
    return all;
  }

  std::unique_ptr<UploadStore> store_;
  const OwnerId owner_ = OwnerId::make(system_now());
};

TEST_F(Reprocess, ADryRunSaysHowManyAndQueuesNothing) {
  EXPECT_THAT(reprocess({"--dry-run"}).out, HasSubstr("All takes were measured"));
  measured(3, voice::core_version - 1);
  measured(1, voice::core_version);
  const auto dry = reprocess({"--dry-run"});
  EXPECT_EQ(dry.code, 0) << dry.err;
  EXPECT_THAT(dry.out, AllOf(HasSubstr("3 takes of 1 person (3 MiB)"), HasSubstr("Nothing was queued")));
  const auto told = reprocess({"--dry-run", "--json"}).out;
  EXPECT_EQ(faults(told), "");
  EXPECT_EQ(json::parse(told)["outdated"], 3);
  EXPECT_EQ(queued(), 0U);
}

TEST_F(Reprocess, WithoutWaitingItQueuesABoundedNumberAndSaysWhatIsLeft) {
  measured(5, voice::core_version - 1);
  const auto first = reprocess({"--no-wait", "--ahead", "2"});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(queued(), 2U);
  EXPECT_THAT(first.out, AllOf(HasSubstr("2 takes queued"), HasSubstr("3 takes are left")));
  EXPECT_EQ(json::parse(reprocess({"--no-wait", "--ahead", "3", "--json"}).out)["queued_by_this_run"], 1);
  EXPECT_EQ(queued(), 3U);
  EXPECT_EQ(json::parse(reprocess({"--no-wait", "--limit", "1", "--json"}).out)["queued_by_this_run"], 1);
  EXPECT_EQ(queued(), 4U);
}

TEST_F(Reprocess, ItWaitsUntilAllAreMeasured) {
  measured(5, voice::core_version - 1);
  const auto done = work_until(std::async([&] { return reprocess({"--ahead", "2"}); }));
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("5 takes measured anew"));
  EXPECT_EQ(outdated(), 0U);
}

TEST_F(Reprocess, WhatCouldNotBeMeasuredIsToldAndEndsWithThree) {
  measured(2, voice::core_version - 1);
  const auto done = work_until(std::async([&] { return reprocess({}); }), false);
  EXPECT_EQ(done.code, 3);
  EXPECT_THAT(done.out, AllOf(HasSubstr("2 takes could not be"), HasSubstr("dlq list")));
  EXPECT_THAT(run({"--data", path("data"), "dlq", "list"}).out, HasSubstr("decoder_died"));
  const auto letter = ok(store_->dead_letters(1)).at(0).id.text();
  EXPECT_THAT(run({"--data", path("data"), "dlq", "replay", letter, "--why", "mended"}).out,
              HasSubstr("measured anew"));
  EXPECT_EQ(queued(), 1U);
  EXPECT_EQ(reprocess({"--no-wait"}).code, 0) << "none was given up in this run";
}

TEST_F(Reprocess, CtrlCSaysWhatGoesOnAndHow) {
  measured(3, voice::core_version - 1);
  Surroundings interrupted;
  interrupted.interrupt_when = [&] { return queued() == 2; };
  const auto ended = reprocess({"--ahead", "2"}, interrupted);
  EXPECT_EQ(ended.code, 130);
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr("0 of 3"), HasSubstr("2 stay queued"), HasSubstr("reprocess again")));
  const auto rest = work_until(std::async([&] { return reprocess({}); }));
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_EQ(outdated(), 0U);
}

TEST_F(Reprocess, WordsThatDoNotGoTogetherAreRefused) {
  EXPECT_EQ(reprocess({"--limit", "0"}).code, 2);
  EXPECT_EQ(reprocess({"--ahead", "0"}).code, 2);
  EXPECT_EQ(reprocess({"--ahead", "1000001"}).code, 2);
  EXPECT_EQ(reprocess({"--dry-run", "--no-wait"}).code, 2);
  const auto none = run({"--data", path("nowhere"), "reprocess"});
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, HasSubstr("no server has run"));
}

}  // namespace
}  // namespace orakgarak::commands
