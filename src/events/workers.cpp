#include "events/workers.h"

#include <atomic>
#include <random>
#include <thread>

#include "events/alarm.h"

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;

/// Some time, ± `share` of it, so that what began together does not go on together.
std::chrono::milliseconds about(std::chrono::milliseconds time, double share) {
  thread_local std::minstd_rand random(std::random_device{}());
  std::uniform_real_distribution<double> part(1 - share, 1 + share);
  return std::chrono::milliseconds(
      static_cast<std::chrono::milliseconds::rep>(static_cast<double>(time.count()) * part(random)));
}

class WorkerThreads final : public Workers {
 public:
  WorkerThreads(uploads::Worker worker, WorkersOptions options)
      : worker_(std::move(worker)), options_(std::move(options)), alarm_(options_.threads) {
    worker_.stopping = [this] { return cut_off_.load(); };
    for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { run(); });
  }
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;
  ~WorkerThreads() override { stop(0ms); }

  void wake() override { alarm_.wake(); }

  bool stop(std::chrono::milliseconds deadline) override {
    alarm_.end();
    std::unique_lock lock(mutex_);
    const bool ended = ended_.wait_for(lock, deadline, [this] { return running_ == 0; });
    lock.unlock();
    cut_off_ = true;
    for (auto& thread : threads_)
      if (thread.joinable()) thread.join();
    return ended;
  }

 private:
  void run() {
    bool complained = false;
    while (!alarm_.ended()) {
      const auto ran = work();
      if (!ran && !complained && options_.complain) options_.complain(ran.error());
      complained = !ran;
      if (!ran || *ran == uploads::Ran::nothing) {
        if (!alarm_.sleep(about(ran ? options_.look_every : 1s, 0.2))) return;
      } else if (options_.ran) {
        options_.ran(*ran);
      }
    }
  }

  Result<uploads::Ran> work() {
    count(1);
    auto ran = uploads::run_one(worker_, options_.stages);
    count(-1);
    return ran;
  }

  void count(int change) {
    {
      const std::lock_guard lock(mutex_);
      running_ += change;
    }
    ended_.notify_all();
  }

  uploads::Worker worker_;
  const WorkersOptions options_;
  Alarm alarm_;
  std::atomic<bool> cut_off_ = false;
  std::mutex mutex_;
  std::condition_variable ended_;
  int running_ = 0;
  std::vector<std::thread> threads_;
};

class PeriodicThread final : public Periodic {
 public:
  PeriodicThread(std::chrono::milliseconds interval, std::function<void()> work)
      : interval_(interval), work_(std::move(work)), thread_([this] { run(); }) {}
  PeriodicThread(const PeriodicThread&) = delete;
  PeriodicThread& operator=(const PeriodicThread&) = delete;
  ~PeriodicThread() override {
    alarm_.end();
    thread_.join();
  }

 private:
  void run() {
    do work_();
    while (alarm_.sleep(about(interval_, 0.1)));
  }

  const std::chrono::milliseconds interval_;
  const std::function<void()> work_;
  Alarm alarm_;
  std::thread thread_;  // the last: it uses all of the above
};

}  // namespace

std::unique_ptr<Workers> start_workers(uploads::Worker worker, WorkersOptions options) {
  return std::make_unique<WorkerThreads>(std::move(worker), std::move(options));
}

std::unique_ptr<Periodic> start_periodic(std::chrono::milliseconds interval, std::function<void()> work) {
  return std::make_unique<PeriodicThread>(interval, std::move(work));
}

}  // namespace orakgarak::events
