// Real processes: they are forked, take part in a table, and die as processes do.
#include "devices/shared_device.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <new>
#include <thread>

#include "devices/shared_table.h"

namespace orakgarak::devices {
namespace {

using namespace std::chrono_literals;
using uploads::Device;
using uploads::Engine;
using uploads::Need;
using uploads::Priority;

bool yes() { return true; }
bool no() { return false; }

template <class T>
T ok(Result<T> result) {
  EXPECT_TRUE(result) << result.error().code << ": " << result.error().detail;
  if (!result) std::abort();
  return std::move(*result);
}

Need need(std::vector<std::uint64_t> sizes, Priority priority = Priority::live) {
  return {Engine::voice, priority, std::move(sizes)};
}

/// Memory that forked processes share: how they tell each other where they are.
struct Shared {
  std::atomic<std::uint64_t> in_use, most;
  std::atomic<int> steps, faults;
};

class SharedDevice : public testing::Test {
 protected:
  SharedDevice()
      : file(std::filesystem::temp_directory_path() / fmt::format("orakgarak-device-{}", ::getpid())),
        shared(new(::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                   Shared{}) {
    std::filesystem::remove(file);
  }
  ~SharedDevice() override {
    for (const pid_t child : children) {
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
    std::filesystem::remove(file);
    ::munmap(shared, sizeof(Shared));
  }
  std::unique_ptr<Device> open(std::uint64_t budget = 1000) const {
    return ok(open_device({.file = file, .name = "test", .budget = budget}));
  }
  /// A process that does this and ends.
  template <class Work>
  pid_t process(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
      work();
      ::_exit(0);
    }
    children.push_back(child);
    return child;
  }
  void end(pid_t child, int signal = 0) {
    if (signal != 0) ::kill(child, signal);
    ::waitpid(child, nullptr, 0);
    std::erase(children, child);
  }
  /// Ten seconds at most.
  static bool becomes(const std::function<bool()>& reached) {
    for (int i = 0; i < 1000 && !reached(); ++i) std::this_thread::sleep_for(10ms);
    return reached();
  }
  /// A process that holds so much until it is killed.
  pid_t holder(std::uint64_t bytes) {
    const int before = shared->steps;
    const pid_t child = process([&] {
      const auto device = open();
      const auto grant = ok(device->enter(need({bytes}), yes));
      ++shared->steps;
      for (;;) ::pause();
    });
    EXPECT_TRUE(becomes([&] { return shared->steps > before; }));
    return child;
  }

  const std::filesystem::path file;
  Shared* const shared;
  std::vector<pid_t> children;
};

TEST_F(SharedDevice, TheWholeBudgetFitsAndAByteMoreNever) {
  const auto device = open();
  EXPECT_TRUE(device->enter(need({1000}), yes, 0ms));
  const auto refused = device->enter(need({1001}), yes, 1h);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::rejected);
  EXPECT_EQ(refused.error().code, "never_fits");
}

TEST_F(SharedDevice, WhatIsGrantedComesBack) {
  const auto device = open();
  {
    const auto first = ok(device->enter(need({600}), yes, 0ms));
    EXPECT_EQ(ok(device->state()).granted, 600U);
    EXPECT_EQ(device->enter(need({401}), yes, 0ms).error().code, "no_room");
    EXPECT_TRUE(device->enter(need({400}), yes, 0ms));
  }
  EXPECT_EQ(ok(device->state()).granted, 0U);
  EXPECT_EQ(ok(device->state()).most_granted, 1000U);
}

TEST_F(SharedDevice, WhoWaitsInVainIsToldToTryAgainAndALostJobStopsWaiting) {
  const auto device = open();
  const auto all = ok(device->enter(need({1000}), yes, 0ms));
  EXPECT_EQ(device->enter(need({1}), yes, 1ms).error().kind, ErrorKind::retry);
  EXPECT_EQ(device->enter(need({1}), no, 1h).error().code, "job_lost");
  EXPECT_EQ(ok(device->state()).entries.size(), 1U) << "who gave up waits no more";
}

TEST_F(SharedDevice, AJobWhoseUsualSizeIsMoreThanTheBudgetEntersInALesserOne) {
  const auto device = open();
  const auto grant = ok(device->enter(need({4000, 2000, 800, 100}), yes, 0ms));
  EXPECT_EQ(grant->size(), 2U);
  EXPECT_EQ(grant->bytes(), 800U);
  EXPECT_EQ(ok(device->state()).smaller, 1U);
}

TEST_F(SharedDevice, MeasuredPeaksCorrectWhatIsAskedOfTheNextJobInEveryProcess) {
  const auto device = open();
  ok(device->enter(need({100}), yes, 0ms))->used(200);
  const auto other = open();
  EXPECT_EQ(ok(other->enter(need({100}), yes, 0ms))->bytes(), 225U);
  EXPECT_EQ(other->enter(need({500}), yes, 0ms).error().code, "never_fits");
  EXPECT_EQ(ok(other->enter({Engine::decode, Priority::live, {100}}, yes, 0ms))->bytes(), 100U)
      << "the other engines are as they were";
}

TEST_F(SharedDevice, AfterAFailedAllocationLessIsGivenOutUntilJobsGoWell) {
  const auto device = open();
  {
    const auto first = ok(device->enter(need({400}), yes, 0ms));
    const auto second = ok(device->enter(need({400}), yes, 0ms));
    second->ran_out();
  }
  EXPECT_EQ(ok(device->state()).ran_out, 1U);
  EXPECT_EQ(ok(device->state()).for_now, 700U) << "seven eighths of what was too much";
  {
    const auto first = ok(device->enter(need({400}), yes, 0ms));
    EXPECT_EQ(device->enter(need({301}), yes, 0ms).error().code, "no_room");
    EXPECT_TRUE(device->enter(need({300}), yes, 0ms));
  }
  EXPECT_TRUE(device->enter(need({1000}), yes, 0ms)) << "one job alone may have all of it";
  for (int i = 0; i < 64; ++i) ok(device->enter(need({100}), yes, 0ms))->used(88);
  EXPECT_EQ(ok(device->state()).for_now, 1000U);
}

TEST_F(SharedDevice, HoweverOftenAllocationsFailOneJobAtATimeIsLetIn) {
  const auto device = open();
  for (int i = 0; i < 100; ++i) ok(device->enter(need({500}), yes, 0ms))->ran_out();
  EXPECT_EQ(ok(device->state()).for_now, 500U);
  const auto alone = ok(device->enter(need({500}), yes, 0ms));
  EXPECT_EQ(device->enter(need({1}), yes, 0ms).error().code, "no_room");
}

TEST_F(SharedDevice, TheBudgetThatWasSaidLastCounts) {
  const auto device = open();
  const auto wider = open(2000);
  EXPECT_TRUE(device->enter(need({2000}), yes, 0ms));
  const auto narrower = open(10);
  EXPECT_EQ(device->enter(need({11}), yes, 1h).error().code, "never_fits");
}

TEST_F(SharedDevice, WhoWaitsForABudgetThatIsTakenAwayIsToldAtOnce) {
  const auto device = open();
  auto all = ok(device->enter(need({1000}), yes, 0ms));
  std::unique_ptr<Device> narrower;
  const auto refused = device->enter(
      need({900}),
      [&] {
        if (!narrower) narrower = open(500);
        return true;
      },
      1h);
  EXPECT_EQ(refused.error().code, "never_fits");
}

TEST_F(SharedDevice, AKilledHoldersBytesComeBackAtOnce) {
  const auto device = open();
  const pid_t child = holder(1000);
  EXPECT_EQ(ok(device->state()).granted, 1000U);
  EXPECT_EQ(device->enter(need({1}), yes, 0ms).error().code, "no_room");
  end(child, SIGKILL);
  EXPECT_TRUE(device->enter(need({1000}), yes, 0ms));
  EXPECT_EQ(ok(device->state()).came_back, 1U);
}

TEST_F(SharedDevice, AProcessThatWaitsGetsWhatAKilledOneHeld) {
  const auto device = open();
  const pid_t child = holder(1000);
  std::atomic<bool> killed = false;
  const auto grant = device->enter(
      need({1000}),
      [&] {
        if (!killed.exchange(true)) end(child, SIGKILL);
        return true;
      },
      1h);
  EXPECT_TRUE(grant);
}

TEST_F(SharedDevice, AStoppedHolderKeepsItsBytesSinceItKeepsItsMemory) {
  const auto device = open();
  const pid_t child = holder(600);
  ::kill(child, SIGSTOP);
  EXPECT_EQ(device->enter(need({401}), yes, 300ms).error().code, "no_room");
  EXPECT_TRUE(device->enter(need({400}), yes, 0ms));
  end(child, SIGKILL);  // it is stopped still
  EXPECT_TRUE(device->enter(need({1000}), yes, 0ms));
}

TEST_F(SharedDevice, AStoppedProcessThatWaitsHoldsUpNobodyForLong) {
  const auto device = open();
  auto all = ok(device->enter(need({1000}), yes, 0ms));
  const pid_t child = process([&] {
    const auto own = open();
    const auto grant = own->enter(need({1000}), [&] {
      ++shared->steps;
      return true;
    });
    for (;;) ::pause();
  });
  ASSERT_TRUE(becomes([&] { return shared->steps > 0; }));
  ::kill(child, SIGSTOP);
  all.reset();
  EXPECT_TRUE(device->enter(need({1000}), yes, 30s)) << "it had come later";
}

TEST_F(SharedDevice, AProcessKilledInTheMiddleOfAChangeLeavesTheTableToTheOthers) {
  const auto device = open();
  const pid_t child = process([&] {
    const auto table = ok(SharedTable::open(file, SharedTable::Part::member));
    const auto held = ok(table->lock());
    ++shared->steps;
    for (;;) ::pause();
  });
  ASSERT_TRUE(becomes([&] { return shared->steps > 0; }));
  end(child, SIGKILL);
  EXPECT_TRUE(device->enter(need({1000}), yes, 0ms));
}

TEST_F(SharedDevice, AProcessStoppedInTheMiddleOfAChangeIsToldOfInsteadOfWaitedForEver) {
  const auto own = ok(SharedTable::open(file, SharedTable::Part::member));
  process([&] {
    const auto table = ok(SharedTable::open(file, SharedTable::Part::member));
    const auto held = ok(table->lock());
    ++shared->steps;
    for (;;) ::pause();
  });
  ASSERT_TRUE(becomes([&] { return shared->steps > 0; }));
  const auto refused = own->lock(50ms);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::retry);
  EXPECT_EQ(refused.error().code, "device_unavailable");
}

TEST_F(SharedDevice, LiveWorkOfOneProcessEntersBeforeBatchThatCameEarlierInAnother) {
  const auto device = open();
  auto all = ok(device->enter(need({1000}), yes, 0ms));
  const auto wait = [&](Priority priority, int& place) {
    const int before = static_cast<int>(ok(device->state()).entries.size());
    process([&, priority] {
      const auto own = open();
      const auto grant = ok(own->enter(need({1000}, priority), yes));
      place = ++shared->steps;
    });
    EXPECT_TRUE(becomes([&] { return static_cast<int>(ok(device->state()).entries.size()) > before; }));
  };
  auto* places =
      static_cast<int*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  wait(Priority::batch, places[0]);
  wait(Priority::live, places[1]);
  all.reset();
  EXPECT_TRUE(becomes([&] { return shared->steps == 2; }));
  EXPECT_EQ(places[1], 1);
  EXPECT_EQ(places[0], 2);
  ::munmap(places, 4096);
}

TEST_F(SharedDevice, FourProcessesAtOnceNeverHoldMoreThanTheBudgetThoughSomeAreKilled) {
  const auto device = open(100);
  const auto worker = [&](int seed, bool killed) {
    return process([&, seed, killed] {
      const auto own = open(100);
      std::vector<std::jthread> threads;
      for (int t = 0; t < 3; ++t)
        threads.emplace_back([&, t] {
          for (int i = 0; killed || i < 150; ++i) {
            const auto bytes = static_cast<std::uint64_t>(1 + (seed * 31 + t * 7 + i * 13) % 100);
            const auto priority = (t + i) % 2 == 0 ? Priority::live : Priority::batch;
            const auto grant = own->enter(need({bytes}, priority), yes);
            if (!grant) ++shared->faults;
            if (killed) continue;  // its bytes would stay in the count below
            const auto sum = shared->in_use += bytes;
            if (sum > 100) ++shared->faults;
            std::this_thread::yield();
            shared->in_use -= bytes;
          }
        });
    });
  };
  std::vector<pid_t> workers;
  for (int seed = 0; seed < 4; ++seed) workers.push_back(worker(seed, false));
  for (int round = 0; round < 5; ++round) {
    const pid_t victim = worker(round, true);
    std::this_thread::sleep_for(20ms);
    end(victim, SIGKILL);
  }
  for (const pid_t each : workers) end(each);
  EXPECT_EQ(shared->faults, 0);
  const auto after = ok(device->state());
  EXPECT_EQ(after.granted, 0U);
  EXPECT_TRUE(after.entries.empty());
  EXPECT_LE(after.most_granted, 100U);
}

TEST_F(SharedDevice, BeyondSoManyRowsAndProcessesItSaysSo) {
  std::vector<std::unique_ptr<Device>> members;
  for (std::uint32_t i = 0; i < most_members; ++i) members.push_back(open());
  const auto refused = open_device({.file = file, .name = "test", .budget = 1000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "device_unavailable");
  members.pop_back();
  EXPECT_TRUE(open_device({.file = file, .name = "test", .budget = 1000}));

  std::vector<std::unique_ptr<Device::Grant>> grants;
  for (std::uint32_t i = 0; i < most_rows; ++i) grants.push_back(ok(members[0]->enter(need({1}), yes, 0ms)));
  EXPECT_EQ(members[1]->enter(need({1}), yes, 0ms).error().code, "no_room");
  grants.pop_back();
  EXPECT_TRUE(members[1]->enter(need({1}), yes, 0ms));
}

TEST_F(SharedDevice, AFileThatIsNoTableIsMadeAnewUnlessSomebodyUsesIt) {
  for (const std::string& bytes : {std::string("nonsense"), std::string(sizeof(Table), 'x'), std::string()}) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_TRUE(open()->enter(need({1000}), yes, 0ms));
  }
  const auto device = open();
  std::fstream(file, std::ios::binary | std::ios::in | std::ios::out) << "nonsense";
  const auto refused = open_device({.file = file, .name = "test", .budget = 1000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "device_unavailable");
  EXPECT_TRUE(device->enter(need({1000}), yes, 0ms)) << "who uses it goes on";
}

TEST_F(SharedDevice, NonsenseInRowsIsNobodysAndHarmsNothing) {
  open();
  {
    const auto table = ok(SharedTable::open(file, SharedTable::Part::onlooker));
    const auto held = ok(table->lock());
    for (auto& row : table->table().rows) {
      row.member = 12345;
      row.engine = 999;
      row.priority = 77;
      row.bytes = ~std::uint64_t{0};
      row.state = 42;
    }
  }
  EXPECT_TRUE(ok(look_at_device(file)).entries.empty());
  EXPECT_TRUE(open()->enter(need({1000}), yes, 0ms));
}

TEST_F(SharedDevice, AnOnlookerSeesWhoHoldsAndWhoWaits) {
  EXPECT_EQ(look_at_device(file).error().code, "no_device");
  const auto device = open();
  const auto grant = ok(device->enter(need({700}, Priority::batch), yes, 0ms));
  const auto refused = device->enter(
      need({400}),
      [&] {
        const auto state = ok(look_at_device(file));
        EXPECT_EQ(state.name, "test");
        EXPECT_EQ(state.budget, 1000U);
        EXPECT_EQ(state.granted, 700U);
        if (state.entries.size() != 2) ADD_FAILURE() << state.entries.size();
        EXPECT_TRUE(state.entries.front().holds);
        EXPECT_EQ(state.entries.front().priority, Priority::batch);
        EXPECT_FALSE(state.entries.back().holds);
        EXPECT_EQ(state.entries.back().bytes, 400U);
        EXPECT_EQ(state.entries.back().process, ::getpid());
        return false;
      },
      1h);
  EXPECT_EQ(refused.error().code, "job_lost");
}

TEST_F(SharedDevice, WithoutAFileItIsThisProcessesOwn) {
  const auto first = ok(open_device({.file = {}, .name = "own", .budget = 10}));
  const auto second = ok(open_device({.file = {}, .name = "own", .budget = 10}));
  const auto grant = ok(first->enter(need({10}), yes, 0ms));
  EXPECT_TRUE(second->enter(need({10}), yes, 0ms));
}

TEST_F(SharedDevice, AFolderThatIsNotThereIsSaid) {
  const auto refused = open_device({.file = file / "no" / "such", .name = "test", .budget = 1000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "device_unavailable");
  EXPECT_NE(refused.error().detail.find("--data"), std::string::npos);
}

}  // namespace
}  // namespace orakgarak::devices
