#include "devices/memory_limit.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace orakgarak::devices {
namespace {

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
    const auto least = group_limit(lines, root);
    return least ? std::optional(least->bytes) : std::nullopt;
  }
  const std::filesystem::path root =
      std::filesystem::temp_directory_path() / fmt::format("orakgarak-groups-{}", ::getpid());
};

TEST(MemoryLimit, TheMemoryOfAServiceIsTheLeastOfItsControlGroupAndThoseAbove) {
  const ControlGroups groups;
  groups.write("system.slice/memory.max", "max");
  groups.write("system.slice/a.service/memory.max", "1073741824");
  EXPECT_EQ(groups.limit("0::/system.slice/a.service\n"), 1ULL << 30);
  groups.write("system.slice/memory.max", "536870912");
  EXPECT_EQ(groups.limit("0::/system.slice/a.service\n"), 512ULL << 20);
  EXPECT_EQ(groups.limit("0::/other.slice\n"), std::nullopt);
}

TEST(MemoryLimit, TheMemoryOfAContainerStandsAtItsRoot) {
  const ControlGroups groups;
  groups.write("memory.max", "268435456");
  EXPECT_EQ(groups.limit("0::/\n"), 256ULL << 20);
  EXPECT_EQ(groups.limit("0::/../..\n"), 256ULL << 20);  // seen from outside its namespace
}

TEST(MemoryLimit, TheOlderControlGroupsCountToo) {
  const ControlGroups groups;
  groups.write("memory/a/memory.limit_in_bytes", "268435456");
  EXPECT_EQ(groups.limit("9:name=systemd:/\n4:memory:/a/b\n0::/\nnonsense\n"), 256ULL << 20);
  EXPECT_EQ(groups.limit(""), std::nullopt);
}

TEST(MemoryLimit, IsSharedByThoseOfTheGroupThatSetsIt) {
  const ControlGroups groups;
  groups.write("system.slice/memory.max", "1073741824");
  groups.write("system.slice/a.service/memory.max", "536870912");
  std::istringstream own("0::/system.slice/a.service\n"), other("0::/system.slice/b.service\n");
  EXPECT_EQ(group_limit(own, groups.root)->group, "/system.slice/a.service");
  EXPECT_EQ(group_limit(other, groups.root)->group, "/system.slice");
}

TEST(MemoryLimit, OfThisProcessIsOneAndTheSameEveryTime) {
  const Memory memory = memory_of_this_process();
  EXPECT_GT(memory.bytes, 64ULL << 20);
  EXPECT_EQ(memory.shared_by, memory_of_this_process().shared_by);
}

}  // namespace
}  // namespace orakgarak::devices
