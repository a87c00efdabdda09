#include "admission_jobs.h"

#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include "devices/allocations.h"
#include "voice/demo_singer.h"
#include "voice/engine.h"

namespace orakgarak::bench {
namespace {

using uploads::Priority;

constexpr double shortest = 5, longest = 20 * 60;

void sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

class SimulatedDevice final : public Work {
 public:
  std::vector<std::uint64_t> sizes(const Job& job) const override {
    return {bytes(job, 0), bytes(job, 1), bytes(job, 2)};
  }
  std::uint64_t run(const Job& job, std::size_t size, Shared& shared) const override {
    constexpr int steps = 4;
    const auto truth = static_cast<std::uint64_t>(static_cast<double>(bytes(job, size)) * 1.2 * job.truth);
    const double seconds = job.take / 400 * (1 + 0.15 * static_cast<double>(size));
    struct Taken {
      Shared& shared;
      std::uint64_t bytes = 0;
      ~Taken() { shared.give_back(bytes); }
    } taken{shared};
    for (int step = 0; step < steps; ++step) {
      shared.take(truth / steps);
      taken.bytes += truth / steps;
      sleep(seconds / steps);
    }
    return taken.bytes;
  }

 private:
  static std::uint64_t bytes(const Job& job, std::size_t size) {
    const auto take = static_cast<std::uint64_t>(job.take) * (600 << 10);
    return (std::uint64_t{64} << 20) + (take >> size);
  }
};

class VoiceCore final : public Work {
 public:
  VoiceCore()
      : samples_(
            voice::sing(voice::VoiceType::tenor, voice::demo_melody(voice::VoiceType::tenor), Hertz(rate))
                .audio.samples) {}

  std::vector<std::uint64_t> sizes(const Job& job) const override {
    return uploads::need_of(uploads::Stage::analyze, job.priority, {Seconds(job.take), true}).sizes;
  }
  std::uint64_t run(const Job& job, std::size_t, Shared&) const override {
    const devices::Allocations allocations;
    auto engine = voice::Engine::create(Hertz(rate));
    const auto all = static_cast<std::size_t>(job.take * rate);
    for (std::size_t at = 0; at < all; at += block)
      engine->push(std::span(samples_).subspan(at % (samples_.size() - block), std::min(block, all - at)));
    engine->finish();
    return allocations.peak_bytes();
  }

 private:
  static constexpr double rate = 48000;
  static constexpr std::size_t block = 16384;  // as the decoder gives them
  const std::vector<float> samples_;
};

}  // namespace

double Shared::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

Doing* Shared::claim(double until) {
  if (until > 0) {
    Doing& doing = jobs[next++ % count];
    return seconds() < until ? &doing : nullptr;
  }
  const auto first = [&](auto wanted) -> Doing* {
    for (std::size_t i = 0; i < count; ++i)
      if (!jobs[i].claimed && wanted(jobs[i].job) && !jobs[i].claimed.exchange(true)) return &jobs[i];
    return nullptr;
  };
  const double now = seconds();
  const auto live = [&](const Job& job) { return job.priority == Priority::live && job.arrives <= now; };
  const auto batch = [](const Job& job) { return job.priority == Priority::batch; };
  if (auto* found = first(live)) return found;
  if (auto* found = first(batch)) return found;
  auto* later = first([](const Job&) { return true; });
  if (later) sleep(std::max(0.0, later->job.arrives - seconds()));
  return later;
}

void Shared::enters(Doing& doing) const {
  double never = -1;
  doing.entered.compare_exchange_strong(never, seconds());
}

void Shared::take(std::uint64_t bytes) {
  const auto sum = in_use += bytes;
  if (sum > limit) {
    in_use -= bytes;
    throw std::bad_alloc();
  }
  for (auto seen = most.load(); seen < sum && !most.compare_exchange_weak(seen, sum);) {
  }
}

double Shared::last_end() const {
  double last = 0;
  for (std::size_t i = 0; i < count; ++i) last = std::max(last, jobs[i].ended.load());
  return last;
}

std::vector<double> Shared::waits(Priority priority) const {
  std::vector<double> all;
  for (std::size_t i = 0; i < count; ++i)
    if (jobs[i].job.priority == priority && jobs[i].entered >= 0)
      all.push_back(std::max(0.0, jobs[i].entered - jobs[i].job.arrives));
  std::ranges::sort(all);
  return all;
}

std::unique_ptr<Work> simulated_device() { return std::make_unique<SimulatedDevice>(); }
std::unique_ptr<Work> voice_core() { return std::make_unique<VoiceCore>(); }

std::vector<Job> mixed_jobs(const Work& work, std::uint64_t bytes) {
  std::minstd_rand random(6);
  std::uniform_real_distribution<double> part(0, 1);
  std::vector<Job> jobs;
  for (std::uint64_t sum = 0; sum < bytes && jobs.size() < Shared::most_jobs;) {
    Job job;
    job.take = shortest * std::pow(longest / shortest, part(random));
    job.priority = jobs.size() % 2 == 0 ? Priority::live : Priority::batch;
    job.truth = 0.9 + 0.2 * part(random);
    if (job.priority == Priority::live) job.arrives = 0.05 * static_cast<double>(jobs.size());
    sum += work.sizes(job).front();
    jobs.push_back(job);
  }
  return jobs;
}

void Unmap::operator()(Shared* shared) const { ::munmap(shared, sizeof(Shared)); }

std::unique_ptr<Shared, Unmap> share(const std::vector<Job>& jobs, std::uint64_t limit) {
  void* mapped = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  std::unique_ptr<Shared, Unmap> shared(new (mapped) Shared);
  for (const Job& job : jobs) shared->jobs[shared->count++].job = job;
  shared->limit = limit;
  ::sem_init(&shared->two, 1, 2);
  shared->began = std::chrono::steady_clock::now();
  return shared;
}

}  // namespace orakgarak::bench
