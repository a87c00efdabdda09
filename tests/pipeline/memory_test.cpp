// Work under a budget of memory, with the effects that ship and with some whose allocations fail.
#include <array>
#include <new>

#include "app/stages/stages.h"
#include "devices/shared_device.h"
#include "pipeline.h"
#include "recordings.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;

class Memory : public Pipeline {
 protected:
  /// As shipped, in the budget of `device`.
  Worker shipped() {
    Worker w = real_worker(*store, *objects);
    const auto work = app::stage_work(*store, *objects);
    w.effect = work.effect;
    w.length = work.length;
    w.device = device.get();
    return w;
  }
  /// Its allocations fail in `stage`, in the first `sizes` sizes.
  Worker failing(Stage where, std::size_t sizes) {
    Worker w = worker(*store, *objects);
    w.device = device.get();
    w.length = [](const Upload&) { return TakeLength{Seconds(30)}; };
    w.effect = [=, this, inner = w.effect](Stage stage) -> StageEffect {
      return [=, this](const Upload& upload, const StillOurs& ours, StageMemory& memory) {
        if (stage == where) tried.push_back(memory.size);
        if (stage == where && memory.size < sizes) throw std::bad_alloc();
        return inner(stage)(upload, ours, memory);
      };
    };
    return w;
  }
  Upload sent(const std::string& bytes) {
    const Upload take = announce(Kind::take, bytes);
    put(take, bytes);
    ok(object_arrived(*store, take.object_key, now));
    return take;
  }
  static void work(const Worker& w) {
    while (ok(run_one(w, every_stage)) != Ran::nothing) {
    }
  }
  DeviceState state() { return ok(device->state()); }
  std::uint32_t correction(Engine engine) { return state().corrections[static_cast<std::size_t>(engine)]; }

  std::unique_ptr<Device> device =
      ok(devices::open_device({.file = {}, .name = "test", .budget = 1ULL << 30}));
  std::vector<std::size_t> tried;
};

TEST_F(Memory, AnAllocationThatFailsIsCountedAndTheWorkDoneInASmallerSizeAtOnce) {
  const Upload take = sent(a_recording());
  work(failing(Stage::analyze, 1));
  EXPECT_EQ(now_in(take).state, State::completed);
  EXPECT_EQ(tried, (std::vector<std::size_t>{0, after_each_other}));
  EXPECT_EQ(state().ran_out, 1U);
  EXPECT_EQ(state().granted, 0U);
}

TEST_F(Memory, WhereThereIsNoSmallerSizeTheWorkIsTriedAgainLaterAndAtLastGivenUp) {
  const Upload take = sent(a_recording());
  const Worker w = failing(Stage::analyze, 2);
  for (int attempt = 1; attempt <= 4; ++attempt) {
    work(w);
    EXPECT_EQ(state().granted, 0U);
    now += 11min;
  }
  EXPECT_EQ(now_in(take).state, State::failed);
  EXPECT_EQ(ok(store->dead_letters(10)).at(0).failure.code, "no_memory");
  EXPECT_EQ(state().ran_out, 4U * (1 + most_in_least_size));
}

TEST_F(Memory, ItIsTheSameWithoutADevice) {
  const Upload take = sent(a_recording());
  Worker w = failing(Stage::convert, 1);
  w.device = nullptr;
  work(w);
  EXPECT_EQ(now_in(take).state, State::audio_converting);
  EXPECT_EQ(ok(store->jobs(take.id)).at(0).last_code, "no_memory");
}

TEST_F(Memory, WhatIsMeasuredOfARealTakeCorrectsTheEstimates) {
  const Upload take = sent(sung_wav());
  work(shipped());
  EXPECT_EQ(now_in(take).state, State::completed);
  EXPECT_NE(correction(Engine::decode), no_correction);
  EXPECT_NE(correction(Engine::voice), no_correction);
}

TEST_F(Memory, DecodedFirstATakeNeedsLessAndHasTheSameReport) {
  const Upload take = sent(sung_wav());
  work(shipped());
  const auto analyze =
      app::stage_work(*store, *objects).effect(Stage::analyze);  // no samples are at hand there
  std::array<StageMemory, 2> memory{StageMemory{.size = 0}, StageMemory{.size = after_each_other}};
  std::array<std::string, 2> reports;
  for (std::size_t i = 0; i < 2; ++i)
    reports[i] = ok(analyze(now_in(take), [] { return true; }, memory[i])).report.value().json;
  EXPECT_EQ(reports[0], reports[1]);
  EXPECT_EQ(reports[0], ok(store->report(take.id)));
  EXPECT_GT(memory[1].peak_bytes, 0U);
  EXPECT_LT(memory[1].peak_bytes, memory[0].peak_bytes);
}

TEST_F(Memory, AFileThatIsRefusedByItsDeclarationNeverReachesTheDevice) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording() + "more than was declared");
  ok(object_arrived(*store, take.object_key, now));
  work(failing(Stage::convert, 0));
  EXPECT_EQ(now_in(take).state, State::failed);
  EXPECT_TRUE(tried.empty());
  EXPECT_EQ(state().entered, 1U) << "check reads it, in a mebibyte";
}

}  // namespace
}  // namespace orakgarak::uploads
