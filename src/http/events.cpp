#include "http/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <unordered_map>
#include <unordered_set>

#include "http/upload_json.h"

namespace orakgarak::http {

struct EventHub::Client {
  uploads::OwnerId owner;
  std::string session;
  Time expires;
  std::int64_t after = 0;  ///< the last sequence number that was sent; the stepping thread's alone
  Time beat_at{};          ///< the stepping thread's alone
  std::shared_ptr<net::StreamSink> sink{};  ///< nothing until its head is on the way
};

struct EventHub::State {
  mutable std::mutex mutex;
  std::condition_variable woken;
  std::unordered_map<std::string, std::vector<std::shared_ptr<Client>>> by_owner;
  std::unordered_set<std::string> to_read;
  std::unordered_map<std::string, Time> failed;  ///< whose read failed, and when to try again
  std::size_t clients = 0;

  void remove(const std::shared_ptr<Client>& client) {
    std::shared_ptr<net::StreamSink> last;  // may be the last to hold it: it goes outside of the lock
    const std::lock_guard lock(mutex);
    last = std::move(client->sink);
    const auto found = by_owner.find(client->owner.text());
    if (found == by_owner.end()) return;
    clients -= std::erase(found->second, client);
    if (found->second.empty()) by_owner.erase(found);
  }

  /// Whose heartbeat is due, and whose session has ended. Under the lock.
  void look_at_all(Time now, Duration heartbeat, std::vector<std::shared_ptr<net::StreamSink>>& to_beat,
                   std::vector<std::shared_ptr<net::StreamSink>>& to_close) {
    for (const auto& [owner, all] : by_owner)
      for (const auto& client : all) {
        if (!client->sink) continue;
        if (client->expires <= now) {
          to_close.push_back(client->sink);
        } else if (client->beat_at <= now) {
          if (client->beat_at != Time{}) to_beat.push_back(client->sink);
          client->beat_at = now + heartbeat;
        }
      }
  }

  /// Of those for which `chosen` holds. Their sinks are closed outside of the lock: that calls us back.
  void close(const std::function<bool(const Client&)>& chosen) {
    std::vector<std::shared_ptr<net::StreamSink>> sinks;
    {
      const std::lock_guard lock(mutex);
      for (const auto& [owner, all] : by_owner)
        for (const auto& client : all)
          if (chosen(*client)) {
            client->expires = Time{};  // one that is not open yet is closed when it opens
            if (client->sink) sinks.push_back(client->sink);
          }
    }
    for (const auto& sink : sinks) sink->close();
  }
};

EventHub::EventHub(uploads::UploadStore& store, EventHubOptions options)
    : state_(std::make_shared<State>()), store_(store), options_(options) {}

EventHub::~EventHub() { close_all(); }

Result<net::StreamBody> EventHub::open(const uploads::OwnerId& owner, const std::string& session,
                                       Time expires, std::int64_t sequence) {
  auto client = std::make_shared<Client>(Client{owner, session, expires, sequence});
  {
    const std::lock_guard lock(state_->mutex);
    auto& all = state_->by_owner[owner.text()];
    if (all.size() >= static_cast<std::size_t>(options_.most_per_person))
      return fail(ErrorKind::retry, "too_many_streams",
                  fmt::format("This person has {} event streams open already; close one first.", all.size()));
    all.push_back(client);
    ++state_->clients;
  }
  net::StreamBody body;
  body.opened = [state = state_, client](std::shared_ptr<net::StreamSink> sink) {
    // The first bytes open the stream at the client; how long it waits before it comes back.
    if (!sink->write("retry: 2000\n\n")) return;
    bool closed = false;
    {
      const std::lock_guard lock(state->mutex);
      client->sink = sink;
      closed = client->expires == Time{};
      state->to_read.insert(client->owner.text());
    }
    if (closed) return sink->close();
    state->woken.notify_one();
  };
  body.closed = [state = state_, client] { state->remove(client); };
  return body;
}

void EventHub::wake(const uploads::OwnerId& owner) {
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->by_owner.contains(owner.text())) return;
    state_->to_read.insert(owner.text());
  }
  state_->woken.notify_one();
}

void EventHub::wake_all() {
  {
    const std::lock_guard lock(state_->mutex);
    for (const auto& [owner, clients] : state_->by_owner) state_->to_read.insert(owner);
  }
  state_->woken.notify_one();
}

void EventHub::close_session(const std::string& session) {
  state_->close([&](const Client& client) { return client.session == session; });
}
void EventHub::close_person(const uploads::OwnerId& owner) {
  state_->close([&](const Client& client) { return client.owner == owner; });
}
void EventHub::close_all() {
  state_->close([](const Client&) { return true; });
}

std::size_t EventHub::clients() const {
  const std::lock_guard lock(state_->mutex);
  return state_->clients;
}

void EventHub::read_for(const uploads::OwnerId& owner, Time now) {
  std::vector<std::pair<std::shared_ptr<Client>, std::shared_ptr<net::StreamSink>>> clients;
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->by_owner.find(owner.text());
    if (found == state_->by_owner.end()) return;
    for (const auto& client : found->second)
      if (client->sink) clients.emplace_back(client, client->sink);
  }
  while (!clients.empty()) {
    const auto least = std::ranges::min(clients, {}, [](const auto& c) { return c.first->after; });
    const auto events = store_.owner_events(owner, least.first->after, options_.at_once);
    if (!events) {
      const std::lock_guard lock(state_->mutex);
      state_->failed[owner.text()] = now + options_.look_again;
      return;
    }
    std::vector<std::string> texts;
    texts.reserve(events->size());
    for (const auto& event : *events) texts.push_back(event_text(event));
    std::erase_if(clients, [&](const auto& entry) {
      auto& [client, sink] = entry;
      std::string bytes;
      for (std::size_t i = 0; i < events->size(); ++i)
        if ((*events)[i].sequence > client->after) bytes += texts[i];
      if (bytes.empty()) return false;
      client->after = events->back().sequence;
      client->beat_at = now + options_.heartbeat;
      if (sink->write(std::move(bytes))) return false;
      ++dropped_;
      return true;  // it is closed, and comes back by itself
    });
    if (events->size() < options_.at_once) return;
  }
}

void EventHub::step(Time now) {
  std::vector<std::string> owners;
  std::vector<std::shared_ptr<net::StreamSink>> to_beat, to_close;
  {
    const std::lock_guard lock(state_->mutex);
    owners.assign(state_->to_read.begin(), state_->to_read.end());
    state_->to_read.clear();
    std::erase_if(state_->failed, [&](const auto& failed) {
      if (failed.second > now) return false;
      owners.push_back(failed.first);
      return true;
    });
    if (now >= look_at_all_) state_->look_at_all(now, options_.heartbeat, to_beat, to_close);
  }
  if (now >= look_at_all_) look_at_all_ = now + std::chrono::seconds(1);
  for (const auto& owner : owners)
    if (const auto id = uploads::OwnerId::parse(owner)) read_for(*id, now);
  for (const auto& sink : to_beat) sink->write(":\n\n");
  for (const auto& sink : to_close) sink->close();
}

void EventHub::run(const std::function<bool()>& stop, const Clock& clock) {
  while (!stop()) {
    step(clock());
    std::unique_lock lock(state_->mutex);
    state_->woken.wait_for(lock, std::chrono::seconds(1), [&] { return !state_->to_read.empty(); });
  }
}

std::string event_text(const uploads::OwnerEvent& event) {
  return fmt::format("id: {}\nevent: transition\ndata: {}\n\n", event.sequence,
                     formats::to_line(event_json(event)));
}

}  // namespace orakgarak::http
