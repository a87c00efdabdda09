// Who holds a port, as far as /proc shows it to this user.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include "net/server.h"

namespace orakgarak::net {
namespace {

namespace fs = std::filesystem;

/// Socket inodes that listen on `port`: /proc/net/tcp has one socket a line, addresses in hexadecimal.
std::vector<std::string> listening_inodes(const char* table, std::uint16_t port) {
  const std::string wanted = fmt::format(":{:04X}", port);
  std::vector<std::string> inodes;
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
    constexpr std::string_view listening = "0A";
    if (local.ends_with(wanted) && state == listening) inodes.push_back("socket:[" + inode + "]");
  }
  return inodes;
}

bool holds_any(const fs::path& process, const std::vector<std::string>& sockets) {
  std::error_code error;
  for (fs::directory_iterator fd(process / "fd", error), end; !error && fd != end; fd.increment(error)) {
    std::error_code gone;
    const auto target = fs::read_symlink(*fd, gone).string();
    if (!gone && std::ranges::find(sockets, target) != sockets.end()) return true;
  }
  return false;
}

}  // namespace

std::string who_listens_on(std::uint16_t port) {
  std::vector<std::string> sockets = listening_inodes("/proc/net/tcp", port);
  std::ranges::copy(listening_inodes("/proc/net/tcp6", port), std::back_inserter(sockets));
  if (sockets.empty()) return {};
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string id = entry->path().filename().string();
    const bool is_process = std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_process || !holds_any(entry->path(), sockets)) continue;
    std::string name;
    std::getline(std::ifstream(entry->path() / "comm"), name);
    return fmt::format("{} (process {})", name.empty() ? "a program" : name, id);
  }
  return {};
}

}  // namespace orakgarak::net
