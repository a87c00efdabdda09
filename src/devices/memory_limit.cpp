#include "devices/memory_limit.h"

#include <unistd.h>

#include <array>
#include <fstream>

namespace orakgarak::devices {
namespace {

std::string host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

}  // namespace

std::optional<GroupLimit> group_limit(std::istream& of_process, const std::filesystem::path& root) {
  std::optional<GroupLimit> least;
  const auto look = [&](const std::filesystem::path& file, const std::filesystem::path& group) {
    std::uint64_t limit = 0;  // "max" is none
    if (std::ifstream(file) >> limit && limit > 0 && (!least || limit < least->bytes))
      least = {limit, "/" + group.string()};
  };
  for (std::string line; std::getline(of_process, line);) {  // "0::/system.slice/a.service", "4:memory:/a/b"
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && controllers != "memory") continue;
    const auto mounted = root / controllers;
    const auto* const name = controllers.empty() ? "memory.max" : "memory.limit_in_bytes";
    auto group = std::filesystem::path(line.substr(second + 1)).relative_path().lexically_normal();
    look(mounted / name, "");
    for (; !group.empty() && *group.begin() != ".."; group = group.parent_path())
      look(mounted / group / name, group);
  }
  return least;
}

Memory memory_of_this_process() {
  const auto machine = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                       static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::ifstream own("/proc/self/cgroup");
  const auto limit = group_limit(own, "/sys/fs/cgroup");
  if (limit && limit->bytes < machine) return {limit->bytes, "group " + host() + limit->group};
  return {machine, "machine " + host()};
}

}  // namespace orakgarak::devices
