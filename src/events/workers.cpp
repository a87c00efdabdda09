#include "events/workers.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
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
    worker_.pause = [this](Duration time) {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, time, [this] { return cut_off_.load(); });
    };
    for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { run(); });
  }
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;
  ~WorkerThreads() override { stop(0ms); }

  void wake() override { alarm_.wake(); }

  bool work(uploads::Stage stage) override {
    const auto ran = run_one(std::array{stage});
    if (!ran) return false;
    if (!*ran) {
      complain((*ran).error());
      return false;
    }
    if (**ran != uploads::Ran::nothing && options_.ran) options_.ran(**ran);
    return true;
  }

  bool stop(std::chrono::milliseconds deadline) override {
    alarm_.end();
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    const bool ended = changed_.wait_for(lock, deadline, [this] { return running_ == 0; });
    cut_off_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return running_ == 0; });
    lock.unlock();
    for (auto& thread : threads_)
      if (thread.joinable()) thread.join();
    return ended;
  }

 private:
  void run() {
    while (const auto ran = run_one(options_.stages)) {
      if (!*ran) complain((*ran).error());
      if (!*ran || **ran == uploads::Ran::nothing) {
        if (!alarm_.sleep(about(*ran ? options_.look_every : 1s, 0.2))) return;
      } else if (options_.ran) {
        options_.ran(**ran);
      }
    }
  }

  /// Nothing where stop() was called.
  std::optional<Result<uploads::Ran>> run_one(std::span<const uploads::Stage> stages) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || running_ < options_.threads; });
    if (stopping_) return std::nullopt;
    ++running_;
    lock.unlock();
    auto ran = uploads::run_one(worker_, stages);
    lock.lock();
    --running_;
    if (ran) complained_ = false;
    lock.unlock();
    changed_.notify_all();
    return ran;
  }

  /// Once until a look succeeds.
  void complain(const Error& error) {
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(complained_, true)) return;
    }
    if (options_.complain) options_.complain(error);
  }

  uploads::Worker worker_;
  const WorkersOptions options_;
  Alarm alarm_;
  std::atomic<bool> cut_off_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  int running_ = 0;  ///< jobs, at most options_.threads
  bool stopping_ = false, complained_ = false;
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
