#include "uploads/admission.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <set>

namespace orakgarak::uploads {
namespace {

constexpr std::uint64_t mebibyte = 1ULL << 20;
constexpr auto ask_every = std::chrono::milliseconds(200);

}  // namespace

std::uint64_t estimated_peak_bytes(Stage stage, const Declared&) {
  switch (stage) {
    case Stage::check:
      return mebibyte;
    case Stage::convert:
      return 48 * mebibyte;  // 25 measured
    case Stage::analyze:
      return 96 * mebibyte;  // 66 for 20 minutes
    case Stage::optimize:
    case Stage::thumbnail:
      return 448 * mebibyte;  // 357 for a progressive JPEG of 40 megapixels
  }
  return 0;
}

struct Admission::State {
  explicit State(std::uint64_t bytes) : budget(bytes) {}

  const std::uint64_t budget;
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t granted = 0, next_ticket = 0;
  std::set<std::pair<Priority, std::uint64_t>> waiting;  ///< in the order in which they enter
};

Admission::Admission(std::uint64_t budget_bytes) : state_(std::make_unique<State>(budget_bytes)) {}
Admission::~Admission() = default;

Result<Admission::Grant> Admission::enter(std::uint64_t bytes, Priority priority,
                                          const std::function<bool()>& go_on,
                                          std::chrono::milliseconds most_wait) {
  State& state = *state_;
  if (bytes > state.budget)
    return rejected("never_fits",
                    fmt::format("this work needs {} MiB of memory and this server grants {} MiB at most; its "
                                "operator can raise that",
                                bytes / mebibyte, state.budget / mebibyte));
  const auto until = std::chrono::steady_clock::now() + most_wait;
  std::unique_lock lock(state.mutex);
  const auto place = state.waiting.emplace(priority, state.next_ticket++).first;
  const auto leave = [&] {
    state.waiting.erase(place);
    state.changed.notify_all();
  };
  const auto fits = [&] { return place == state.waiting.begin() && state.granted + bytes <= state.budget; };
  while (!state.changed.wait_for(lock, ask_every, fits)) {
    lock.unlock();
    const bool wanted = go_on();
    lock.lock();
    if (!wanted) {
      leave();
      return fail(ErrorKind::conflict, "job_lost", "another worker has taken this over");
    }
    if (std::chrono::steady_clock::now() >= until && !fits()) {
      leave();
      return fail(ErrorKind::retry, "no_room", "there was no memory for this work for a long time");
    }
  }
  state.granted += bytes;
  leave();
  return Grant([&state, bytes] {
    {
      const std::lock_guard give_back(state.mutex);
      state.granted -= bytes;
    }
    state.changed.notify_all();
  });
}

std::uint64_t Admission::budget() const { return state_->budget; }
std::uint64_t Admission::granted() const {
  const std::lock_guard lock(state_->mutex);
  return state_->granted;
}

std::optional<std::uint64_t> memory_limit(std::istream& of_process, const std::filesystem::path& root) {
  std::optional<std::uint64_t> least;
  const auto look = [&](const std::filesystem::path& file) {
    std::uint64_t limit = 0;
    if (std::ifstream(file) >> limit && limit > 0)
      least = std::min(least.value_or(limit), limit);  // "max" is none
  };
  for (std::string line; std::getline(of_process, line);) {  // "0::/system.slice/a.service", "4:memory:/a/b"
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && controllers != "memory") continue;
    const auto mounted = root / controllers;
    const auto* const name = controllers.empty() ? "memory.max" : "memory.limit_in_bytes";
    auto group = std::filesystem::path(line.substr(second + 1)).relative_path().lexically_normal();
    look(mounted / name);
    for (; !group.empty() && *group.begin() != ".."; group = group.parent_path())
      look(mounted / group / name);
  }
  return least;
}

std::uint64_t default_budget_bytes() {
  const auto machine = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                       static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::ifstream own("/proc/self/cgroup");
  return std::min(machine, memory_limit(own, "/sys/fs/cgroup").value_or(machine)) / 2;
}

}  // namespace orakgarak::uploads
