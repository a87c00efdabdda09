#include "events/kafka/hand_over.h"

#include <algorithm>

namespace orakgarak::events {

void HandOver::assigned(std::span<const Partition> partitions) {
  for (const Partition& partition : partitions) partitions_[partition].ours = true;
}

void HandOver::revoked() {
  std::erase_if(partitions_, [](const auto& entry) { return !entry.second.running; });
  for (auto& [partition, state] : partitions_) state = State{.running = state.running};
}

void HandOver::arrived(const Partition& partition, Fetched fetched) {
  const auto found = partitions_.find(partition);
  if (found != partitions_.end() && found->second.ours) found->second.waiting.push_back(std::move(fetched));
}

std::vector<std::pair<Partition, Fetched>> HandOver::due(Instant now) {
  std::vector<std::pair<Partition, Fetched>> all;
  for (auto& [partition, state] : partitions_) {
    if (state.running || state.waiting.empty() || now < state.not_before) continue;
    state.running = state.waiting.front().offset;
    all.emplace_back(partition, state.waiting.front());
  }
  return all;
}

std::optional<std::int64_t> HandOver::finished(const Partition& partition, std::int64_t offset, bool done,
                                               Instant now) {
  const auto found = partitions_.find(partition);
  State& state = found->second;
  state.running.reset();
  if (!state.ours) {
    partitions_.erase(found);
    return std::nullopt;
  }
  // The partition may have left and come back: only where it goes on with this event is it this event's turn.
  if (state.waiting.empty() || state.waiting.front().offset != offset) return std::nullopt;
  if (!done) {
    state.not_before = now + options_.again_after;
    return std::nullopt;
  }
  state.waiting.pop_front();
  return offset + 1;
}

std::optional<HandOver::Instant> HandOver::next_due() const {
  std::optional<Instant> next;
  for (const auto& [partition, state] : partitions_)
    if (!state.running && !state.waiting.empty() && (!next || state.not_before < *next))
      next = state.not_before;
  return next;
}

bool HandOver::anything_running() const {
  return std::ranges::any_of(partitions_, [](const auto& entry) { return entry.second.running.has_value(); });
}

std::vector<Partition> HandOver::to_pause() {
  std::vector<Partition> all;
  for (auto& [partition, state] : partitions_) {
    if (state.paused || state.waiting.size() < options_.most_waiting) continue;
    state.paused = true;
    all.push_back(partition);
  }
  return all;
}

std::vector<Partition> HandOver::to_resume() {
  std::vector<Partition> all;
  for (auto& [partition, state] : partitions_) {
    if (!state.paused || state.waiting.size() > options_.most_waiting / 2) continue;
    state.paused = false;
    all.push_back(partition);
  }
  return all;
}

std::vector<Partition> HandOver::paused() const {
  std::vector<Partition> all;
  for (const auto& [partition, state] : partitions_)
    if (state.paused) all.push_back(partition);
  return all;
}

}  // namespace orakgarak::events
