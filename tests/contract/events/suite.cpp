#include "suite.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <semaphore>
#include <set>
#include <thread>

namespace orakgarak::events {
namespace {

Event event(std::string key, int number, std::string_view topic = state_changed) {
  return {std::string(topic), std::move(key), "{\"n\":" + std::to_string(number) + "}"};
}

const std::string a_job = jobs_topic(uploads::Priority::live, uploads::Stage::convert);

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class EventsContract : public testing::Test {
 protected:
  void publish(const std::vector<Event>& all) { ok(events->publish(all)); }
  std::unique_ptr<Subscription> listen(Heard& heard, std::string_view group = "one",
                                       std::string_view topic = state_changed) {
    return ok(events->subscribe(std::array{std::string(topic)}, group, heard.handler()));
  }

  std::unique_ptr<Events> events = open_events();
};

TEST_F(EventsContract, WhatIsPublishedComesAsItIs) {
  Heard heard;
  const auto listening = listen(heard);
  publish({event("a", 1)});
  const auto got = heard.wait_for(1);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].topic, state_changed);
  EXPECT_EQ(got[0].key, "a");
  EXPECT_EQ(got[0].envelope, "{\"n\":1}");
}

TEST_F(EventsContract, EventsOfOneKeyKeepTheirOrder) {
  Heard heard;
  const auto listening = listen(heard);
  std::vector<Event> all;
  for (int i = 0; i < 300; ++i) all.push_back(event(std::string(1, static_cast<char>('a' + i % 3)), i));
  publish(std::vector(all.begin(), all.begin() + 150));
  publish(std::vector(all.begin() + 150, all.end()));
  std::map<std::string, std::vector<std::string>> wanted, got;
  for (const Event& e : all) wanted[e.key].push_back(e.envelope);
  for (const Event& e : heard.wait_for(300)) got[e.key].push_back(e.envelope);
  EXPECT_EQ(got, wanted);
}

TEST_F(EventsContract, EachTopicIsItsOwn) {
  Heard jobs, dead;
  const auto first = listen(jobs, "one", a_job), second = listen(dead, "one", dead_jobs);
  publish({event("a", 1, a_job), event("a", 2, dead_jobs), event("a", 3, a_job)});
  EXPECT_EQ(jobs.wait_for(2).size(), 2U);
  EXPECT_EQ(dead.wait_for(1).size(), 1U);
}

TEST_F(EventsContract, OneSubscriptionMayHearSeveralTopics) {
  Heard heard;
  const auto both = ok(events->subscribe(std::array{a_job, std::string(dead_jobs)}, "one", heard.handler()));
  publish({event("a", 1, a_job), event("b", 2, dead_jobs), event("c", 3, state_changed)});
  std::set<std::string> topics;
  for (const Event& e : heard.wait_for(2)) topics.insert(e.topic);
  EXPECT_EQ(topics, (std::set{a_job, std::string(dead_jobs)}));
}

TEST_F(EventsContract, WhatIsNotDoneWithIsTheLagOfItsGroup) {
  std::binary_semaphore go_on(0);
  Heard heard;
  const auto listening = ok(events->subscribe(std::array{a_job}, "one", [&](const Event& e) {
    go_on.acquire();
    heard.handler()(e);
    go_on.release();
    return true;
  }));
  publish({event("a", 1, a_job), event("a", 2, a_job)});
  const auto behind = [&] {
    std::int64_t sum = 0;
    for (const Lag& lag : ok(events->lag())) sum += lag.group == "one" && lag.topic == a_job ? lag.events : 0;
    return sum;
  };
  const auto becomes = [&](std::int64_t wanted) {
    for (int i = 0; i < 1000 && behind() != wanted; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return behind();
  };
  EXPECT_EQ(becomes(2), 2);
  go_on.release();
  EXPECT_EQ(heard.wait_for(2).size(), 2U);
  EXPECT_EQ(becomes(0), 0);
}

TEST_F(EventsContract, EveryGroupGetsAll) {
  Heard one, two;
  const auto first = listen(one, "one"), second = listen(two, "two");
  publish({event("a", 1), event("b", 2)});
  EXPECT_EQ(one.wait_for(2).size(), 2U);
  EXPECT_EQ(two.wait_for(2).size(), 2U);
}

TEST_F(EventsContract, AGroupSharesTheKeys) {
  Heard one, two;
  const auto first = listen(one), second = listen(two);
  std::vector<Event> all;
  for (int i = 0; i < 100; ++i) all.push_back(event("key" + std::to_string(i % 50), i));
  publish(all);
  for (int i = 0; i < 1000 && one.count() + two.count() < 100; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::set<std::string> of_one, of_two, both;
  for (const Event& e : one.wait_for(0)) of_one.insert(e.key);
  for (const Event& e : two.wait_for(0)) of_two.insert(e.key);
  std::ranges::set_intersection(of_one, of_two, std::inserter(both, both.end()));
  EXPECT_TRUE(both.empty()) << "a key went to two";
  EXPECT_EQ(of_one.size() + of_two.size(), 50U);
}

TEST_F(EventsContract, OneThatHasGoneGetsNoMore) {
  Heard gone, stays;
  auto leaving = listen(gone, "one");
  const auto staying = listen(stays, "two");
  publish({event("a", 1)});
  gone.wait_for(1);
  leaving.reset();
  publish({event("a", 2)});
  EXPECT_EQ(stays.wait_for(2).size(), 2U);
  EXPECT_EQ(gone.count(), 1U);
}

TEST_F(EventsContract, AHandlerIsNeverCalledTwiceAtOnceForOneKey) {
  std::atomic<int> inside = 0, most = 0, count = 0;
  const auto listening =
      ok(events->subscribe(std::array{std::string(state_changed)}, "one", [&](const Event&) {
        most = std::max(most.load(), ++inside);
        std::this_thread::yield();
        --inside;
        ++count;
        return true;
      }));
  std::vector<std::jthread> publishers;
  for (int p = 0; p < 4; ++p)
    publishers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) publish({event("a", i)});
    });
  publishers.clear();
  for (int i = 0; i < 1000 && count < 200; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(count, 200);
  EXPECT_EQ(most, 1);
}

TEST_F(EventsContract, WithNobodyListeningPublishingIsNoError) { publish({event("a", 1)}); }

}  // namespace
}  // namespace orakgarak::events
