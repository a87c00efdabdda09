// Memory for work, given out by bytes beside two at a time: four processes of six threads each share one
// device and do the same jobs, ten times what the budget holds, live and batch mixed, takes of 5 seconds to
// 20 minutes.
//
//   admission            a simulated device whose allocator fails over its limit, then the voice core under a
//                        limit of the kernel, then the same with more given out than there is
//   admission --soak N   the voice core under that limit, for N minutes, with twice the work that enters at
//   once
//
// Ends with 1 where a job failed for memory or a process died, or where resident memory grew.
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "admission_jobs.h"
#include "devices/shared_device.h"
#include "process_usage.h"

namespace orakgarak::bench {
namespace {

constexpr int processes = 4, threads = 6;
constexpr std::uint64_t mebibyte = 1 << 20;

using devices::open_device;
using uploads::Device;
using uploads::Engine;
using uploads::Need;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::_Exit(2);
}

/// Gives the peak.
std::uint64_t do_one(const Work& work, const Job& job, std::size_t size, Shared& shared) {
  const double from = shared.seconds();
  const auto peak = work.run(job, size, shared);
  shared.byte_seconds += static_cast<double>(peak) * (shared.seconds() - from);
  return peak;
}

/// As the worker does it: under a grant, in ever smaller sizes where an allocation fails, and four times,
/// later each time (here by seconds).
bool by_bytes(Device& device, const Work& work, Doing& doing, Shared& shared) {
  const Job& job = doing.job;
  for (int attempt = 0; attempt < 4; ++attempt) {
    std::this_thread::sleep_for(std::chrono::seconds(attempt * attempt));
    std::vector<std::uint64_t> sizes = work.sizes(job);
    for (std::size_t first = 0; !sizes.empty();) {
      const auto grant = device.enter({Engine::voice, job.priority, sizes}, [] { return true; });
      if (!grant) give_up(grant.error().detail);
      shared.enters(doing);
      try {
        (*grant)->used(do_one(work, job, first + (*grant)->size(), shared));
        return true;
      } catch (const std::bad_alloc&) {
        ++shared.retried;
        (*grant)->ran_out();
        const auto tried = static_cast<std::ptrdiff_t>((*grant)->size()) + 1;
        first += (*grant)->size() + 1;
        sizes.erase(sizes.begin(), sizes.begin() + tried);
      }
    }
  }
  return false;
}

/// As the original did it.
bool two_at_a_time(const Work& work, Doing& doing, Shared& shared) {
  while (::sem_wait(&shared.two) != 0) {
  }
  shared.enters(doing);
  bool done = true;
  try {
    do_one(work, doing.job, 0, shared);
  } catch (const std::bad_alloc&) {
    done = false;
  }
  ::sem_post(&shared.two);
  return done;
}

struct Plan {
  const Work& work;
  std::uint64_t budget = 0;
  std::uint64_t limit = 0;  ///< of a process's memory beyond what it starts with; 0: none
  double until = 0;         ///< s: jobs are done again and again; 0: each once
  std::filesystem::path file;
};

void work_in_process(const Plan& plan, bool bytes, Shared& shared) {
  ::mallopt(M_ARENA_MAX, 1);  // another one is 64 MiB of address space, which the limit counts
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  std::unique_ptr<Device> device;
  if (bytes) {
    auto opened = open_device({.file = plan.file, .name = "bench", .budget = plan.budget});
    if (!opened) give_up(opened.error().detail);
    device = std::move(*opened);
  }
  std::atomic<bool> begin = false;
  std::vector<std::jthread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&] {
      begin.wait(false);
      while (Doing* doing = shared.claim(plan.until)) {
        const bool done =
            bytes ? by_bytes(*device, plan.work, *doing, shared) : two_at_a_time(plan.work, *doing, shared);
        doing->ended = shared.seconds();
        ++(done ? shared.done : shared.failed);
      }
    });
  if (plan.limit > 0) {
    const auto start = static_cast<rlim_t>(status_mib(::getpid(), "VmSize:") * mebibyte);
    const rlimit wall{start + plan.limit, start + plan.limit};
    if (::setrlimit(RLIMIT_AS, &wall) != 0) give_up("the limit cannot be set");
  }
  begin = true;
  begin.notify_all();
}

/// Resident memory of all of them, every second, and whether all ended well.
struct Watched {
  std::vector<double> mib;
  int died = 0;
};

Watched watch(std::vector<pid_t> running) {
  Watched watched;
  while (!running.empty()) {
    double sum = 0;
    for (const pid_t child : running) sum += status_mib(child, "VmRSS:");
    watched.mib.push_back(sum);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    std::erase_if(running, [&](pid_t child) {
      int status = 0;
      if (::waitpid(child, &status, WNOHANG) == 0) return false;
      if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ++watched.died;
      return true;
    });
  }
  return watched;
}

Watched do_all(const Plan& plan, bool bytes, Shared& shared) {
  std::filesystem::remove(plan.file);
  std::fflush(stdout);
  shared.began = std::chrono::steady_clock::now();
  std::vector<pid_t> running;
  for (int p = 0; p < processes; ++p) {
    const pid_t child = ::fork();
    if (child == 0) {
      work_in_process(plan, bytes, shared);
      std::_Exit(0);
    }
    running.push_back(child);
  }
  const auto watched = watch(std::move(running));
  std::filesystem::remove(plan.file);
  return watched;
}

struct Told {
  double took = 0, used = 0;
  int failed = 0;
};

Told tell(const char* name, const Plan& plan, const Shared& shared, const Watched& watched) {
  const double took = shared.last_end();
  Told told{took, shared.byte_seconds / (static_cast<double>(plan.budget) * took),
            shared.failed + watched.died};
  const auto waits = [&](uploads::Priority priority) {
    const auto all = shared.waits(priority);
    return fmt::format("{:6.2f} {:6.2f} {:6.2f}", all[all.size() / 2], all[all.size() * 95 / 100],
                       all.back());
  };
  fmt::print("  {:13} {:7.2f} s  {:4.0f} %   {}   {}   {:4} {:6}   {:6.0f} MiB\n", name, took,
             told.used * 100, waits(uploads::Priority::live), waits(uploads::Priority::batch), told.failed,
             shared.retried.load(),
             shared.most > 0 ? static_cast<double>(shared.most.load()) / mebibyte
                             : *std::ranges::max_element(watched.mib));
  return told;
}

bool beside_each_other(const char* title, const Plan& plan, std::uint64_t most) {
  const auto jobs = mixed_jobs(plan.work, plan.budget * 10);
  fmt::print("{}: {} jobs, budget {} MiB, limit {} MiB\n", title, jobs.size(), plan.budget / mebibyte,
             most / mebibyte);
  fmt::print(
      "                      all  in use   wait, live: median p95 most   batch: median p95 most   failed  "
      "retried  most in use (or resident)\n");
  const auto bytes = share(jobs, most), two = share(jobs, most);
  const auto watched_bytes = do_all(plan, true, *bytes);
  const Told ours = tell("by bytes", plan, *bytes, watched_bytes);
  const auto watched_two = do_all(plan, false, *two);
  const Told theirs = tell("two at a time", plan, *two, watched_two);
  fmt::print("  by bytes beside two at a time: {:.2f} of the time, {:.2f} × the use of the budget\n\n",
             ours.took / theirs.took, ours.used / theirs.used);
  return ours.failed == 0 && bytes->done == static_cast<int>(jobs.size());
}

/// Allocations fail, because more is given out than there is: no process ends of it, and the jobs are done.
bool too_much_given_out(Plan plan) {
  const auto jobs = mixed_jobs(plan.work, plan.budget * 10);
  plan.budget *= 10;
  plan.limit = plan.limit * 6 / 10;
  const auto shared = share(jobs, 0);
  const auto watched = do_all(plan, true, *shared);
  fmt::print(
      "Voice core, ten times the budget under 0.6 of the limit: {} allocations failed, {} of {} jobs done, "
      "{} processes died\n",
      shared->retried.load(), shared->done.load(), jobs.size(), watched.died);
  return shared->retried > 0 && shared->failed == 0 && watched.died == 0;
}

/// What the voice core needs beside what is estimated.
void tell_peaks(const Work& work) {
  const auto shared = share({}, 0);
  for (const double take : {5.0, 60.0, 240.0, 1200.0}) {
    const Job job{.take = take, .priority = uploads::Priority::live, .arrives = 0, .truth = 1};
    fmt::print("  a take of {:4.0f} s: {:5.1f} MiB at most, estimated {:3} MiB\n", take,
               static_cast<double>(work.run(job, 0, *shared)) / mebibyte, work.sizes(job).front() / mebibyte);
  }
}

/// The mean of a part of the samples.
double mean(const std::vector<double>& all, double from, double to) {
  const auto at = [&](double part) {
    return all.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(all.size()));
  };
  double sum = 0;
  for (auto i = at(from); i != at(to); ++i) sum += *i;
  return sum / static_cast<double>(at(to) - at(from));
}

bool soak(Plan plan, double minutes) {
  plan.until = minutes * 60;
  const auto jobs = mixed_jobs(plan.work, plan.budget * 10);
  const auto shared = share(jobs, plan.limit);
  fmt::print("soak: {:.0f} minutes, {} threads for {} MiB\n", minutes, processes * threads,
             plan.budget / mebibyte);
  const auto watched = do_all(plan, true, *shared);
  const double early = mean(watched.mib, 0.1, 0.4), late = mean(watched.mib, 0.7, 0.98);
  fmt::print("  {} jobs done, {} failed for memory, {} processes died, {} tried again\n", shared->done.load(),
             shared->failed.load(), watched.died, shared->retried.load());
  fmt::print("  resident, all four: {:.1f} MiB early, {:.1f} MiB late ({:+.1f} %)\n", early, late,
             (late / early - 1) * 100);
  return shared->failed == 0 && watched.died == 0 && std::abs(late / early - 1) <= 0.05;
}

}  // namespace
}  // namespace orakgarak::bench

int main(int argc, char** argv) {
  using namespace orakgarak::bench;
  const auto file = std::filesystem::temp_directory_path() / fmt::format("orakgarak-bench-{}", ::getpid());
  const auto simulated = simulated_device();
  const auto voice = voice_core();
  const Plan real{
      .work = *voice, .budget = 256 * mebibyte, .limit = 384 * mebibyte, .until = 0, .file = file};
  if (argc == 3 && std::string_view(argv[1]) == "--soak") return soak(real, std::atof(argv[2])) ? 0 : 1;
  fmt::print("Voice core\n");
  tell_peaks(*voice);
  const Plan device{.work = *simulated, .budget = 1024 * mebibyte, .limit = 0, .until = 0, .file = file};
  const bool well = beside_each_other("Simulated device", device, 1280 * mebibyte);
  const bool real_well = beside_each_other("Voice core, each process under RLIMIT_AS", real, real.limit);
  return too_much_given_out(real) && real_well && well ? 0 : 1;
}
