#include "app/telling.h"

#include <array>
#include <nlohmann/json.hpp>

namespace orakgarak::app {
namespace {

/// The person whose upload moved; nothing for an envelope of another shape.
std::optional<uploads::OwnerId> owner_of(const events::Event& event) {
  const auto json = nlohmann::json::parse(event.envelope, nullptr, false);
  if (!json.is_object() || !json.contains("data") || !json["data"].is_object()) return std::nullopt;
  const auto owner = json["data"].find("owner");
  if (owner == json["data"].end() || !owner->is_string()) return std::nullopt;
  return uploads::OwnerId::parse(owner->get<std::string>());
}

}  // namespace

Adapters Telling::counted(Adapters adapters, Meters& meters) {
  adapters.events = count_published(std::move(adapters.events), meters);
  return adapters;
}

events::StoreWatch Telling::watch(Telling& self, Journal& journal, Meters& meters) {
  auto watch = journal.watch(meters.store_watch(*self.adapters_.rows.uploads));
  watch.changed = [&self] { self.relay_->wake(); };
  return watch;
}

Telling::Telling(Adapters adapters, Journal& journal, Meters& meters)
    : adapters_(counted(std::move(adapters), meters)),
      relay_(events::start_relay(*adapters_.rows.uploads, *adapters_.events,
                                 {.name = new_uuid7(system_now()),
                                  .complain = [&journal](const Error& error) { journal.complain(error); }})),
      told_(events::watch_store(*adapters_.rows.uploads, watch(*this, journal, meters))) {}

void Telling::be_asked(Meters& meters) {
  if (adapters_.rows.pool) meters.look_at(adapters_.rows.pool);
  meters.ask(*adapters_.rows.uploads);
  meters.ask(*adapters_.objects);
  meters.ask(*adapters_.events);
}

Result<void> Telling::subscribe(std::span<const std::string> topics, events::EventHandler handler) {
  auto subscribed = adapters_.events->subscribe(topics, "serve", std::move(handler));
  if (!subscribed) return std::unexpected(std::move(subscribed.error()));
  subscriptions_.push_back(std::move(*subscribed));
  return {};
}

Result<void> Telling::listen(const Settings& settings, const Waiting& waiting) {
  const bool alone = !shares_rows(settings);
  // Whoever shares the rows hears of its own changes as of all others: by the database.
  if (alone && waiting.moved)
    if (auto done = subscribe(std::array{std::string(events::state_changed)},
                              [moved = waiting.moved](const events::Event& event) {
                                if (const auto owner = owner_of(event)) moved(*owner);
                                return true;
                              });
        !done)
      return done;
  // A broker hands its events over to be worked on (working.h); these ones only wake.
  const bool wakes = waiting.jobs && !adapters_.keeps_events;
  if (wakes)
    if (auto done = subscribe(events::all_jobs_topics(),
                              [jobs = waiting.jobs](const events::Event&) {
                                jobs();
                                return true;
                              });
        !done)
      return done;
  watching_ = watch_rows(settings, {.moved =
                                        [waiting](const uploads::OwnerId& owner) {
                                          if (waiting.moved) waiting.moved(owner);
                                        },
                                    .outbox =
                                        [this, wakes, waiting] {
                                          relay_->wake();
                                          if (wakes) waiting.jobs();
                                        },
                                    .missed =
                                        [this, waiting] {
                                          relay_->wake();
                                          if (waiting.any_moved) waiting.any_moved();
                                          if (waiting.jobs) waiting.jobs();
                                        }});
  return {};
}

void Telling::stop_listening() {
  watching_.reset();
  subscriptions_.clear();
}

}  // namespace orakgarak::app
