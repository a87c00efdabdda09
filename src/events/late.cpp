#include "events/late.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "events/alarm.h"

namespace orakgarak::events {
namespace {

std::unexpected<Error> not_there() {
  return fail(ErrorKind::retry, "events_unavailable",
              "the broker has not answered since the start; what happens waits in the outbox");
}

class LateEvents final : public Events {
 public:
  LateEvents(std::function<Result<std::unique_ptr<Events>>()> open, LateOptions options)
      : open_(std::move(open)), options_(std::move(options)), thread_([this] { run(); }) {}
  LateEvents(const LateEvents&) = delete;
  LateEvents& operator=(const LateEvents&) = delete;
  ~LateEvents() override {
    alarm_.end();
    thread_.join();
  }

  /// How the first try ended, unless it takes longer.
  std::optional<Error> first_failure() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, options_.first_wait, [this] { return tried_; });
    return failure_;
  }

  Result<void> publish(std::span<const Event> events) override {
    Events* const there = there_.load();
    if (!there) return not_there();
    return there->publish(events);
  }

  Result<std::unique_ptr<Subscription>> subscribe(std::span<const std::string> topics, std::string_view group,
                                                  EventHandler handler) override {
    const std::lock_guard lock(mutex_);
    if (Events* const there = there_.load()) return there->subscribe(topics, group, std::move(handler));
    auto wanted = std::make_shared<Wanted>(std::vector<std::string>(topics.begin(), topics.end()),
                                           std::string(group), std::move(handler));
    wanted_.push_back(wanted);
    return std::make_unique<Waiting>(*this, std::move(wanted));
  }

  Result<std::vector<Lag>> lag() override {
    Events* const there = there_.load();
    if (!there) return not_there();
    return there->lag();
  }

  std::optional<BrokerHealth> broker() override {
    Events* const there = there_.load();
    return there ? there->broker() : BrokerHealth{};
  }

 private:
  struct Wanted {
    std::vector<std::string> topics;
    std::string group;
    EventHandler handler;
    std::unique_ptr<Subscription> subscription{};  ///< under the lock
  };

  class Waiting final : public Subscription {
   public:
    Waiting(LateEvents& of, std::shared_ptr<Wanted> wanted) : of_(of), wanted_(std::move(wanted)) {}
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() override {
      std::unique_ptr<Subscription> had;  // it waits for its handler: outside of the lock
      const std::lock_guard lock(of_.mutex_);
      std::erase(of_.wanted_, wanted_);
      had = std::move(wanted_->subscription);
    }

   private:
    LateEvents& of_;
    std::shared_ptr<Wanted> wanted_;
  };

  void run() {
    bool complained = false;
    for (;;) {
      const auto failure = try_once();
      if (!failure) return;
      if (!std::exchange(complained, true) && options_.complain) options_.complain(*failure);
      if (!alarm_.sleep(options_.try_every)) return;
    }
  }

  std::optional<Error> try_once() {
    std::optional<Error> failure;
    if (!opened_) {
      auto opened = open_();
      if (opened)
        opened_ = std::move(*opened);
      else
        failure = std::move(opened.error());
    }
    const std::lock_guard lock(mutex_);
    if (opened_) failure = subscribe_all();
    tried_ = true;
    failure_ = failure;
    if (!failure) there_ = opened_.get();
    changed_.notify_all();
    return failure;
  }

  /// Under the lock.
  std::optional<Error> subscribe_all() {
    for (const auto& wanted : wanted_) {
      if (wanted->subscription) continue;
      auto subscribed = opened_->subscribe(wanted->topics, wanted->group, wanted->handler);
      if (!subscribed) return std::move(subscribed.error());
      wanted->subscription = std::move(*subscribed);
    }
    return std::nullopt;
  }

  const std::function<Result<std::unique_ptr<Events>>()> open_;
  const LateOptions options_;
  Alarm alarm_;
  std::unique_ptr<Events> opened_;  ///< the thread's, until there_ says so
  std::atomic<Events*> there_ = nullptr;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool tried_ = false;
  std::optional<Error> failure_;  ///< of the last try
  std::vector<std::shared_ptr<Wanted>> wanted_;
  std::thread thread_;  // the last: it uses all of the above
};

}  // namespace

Result<std::unique_ptr<Events>> late_events(std::function<Result<std::unique_ptr<Events>>()> open,
                                            LateOptions options) {
  auto events = std::make_unique<LateEvents>(std::move(open), std::move(options));
  if (auto failure = events->first_failure(); failure && failure->kind != ErrorKind::retry)
    return std::unexpected(std::move(*failure));
  return events;
}

}  // namespace orakgarak::events
