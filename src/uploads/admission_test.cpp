#include "uploads/admission.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;

bool yes() { return true; }
bool no() { return false; }

/// Waits until so many threads wait for `bytes` that nobody can have: they have taken their places.
void until(const std::function<bool()>& reached) {
  for (int i = 0; i < 1000 && !reached(); ++i) std::this_thread::sleep_for(10ms);
}

TEST(Admission, TheWholeBudgetFitsAndAByteMoreNever) {
  Admission admission(1000);
  EXPECT_TRUE(admission.enter(1000, Priority::live, yes, 0ms));
  const auto refused = admission.enter(1001, Priority::live, yes, 1h);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::rejected);
  EXPECT_EQ(refused.error().code, "never_fits");
}

TEST(Admission, WhatIsGrantedComesBackAndIsNeverMoreThanTheBudget) {
  Admission admission(1000);
  {
    const auto first = admission.enter(600, Priority::live, yes, 0ms);
    ASSERT_TRUE(first);
    EXPECT_EQ(admission.granted(), 600U);
    EXPECT_EQ(admission.enter(401, Priority::live, yes, 0ms).error().code, "no_room");
    EXPECT_TRUE(admission.enter(400, Priority::live, yes, 0ms));
  }
  EXPECT_EQ(admission.granted(), 0U);
}

TEST(Admission, WhoWaitsInVainIsToldToTryAgain) {
  Admission admission(1000);
  const auto all = admission.enter(1000, Priority::live, yes, 0ms);
  const auto refused = admission.enter(1, Priority::live, yes, 1ms);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::retry);
}

TEST(Admission, AJobThatIsLostStopsWaiting) {
  Admission admission(1000);
  const auto all = admission.enter(1000, Priority::live, yes, 0ms);
  EXPECT_EQ(admission.enter(1, Priority::live, no, 1h).error().code, "job_lost");
}

TEST(Admission, LiveWorkEntersBeforeBatchThatCameEarlier) {
  Admission admission(1000);
  auto all = admission.enter(1000, Priority::live, yes, 0ms);
  ASSERT_TRUE(all);
  std::mutex mutex;
  std::vector<Priority> entered;
  std::atomic<int> waiting = 0;
  const auto wait = [&](Priority priority) {
    return std::jthread([&, priority] {
      bool counted = false;
      const auto grant = admission.enter(
          1000, priority,
          [&] {  // asked while it waits
            if (!std::exchange(counted, true)) ++waiting;
            return true;
          },
          1min);
      ASSERT_TRUE(grant);
      const std::lock_guard lock(mutex);
      entered.push_back(priority);
    });
  };
  {
    const auto batch = wait(Priority::batch);
    until([&] { return waiting == 1; });
    const auto live = wait(Priority::live);
    until([&] { return waiting == 2; });
    {
      const auto gone = std::move(*all);
    }
  }
  EXPECT_EQ(entered, (std::vector{Priority::live, Priority::batch}));
}

TEST(Admission, ManyAtOnceNeverHoldMoreThanTheBudget) {
  Admission admission(100);
  std::atomic<std::uint64_t> most = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const auto grant =
            admission.enter(static_cast<std::uint64_t>(1 + (t * 7 + i) % 100),
                            t % 2 == 0 ? Priority::live : Priority::batch, yes, std::chrono::minutes(1));
        ASSERT_TRUE(grant);
        most = std::max(most.load(), admission.granted());
      }
    });
  threads.clear();
  EXPECT_LE(most, 100U);
  EXPECT_EQ(admission.granted(), 0U);
}

TEST(Admission, EveryStageFitsIntoAMachineOfOneGibibyte) {
  for (const Stage stage :
       {Stage::check, Stage::convert, Stage::analyze, Stage::optimize, Stage::thumbnail}) {
    EXPECT_GT(estimated_peak_bytes(stage, {}), 0U);
    EXPECT_LE(estimated_peak_bytes(stage, {}), 512ULL << 20);
  }
}

/// A tree of control groups as the kernel shows it.
class ControlGroups {
 public:
  ControlGroups() { std::filesystem::create_directories(root); }
  ~ControlGroups() { std::filesystem::remove_all(root); }
  void write(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((root / file).parent_path());
    std::ofstream(root / file) << text << '\n';
  }
  std::optional<std::uint64_t> limit(const std::string& of_process) const {
    std::istringstream lines(of_process);
    return memory_limit(lines, root);
  }
  const std::filesystem::path root =
      std::filesystem::temp_directory_path() / fmt::format("orakgarak-groups-{}", ::getpid());
};

TEST(Admission, TheMemoryOfAServiceIsTheLeastOfItsControlGroupAndThoseAbove) {
  const ControlGroups groups;
  groups.write("system.slice/memory.max", "max");
  groups.write("system.slice/a.service/memory.max", "1073741824");
  EXPECT_EQ(groups.limit("0::/system.slice/a.service\n"), 1ULL << 30);
  groups.write("system.slice/memory.max", "536870912");
  EXPECT_EQ(groups.limit("0::/system.slice/a.service\n"), 512ULL << 20);
  EXPECT_EQ(groups.limit("0::/other.slice\n"), std::nullopt);
}

TEST(Admission, TheMemoryOfAContainerStandsAtItsRoot) {
  const ControlGroups groups;
  groups.write("memory.max", "268435456");
  EXPECT_EQ(groups.limit("0::/\n"), 256ULL << 20);
  EXPECT_EQ(groups.limit("0::/../..\n"), 256ULL << 20);  // seen from outside its namespace
}

TEST(Admission, TheOlderControlGroupsCountToo) {
  const ControlGroups groups;
  groups.write("memory/a/memory.limit_in_bytes", "268435456");
  EXPECT_EQ(groups.limit("9:name=systemd:/\n4:memory:/a/b\n0::/\nnonsense\n"), 256ULL << 20);
  EXPECT_EQ(groups.limit(""), std::nullopt);
}

TEST(Admission, TheMachineHasABudget) { EXPECT_GT(default_budget_bytes(), 64ULL << 20); }

}  // namespace
}  // namespace orakgarak::uploads
