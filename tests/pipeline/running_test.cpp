// The threads that run the pipeline: jobs are done when they are asked for, what is committed is told at
// once, and stopping leaves nothing that the next start does not go on with.
#include <semaphore>
#include <thread>

#include "devices/shared_device.h"
#include "events/dispatcher.h"
#include "events/relay.h"
#include "events/watch_store.h"
#include "events/workers.h"
#include "pipeline.h"

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;
using namespace uploads;

class Running : public Pipeline {
 protected:
  static RelayOptions relay_options() {
    RelayOptions options;
    options.name = new_uuid7(system_now());
    options.look_every = 1h;  // only what is woken
    return options;
  }
  /// Waits for it, ten seconds at most.
  static bool becomes(const std::function<bool()>& reached) {
    for (int i = 0; i < 1000; ++i) {
      if (reached()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return reached();
  }
  Worker thread_safe_worker() {
    Worker w = worker(*store, *objects);
    w.clock = system_now;
    return w;
  }
  Worker on_device(Device& device) {
    Worker w = thread_safe_worker();
    w.device = &device;
    w.length = [](const Upload&) { return TakeLength{Seconds(30)}; };
    return w;
  }
  Upload sent() {
    now = system_now();
    const Upload take = announce(Kind::take, a_recording());
    put(take, a_recording());
    return take;
  }
};

TEST_F(Running, AHintIsEnoughAndEveryTransitionIsToldOnceInOrder) {
  const auto events = in_process_events();
  std::unique_ptr<Workers> workers;
  std::mutex mutex;
  std::vector<std::string> told;
  const auto watching =
      ok(events->subscribe(std::array{std::string(state_changed)}, "page", [&](const Event& event) {
        const std::lock_guard lock(mutex);
        told.push_back(event.envelope);
        return true;
      }));
  const auto asked = ok(events->subscribe(all_topics(), "workers", [&](const Event&) {
    workers->wake();
    return true;
  }));
  std::unique_ptr<Relay> relay;
  const auto telling = watch_store(*store, {.changed = [&] { relay->wake(); }});
  relay = start_relay(*store, *events, relay_options());
  Worker w = thread_safe_worker();
  WorkersOptions options;
  options.look_every = 1h;
  workers = start_workers(
      {.store = *telling, .effect = w.effect, .clock = w.clock, .chance = w.chance, .name = w.name}, options);
  const Upload take = sent();
  ok(object_arrived(*telling, take.object_key, system_now()));
  EXPECT_TRUE(becomes([&] {
    const std::lock_guard lock(mutex);
    return told.size() >= 8;
  }));
  EXPECT_EQ(now_in(take).state, State::completed);
  EXPECT_TRUE(workers->stop(10s));
  const std::lock_guard lock(mutex);
  ASSERT_EQ(told.size(), 8U);
  for (std::size_t i = 0; i < told.size(); ++i)
    EXPECT_NE(told[i].find(take.id.text() + "/" + std::to_string(i + 1) + "\""), std::string::npos)
        << told[i];
}

TEST_F(Running, WhatOneRelayHoldsAnotherLeavesAlone) {
  const auto events = in_process_events();
  sent();
  RelayOptions first = relay_options(), second = relay_options();
  ASSERT_GT(ok(relay_due(*store, *events, first)), 0U);
  sent();
  EXPECT_EQ(relay_due(*store, *events, second).error().code, "relay_held");
  second.clock = [] { return system_now() + 1h; };  // the other one died
  EXPECT_EQ(ok(relay_due(*store, *events, second)), 1U);
}

TEST_F(Running, WhatCouldNotBePublishedIsPublishedLater) {
  class Broken final : public Events {
   public:
    Result<void> publish(std::span<const Event>) override {
      return fail(ErrorKind::retry, "events_unavailable", "the broker is away");
    }
    Result<std::unique_ptr<Subscription>> subscribe(std::span<const std::string>, std::string_view,
                                                    EventHandler) override {
      return fail(ErrorKind::retry, "events_unavailable", "the broker is away");
    }
    Result<std::vector<Lag>> lag() override { return std::vector<Lag>(); }
  } broken;
  const auto events = in_process_events();
  sent();
  const RelayOptions options = relay_options();
  EXPECT_EQ(relay_due(*store, broken, options).error().code, "events_unavailable");
  EXPECT_EQ(ok(relay_due(*store, *events, options)), 1U);
  EXPECT_EQ(ok(relay_due(*store, *events, options)), 0U);
}

TEST_F(Running, MoreThanOnePageIsPublishedInOneGo) {
  const auto events = in_process_events();
  for (int i = 0; i < 5; ++i) sent();
  RelayOptions options = relay_options();
  options.at_once = 2;
  EXPECT_EQ(ok(relay_due(*store, *events, options)), 5U);
}

TEST_F(Running, StoppingLetsARunningJobComeToItsEnd) {
  std::binary_semaphore began(0), go_on(0);
  Worker w = thread_safe_worker();
  const auto effect = w.effect;
  w.effect = [&](Stage stage) -> StageEffect {
    return [&, stage](const Upload& upload, const StillOurs& ours, StageMemory& memory) {
      if (stage == Stage::check) {
        began.release();
        go_on.acquire();
      }
      return effect(stage)(upload, ours, memory);
    };
  };
  const Upload take = sent();
  const auto workers = start_workers(std::move(w), {});
  ok(object_arrived(*store, take.object_key, system_now()));
  workers->wake();
  began.acquire();
  std::jthread release([&] { go_on.release(); });
  EXPECT_TRUE(workers->stop(1min));
  EXPECT_EQ(now_in(take).state, State::uploaded);  // and no other job was begun
}

TEST_F(Running, WhatRunsBeyondTheDeadlineIsGivenBackAndGoesOnAtOnce) {
  std::binary_semaphore began(0);
  Worker w = thread_safe_worker();
  w.effect = [&](Stage) -> StageEffect {
    return [&](const Upload&, const StillOurs& ours, StageMemory&) -> Result<Effect> {
      began.release();
      while (ours()) std::this_thread::yield();
      return fail(ErrorKind::conflict, "job_lost", "told to stop");
    };
  };
  const Upload take = sent();
  const auto workers = start_workers(std::move(w), {});
  ok(object_arrived(*store, take.object_key, system_now()));
  workers->wake();
  began.acquire();
  EXPECT_FALSE(workers->stop(0ms));
  now = system_now();
  run_all();
  EXPECT_EQ(now_in(take).state, State::completed);
}

TEST_F(Running, AJobThatCannotEverFitFailsAtOnceAndSaysSo) {
  const auto small = ok(devices::open_device({.file = {}, .name = "small", .budget = 1}));
  Worker w = on_device(*small);
  const Upload take = sent();
  ok(object_arrived(*store, take.object_key, system_now()));
  EXPECT_EQ(ok(run_one(w, every_stage)), Ran::failed);
  ASSERT_TRUE(now_in(take).failure);
  EXPECT_EQ(now_in(take).failure->code, "never_fits");
}

TEST_F(Running, WhatWasAdmittedGivesItsMemoryBack) {
  const auto device = ok(devices::open_device({.file = {}, .name = "device", .budget = 1ULL << 30}));
  Worker w = on_device(*device);
  const Upload take = sent();
  ok(object_arrived(*store, take.object_key, system_now()));
  while (ok(run_one(w, every_stage)) != Ran::nothing) EXPECT_EQ(ok(device->state()).granted, 0U);
  EXPECT_EQ(now_in(take).state, State::completed);
}

TEST_F(Running, PeriodicWorkIsDoneAgainAndAgainUntilItsEnd) {
  std::atomic<int> count = 0;
  auto periodic = start_periodic(1ms, [&] { ++count; });
  EXPECT_TRUE(becomes([&] { return count >= 3; }));
  periodic.reset();
  const int at_end = count;
  EXPECT_EQ(count, at_end);
}

}  // namespace
}  // namespace orakgarak::events
