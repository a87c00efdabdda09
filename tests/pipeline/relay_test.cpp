// What the relay publishes of retries and dead letters: when, and on which topic.
#include "events/relay.h"

#include <mutex>
#include <nlohmann/json.hpp>

#include "pipeline.h"

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;
using namespace uploads;

/// Keeps what is published; tells nobody.
class Published final : public Events {
 public:
  Result<void> publish(std::span<const Event> events) override {
    all.insert(all.end(), events.begin(), events.end());
    return {};
  }
  Result<std::unique_ptr<Subscription>> subscribe(std::span<const std::string>, std::string_view,
                                                  EventHandler) override {
    return rejected("not_here", "");
  }
  Result<std::vector<Lag>> lag() override { return std::vector<Lag>(); }
  std::vector<Event> all;
};

class Relaying : public Pipeline {
 protected:
  /// What becomes due now, as "topic key".
  std::vector<std::string> published() {
    RelayOptions options;
    options.name = "relay";
    options.clock = [this] { return now; };
    Published to;
    ok(relay_due(*store, to, options));
    std::vector<std::string> told;
    for (const auto& event : to.all) told.push_back(event.topic + " " + event.key);
    last = to.all.empty() ? nlohmann::json() : nlohmann::json::parse(to.all.back().envelope);
    return told;
  }
  static Result<void> away() { return fail(ErrorKind::retry, "objects_unavailable", "away"); }
  nlohmann::json last;
};

TEST_F(Relaying, ARetryIsPublishedWhenItIsDueAndNotBeforeOnTheTopicOfItsStage) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  before_effect = [](Stage stage) { return stage == Stage::convert ? away() : Result<void>(); };
  run_all();
  published();
  const Time due = ok(store->jobs(take.id)).at(0).job.run_after;
  EXPECT_EQ(due, now + 5s);
  now = due - Duration{1};
  EXPECT_TRUE(published().empty());
  now = due;
  EXPECT_EQ(published(), std::vector{jobs_topic(Priority::live, Stage::convert) + " " + take.id.text()});
  EXPECT_EQ(last["data"]["attempts"], 1);
  EXPECT_TRUE(published().empty()) << "once";
}

TEST_F(Relaying, ARetryOfBatchWorkStaysOnItsOwnTopic) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  run_all();
  published();
  ok(store->enqueue(take.id, {JobId::make(now), Stage::analyze, Priority::batch, now}, now));
  const std::vector batch{jobs_topic(Priority::batch, Stage::analyze) + " " + take.id.text()};
  EXPECT_EQ(published(), batch);
  before_effect = [](Stage) { return away(); };
  run_all();
  EXPECT_TRUE(published().empty());
  now += 5s;
  EXPECT_EQ(published(), batch);
}

TEST_F(Relaying, AReplacedReportIsToldAmongTheUploads) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  run_all();
  ok(store->enqueue(take.id, {JobId::make(now), Stage::analyze, Priority::batch, now}, now));
  published();
  run_all();
  EXPECT_EQ(published(), std::vector{std::string(state_changed) + " " + take.id.text()});
  EXPECT_EQ(last["type"], "orakgarak.upload.report_replaced");
  EXPECT_EQ(last["data"]["owner"], owner.text());
}

TEST_F(Relaying, WhatIsGivenUpIsToldOnTheTopicOfTheDeadAndKeptInTheTable) {
  const Upload take = announce(Kind::take, a_recording());
  put(take, a_recording());
  ok(object_arrived(*store, take.object_key, now));
  before_effect = [](Stage) { return away(); };
  for (int attempt = 0; attempt < 4; ++attempt, now += 15min) {
    published();
    run_all();
  }
  EXPECT_EQ(published(), (std::vector{std::string(state_changed) + " " + take.id.text(),
                                      std::string(dead_jobs) + " " + take.id.text()}));
  const auto letter = ok(store->dead_letters(10)).at(0);
  EXPECT_EQ(last["type"], "orakgarak.job.dead");
  EXPECT_EQ(last["data"]["job"], letter.id.text());
  EXPECT_EQ(last["data"]["code"], "objects_unavailable");
  EXPECT_EQ(last["data"]["attempts"], 4);
}

}  // namespace
}  // namespace orakgarak::events
