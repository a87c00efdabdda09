#pragma once
// How much memory the processes here may use together, and who else shares it: what a budget is made from.
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace orakgarak::devices {

/// A control group's own limit.
struct GroupLimit {
  std::uint64_t bytes = 0;
  std::string group;  ///< "/system.slice/a.service"
};

/// The least limit of the control group of a process and of those above it; nothing where there is none.
/// of_process: its /proc/PID/cgroup. root: where control groups are mounted, of version 2 or 1.
std::optional<GroupLimit> group_limit(std::istream& of_process, const std::filesystem::path& root);

/// The memory that this process may use: of the machine or of its control group, whichever is less.
struct Memory {
  std::uint64_t bytes = 0;
  std::string
      shared_by;  ///< "machine HOST", "group HOST/system.slice/a.service": the same for all who share it
};
Memory memory_of_this_process();

}  // namespace orakgarak::devices
