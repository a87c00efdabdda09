#include "events/dispatcher.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <vector>

namespace orakgarak::events {
namespace {

/// What waits for one subscription, and the thread that hands it over.
class Queue {
 public:
  Queue(std::size_t most, EventHandler handler)
      : most_(most), handler_(std::move(handler)), thread_([this] { hand_over(); }) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() { close(); }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  /// false: no room in time.
  bool push(const Event& event, std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, until, [this] { return closed_ || waiting_.size() < most_; }))
      return false;
    if (!closed_) waiting_.push_back(event);
    lock.unlock();
    changed_.notify_all();
    return true;
  }

  /// What is not done with.
  std::int64_t waiting(const std::string& topic) {
    const std::lock_guard lock(mutex_);
    return std::ranges::count(waiting_, topic, &Event::topic) +
           (handled_ && handled_->topic == topic ? 1 : 0);
  }

 private:
  void hand_over() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (closed_) return;
      handled_ = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      changed_.notify_all();
      handler_(*handled_);
      lock.lock();
      handled_.reset();
    }
  }

  const std::size_t most_;
  const EventHandler handler_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> waiting_;
  std::optional<Event> handled_;  ///< changed under the lock, by the thread alone
  bool closed_ = false;
  std::thread thread_;  // the last: it uses all of the above
};

using Members = std::vector<std::shared_ptr<Queue>>;

class Dispatcher final : public Events {
 public:
  explicit Dispatcher(const DispatcherOptions& options) : options_(options) {}

  Result<void> publish(std::span<const Event> events) override {
    const auto until = std::chrono::steady_clock::now() + options_.patience;
    for (const Event& event : events)
      for (const auto& queue : queues_for(event))
        if (!queue->push(event, until))
          return fail(ErrorKind::retry, "events_unavailable",
                      "somebody who listens to events does not keep up; they will be told again");
    return {};
  }

  Result<std::unique_ptr<Subscription>> subscribe(std::span<const std::string> topics, std::string_view group,
                                                  EventHandler handler) override {
    auto queue = std::make_shared<Queue>(options_.most_queued, std::move(handler));
    std::vector<Place> places;
    for (const std::string& topic : topics) places.emplace_back(topic, group);
    const std::lock_guard lock(mutex_);
    for (const Place& place : places) groups_[place].push_back(queue);
    return std::make_unique<InProcess>(*this, std::move(places), std::move(queue));
  }

  Result<std::vector<Lag>> lag() override {
    std::vector<Lag> all;
    const std::lock_guard lock(mutex_);
    for (const auto& [place, members] : groups_) {
      Lag lag{place.second, place.first};
      for (const auto& queue : members) lag.events += queue->waiting(place.first);
      all.push_back(std::move(lag));
    }
    std::ranges::sort(all, {}, [](const Lag& one) { return std::tie(one.group, one.topic); });
    return all;
  }

 private:
  using Place = std::pair<std::string, std::string>;  ///< topic, group

  class InProcess final : public Subscription {
   public:
    InProcess(Dispatcher& of, std::vector<Place> places, std::shared_ptr<Queue> queue)
        : of_(of), places_(std::move(places)), queue_(std::move(queue)) {}
    InProcess(const InProcess&) = delete;
    InProcess& operator=(const InProcess&) = delete;
    ~InProcess() override {
      for (const Place& place : places_) of_.leave(place, queue_);
      queue_->close();
    }

   private:
    Dispatcher& of_;
    std::vector<Place> places_;
    std::shared_ptr<Queue> queue_;
  };

  std::vector<std::shared_ptr<Queue>> queues_for(const Event& event) {
    std::vector<std::shared_ptr<Queue>> found;
    const std::lock_guard lock(mutex_);
    for (auto at = groups_.lower_bound({event.topic, ""});
         at != groups_.end() && at->first.first == event.topic; ++at)
      found.push_back(at->second[std::hash<std::string>()(event.key) % at->second.size()]);
    return found;
  }

  void leave(const Place& place, const std::shared_ptr<Queue>& queue) {
    const std::lock_guard lock(mutex_);
    const auto group = groups_.find(place);
    std::erase(group->second, queue);
    if (group->second.empty()) groups_.erase(group);
  }

  const DispatcherOptions options_;
  std::mutex mutex_;
  std::map<Place, Members> groups_;  ///< none is empty
};

}  // namespace

std::unique_ptr<Events> in_process_events(const DispatcherOptions& options) {
  return std::make_unique<Dispatcher>(options);
}

}  // namespace orakgarak::events
