// The events of Kafka: the suite, and what a broker that keeps them can promise beyond it.
#include "events/kafka/kafka.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <latch>
#include <map>
#include <semaphore>
#include <set>
#include <thread>

#include "cluster.h"
#include "events/kafka/partition_load.h"
#include "events/kafka/producer.h"
#include "process.h"
#include "servers.h"
#include "suite.h"

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;

std::string brokers() { return orakgarak::testing::server("ORAKGARAK_TEST_KAFKA"); }

/// Quick where a person would not wait: heartbeats carry the news that another has joined.
KafkaOptions quick_options(const std::string& brokers, const std::string& prefix) {
  KafkaOptions options;
  options.brokers = brokers;
  options.settings = {{"heartbeat.interval.ms", "100"}, {"session.timeout.ms", "6000"}};
  options.partitions = 3;
  options.again_after = 100ms;
  options.topic_prefix = prefix;
  return options;
}

std::string new_prefix() { return "test-" + new_uuid7(system_now()) + "."; }

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// Whose subscribe() returns when the group has come to rest: whoever publishes then knows who will get it.
class SettledEvents final : public Events {
 public:
  explicit SettledEvents(const KafkaOptions& options)
      : prefix_(options.topic_prefix), cluster_(options.brokers), events_(ok(open_kafka_events(options))) {}

  Result<void> publish(std::span<const Event> events) override { return events_->publish(events); }
  Result<std::vector<Lag>> lag() override { return events_->lag(); }
  Result<std::unique_ptr<Subscription>> subscribe(std::span<const std::string> topics, std::string_view group,
                                                  EventHandler handler) override {
    auto member = events_->subscribe(topics, group, std::move(handler));
    if (member) cluster_.wait_for_members(prefix_ + std::string(group), ++members_[std::string(group)]);
    return member;
  }

 private:
  const std::string prefix_;
  Cluster cluster_;
  std::unique_ptr<Events> events_;
  std::map<std::string, std::size_t> members_;
};

Event job(std::string key, int number) {
  return {jobs_topic(uploads::Priority::live, uploads::Stage::convert), std::move(key),
          "{\"n\":" + std::to_string(number) + "}"};
}

}  // namespace

std::unique_ptr<Events> open_events() {
  return std::make_unique<SettledEvents>(quick_options(brokers(), new_prefix()));
}

namespace {

const std::vector<std::string> a_topic{job("", 0).topic};

class Kafka : public ::testing::Test {
 protected:
  std::unique_ptr<Events> open() { return ok(open_kafka_events(options)); }
  std::string named(std::string_view name) const { return options.topic_prefix + std::string(name); }

  KafkaOptions options = quick_options(brokers(), new_prefix());
  Cluster cluster{options.brokers};
};

std::set<std::string> envelopes(const std::vector<Event>& events) {
  std::set<std::string> all;
  for (const Event& event : events) all.insert(event.envelope);
  return all;
}

std::set<std::string> envelopes(int count) {
  std::set<std::string> all;
  for (int i = 0; i < count; ++i) all.insert(job("", i).envelope);
  return all;
}

/// No group is behind, within 20 s.
bool comes_to_rest(Events& events) {
  for (const Deadline until = after(20s); left(until) > 0; std::this_thread::sleep_for(20ms))
    if (std::ranges::all_of(ok(events.lag()), [](const Lag& lag) { return lag.events == 0; })) return true;
  return false;
}

std::vector<Event> jobs_of_many_keys(int count) {
  std::vector<Event> all;
  for (int i = 0; i < count; ++i) all.push_back(job("key" + std::to_string(i), i));
  return all;
}

TEST_F(Kafka, TopicsAreMadeAsTheOptionsSay) {
  options.retention = std::chrono::hours(5);
  open();
  for (const std::string& topic : all_topics()) EXPECT_EQ(cluster.partitions(named(topic)), 3) << topic;
  EXPECT_EQ(cluster.topic_setting(named(state_changed), "retention.ms"), "18000000");
}

TEST_F(Kafka, ATopicThatIsThereIsLeftAsItIs) {
  cluster.make_topic(named(state_changed), 5, "3600000");
  open();
  open();
  EXPECT_EQ(cluster.partitions(named(state_changed)), 5);
  EXPECT_EQ(cluster.topic_setting(named(state_changed), "retention.ms"), "3600000");
  EXPECT_EQ(cluster.partitions(named(dead_jobs)), 3);
}

TEST_F(Kafka, MoreReplicasThanBrokersAreRefusedAndNamed) {
  options.replication = 3;
  const auto events = open_kafka_events(options);
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().code, "events_unusable");
  EXPECT_NE(events.error().detail.find(named("orakgarak.")), std::string::npos) << events.error().detail;
}

TEST_F(Kafka, AMessageIsWhereAJavaProducerWouldPutItAndSaysWhatItIs) {
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  std::vector<Event> all = jobs_of_many_keys(20);
  all.push_back({a_topic[0], "21", "{\"traceparent\":\"" + trace + "\"}"});
  ok(open()->publish(all));
  const auto got = cluster.read(named(a_topic[0]), all.size());
  ASSERT_EQ(got.size(), all.size());
  for (const RawMessage& message : got) {
    EXPECT_EQ(message.partition, partition_of(message.key.value(), 3)) << *message.key;
    EXPECT_EQ(message.headers.at("content-type"), "application/cloudevents+json");
    if (*message.key == "21") {
      EXPECT_EQ(message.partition, (-973932308 & 0x7FFFFFFF) % 3);
      EXPECT_EQ(message.headers.at("traceparent"), trace);
    } else {
      EXPECT_FALSE(message.headers.contains("traceparent"));
    }
  }
}

TEST_F(Kafka, ANewGroupHearsWhatWasPublishedBeforeItCame) {
  const auto events = open();
  ok(events->publish(jobs_of_many_keys(9)));
  Heard heard;
  const auto member = ok(events->subscribe(a_topic, "one", heard.handler()));
  EXPECT_EQ(envelopes(heard.wait_for(9)), envelopes(9));
}

TEST_F(Kafka, AGroupGoesOnWhereItWas) {
  const auto events = open();
  Heard first, second;
  ok(events->publish(jobs_of_many_keys(9)));
  auto member = ok(events->subscribe(a_topic, "one", first.handler()));
  first.wait_for(9);
  member.reset();
  std::vector<Event> more;
  for (int i = 9; i < 15; ++i) more.push_back(job("key", i));
  ok(events->publish(more));
  member = ok(events->subscribe(a_topic, "one", second.handler()));
  second.wait_for(6);
  member.reset();
  EXPECT_EQ(first.count(), 9U);
  EXPECT_EQ(second.count(), 6U);
}

TEST_F(Kafka, AnEventThatIsNotDoneIsToldAgainBeforeTheOthersOfItsKey) {
  const auto events = open();
  ok(events->publish(std::array{job("a", 0), job("a", 1)}));
  Heard heard;
  std::atomic<int> told = 0;
  const auto member = ok(events->subscribe(a_topic, "one", [&](const Event& event) {
    heard.handler()(event);
    return ++told > 2;
  }));
  const auto got = heard.wait_for(4);
  ASSERT_EQ(got.size(), 4U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)].envelope, job("a", 0).envelope);
  EXPECT_EQ(got[3].envelope, job("a", 1).envelope);
}

TEST_F(Kafka, ForeignMessagesAreHandedOverAsTheyAre) {
  const auto events = open();
  const std::string bytes("\0\xFF not JSON", 11);
  cluster.publish(named(a_topic[0]), {.key = std::nullopt, .value = bytes, .headers = {}});
  cluster.publish(named(a_topic[0]), {.key = "k", .value = std::nullopt, .headers = {}});
  Heard heard;
  const auto member = ok(events->subscribe(a_topic, "one", heard.handler()));
  std::set<std::pair<std::string, std::string>> got;
  for (const Event& event : heard.wait_for(2)) got.emplace(event.key, event.envelope);
  EXPECT_EQ(got, (std::set<std::pair<std::string, std::string>>{{"", bytes}, {"k", ""}}));
}

TEST_F(Kafka, MoreThanIsFetchedAheadComesInOrderAndOnce) {
  const auto events = open();
  std::vector<Event> all;
  for (int i = 0; i < 500; ++i) all.push_back(job("a", i));
  ok(events->publish(all));
  Heard heard;
  const auto member = ok(events->subscribe(a_topic, "one", heard.handler()));
  const auto got = heard.wait_for(500);
  ASSERT_EQ(got.size(), 500U);
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_EQ(got[i].envelope, all[i].envelope);
}

TEST_F(Kafka, TheLagOfAGroupIsKnownWhenNobodyOfItIsThere) {
  const auto events = open();
  Heard heard;
  auto member = ok(events->subscribe(a_topic, "one", heard.handler()));
  cluster.wait_for_members(named("one"), 1);
  ok(events->publish(jobs_of_many_keys(6)));
  heard.wait_for(6);
  member.reset();
  ok(events->publish(jobs_of_many_keys(4)));
  const auto lag = ok(events->lag());
  std::int64_t sum = 0;
  for (const Lag& one : lag) {
    EXPECT_EQ(one.group, "one");
    EXPECT_EQ(one.topic, a_topic[0]);
    sum += one.events;
  }
  EXPECT_EQ(lag.size(), 3U) << "each partition, also one that nothing was published to";
  EXPECT_EQ(sum, 4);
}

TEST_F(Kafka, TheLagOfOthersIsNotOurs) {
  const auto events = open();
  KafkaOptions others = options;
  others.topic_prefix = new_prefix();
  const auto theirs = ok(open_kafka_events(others));
  Heard heard;
  const auto member = ok(theirs->subscribe(a_topic, "one", heard.handler()));
  ok(theirs->publish(jobs_of_many_keys(3)));
  heard.wait_for(3);
  EXPECT_TRUE(ok(events->lag()).empty());
}

TEST_F(Kafka, WhatIsHandedOverWhenItsSubscriptionGoesIsWaitedForAndNotToldAgain) {
  const auto events = open();
  std::binary_semaphore began(0), go_on(0);
  std::atomic<bool> ended = false;
  auto member = ok(events->subscribe(a_topic, "one", [&](const Event&) {
    began.release();
    go_on.acquire();
    ended = true;
    return true;
  }));
  ok(events->publish(std::array{job("a", 0), job("a", 1)}));
  began.acquire();
  std::jthread ends([&] { member.reset(); });
  std::this_thread::sleep_for(200ms);
  EXPECT_FALSE(ended);
  go_on.release();
  ends.join();
  EXPECT_TRUE(ended);
  Heard heard;
  member = ok(events->subscribe(a_topic, "one", heard.handler()));
  EXPECT_EQ(heard.wait_for(1).at(0).envelope, job("a", 1).envelope);
}

TEST_F(Kafka, WorkLongerThanMaxPollIntervalKeepsItsPartitions) {
  options.settings["max.poll.interval.ms"] = "6000";
  const auto events = open();
  Heard heard;
  const auto member = ok(events->subscribe(a_topic, "one", [&](const Event& event) {
    if (heard.count() == 0) std::this_thread::sleep_for(9s);
    return heard.handler()(event);
  }));
  cluster.wait_for_members(named("one"), 1);
  ok(events->publish(std::array{job("a", 0), job("a", 1)}));
  const auto got = heard.wait_for(2);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].envelope, job("a", 0).envelope);
  EXPECT_EQ(got[1].envelope, job("a", 1).envelope);
  EXPECT_TRUE(comes_to_rest(*events)) << "its offsets are taken";
}

/// Counts who works on what.
class Work {
 public:
  EventHandler handler(std::chrono::milliseconds takes) {
    return [this, takes](const Event& event) {
      begin(event);
      std::this_thread::sleep_for(takes);
      end(event);
      return true;
    };
  }
  std::size_t done() {
    const std::lock_guard lock(mutex_);
    return done_.size();
  }
  int most_at_once = 0;
  std::map<std::string, int> times() {
    const std::lock_guard lock(mutex_);
    return done_;
  }

 private:
  void begin(const Event& event) {
    const std::lock_guard lock(mutex_);
    most_at_once = std::max(most_at_once, ++running_[event.key]);
  }
  void end(const Event& event) {
    const std::lock_guard lock(mutex_);
    --running_[event.key];
    ++done_[event.envelope];
  }

  std::mutex mutex_;
  std::map<std::string, int> running_, done_;
};

TEST_F(Kafka, MembersThatComeAndGoLoseNothingAndDoNothingTwice) {
  options.partitions = 6;
  const auto events = open();
  std::vector<Event> all;
  for (int i = 0; i < 300; ++i) all.push_back(job("key" + std::to_string(i % 30), i));
  ok(events->publish(all));
  Work work;
  const auto subscribe = [&] { return ok(events->subscribe(a_topic, "one", work.handler(20ms))); };
  auto first = subscribe();
  const auto wait_for = [&](std::size_t count) {
    for (int i = 0; i < 3000 && work.done() < count; ++i) std::this_thread::sleep_for(10ms);
    return work.done();
  };
  wait_for(20);
  auto second = subscribe();
  cluster.wait_for_members(named("one"), 2);
  wait_for(100);
  auto third = subscribe();
  cluster.wait_for_members(named("one"), 3);
  first.reset();
  EXPECT_EQ(wait_for(all.size()), all.size());
  second.reset();
  third.reset();
  EXPECT_EQ(work.most_at_once, 1) << "a key was worked on twice at once";
  for (const auto& [event, times] : work.times()) EXPECT_EQ(times, 1) << event;
}

TEST_F(Kafka, AHandlerThatOutlivesItsPartitionStoresNoOffsetAndItsKeyIsLeftAlone) {
  options.leaving = 100ms;
  const auto events = open();
  ok(events->publish(std::array{job("a", 0)}));
  std::binary_semaphore began(0), go_on(0);
  std::atomic<int> told = 0;
  auto slow = ok(events->subscribe(a_topic, "one", [&](const Event&) {
    ++told;
    began.release();
    go_on.acquire();
    return true;
  }));
  began.acquire();
  Heard heard;
  auto quick = ok(events->subscribe(a_topic, "one", heard.handler()));
  cluster.wait_for_members(named("one"), 2);
  std::this_thread::sleep_for(500ms);
  // Where the partition came back to the slow one, it waits; else the quick one is told.
  EXPECT_EQ(told, 1);
  go_on.release();
  EXPECT_TRUE(comes_to_rest(*events));
  EXPECT_EQ(told, 1);
  EXPECT_LE(heard.count(), 1U);
}

TEST_F(Kafka, WhatAKilledMemberHadNotDoneIsToldToAnother) {
  const auto events = open();
  Heard heard;
  const auto member = ok(events->subscribe(a_topic, "one", heard.handler()));
  cluster.wait_for_members(named("one"), 1);
  Process other({"/proc/self/exe", "--member", options.brokers, options.topic_prefix, "3600"});
  ASSERT_EQ(other.read_line(), "joined");
  cluster.wait_for_members(named("one"), 2);
  ok(events->publish(jobs_of_many_keys(30)));
  ASSERT_EQ(other.read_line(), "began");
  EXPECT_LT(heard.count(), 30U);
  const auto killed = std::chrono::steady_clock::now();
  other.kill();
  while (envelopes(heard.wait_for(0)).size() < 30 && std::chrono::steady_clock::now() - killed < 30s)
    std::this_thread::sleep_for(20ms);
  EXPECT_EQ(envelopes(heard.wait_for(30)), envelopes(30));
  RecordProperty("moved_ms", static_cast<int>((std::chrono::steady_clock::now() - killed) / 1ms));
}

TEST_F(Kafka, AMemberThatStoodStillForLongComesBackAndTakesNothingBack) {
  const auto events = open();
  Heard heard;
  const auto member = ok(events->subscribe(a_topic, "one", heard.handler()));
  cluster.wait_for_members(named("one"), 1);
  Process other({"/proc/self/exe", "--member", options.brokers, options.topic_prefix, "1"});
  ASSERT_EQ(other.read_line(), "joined");
  cluster.wait_for_members(named("one"), 2);
  ok(events->publish(jobs_of_many_keys(30)));
  ASSERT_EQ(other.read_line(), "began");
  other.pause();
  for (int i = 0; i < 3000 && envelopes(heard.wait_for(0)).size() < 30; ++i)
    std::this_thread::sleep_for(10ms);
  EXPECT_EQ(envelopes(heard.wait_for(30)), envelopes(30)) << "its partitions moved";
  EXPECT_TRUE(comes_to_rest(*events));
  const std::size_t told = heard.count();
  other.resume();
  EXPECT_EQ(other.read_line(), "ended") << "late: the offset is not its to store any more";
  cluster.wait_for_members(named("one"), 2);
  EXPECT_TRUE(comes_to_rest(*events)) << "no offset went back";
  EXPECT_EQ(heard.count(), told);
  ok(events->publish(jobs_of_many_keys(30)));
  EXPECT_TRUE(comes_to_rest(*events));
  EXPECT_LT(heard.count(), told + 30) << "it has its share again";
}

TEST_F(Kafka, AProducerThatWasGivenUpIsMadeAnew) {
  open();  // the topics
  const auto complaints = std::make_shared<Complaints>(nullptr, std::vector<std::string>{});
  const auto first = ok(Producer::make(options, complaints));
  Producers producers(options, complaints, first);
  const std::array one{job("a", 0)};
  EXPECT_TRUE(ok(producers.usable())->publish(one, options.topic_prefix, after(10s)));
  EXPECT_EQ(ok(producers.usable()), first);
  rd_kafka_test_fatal_error(first->client(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "as a test");
  const auto refused = first->publish(one, options.topic_prefix, after(10s));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::retry);
  EXPECT_EQ(refused.error().code, "events_unavailable");
  EXPECT_NE(ok(producers.usable()), first);
  EXPECT_TRUE(ok(producers.usable())->publish(one, options.topic_prefix, after(10s)));
}

TEST(KafkaBroker, KilledAndStartedAgainHasLostNothingThatItTook) {
  Process broker({"python3", ORAK_SOURCE_DIR "/tests/contract/events/own_broker.py"});
  std::atomic<int> complaints = 0;
  KafkaOptions options = quick_options(broker.read_line(), new_prefix());
  options.patience = 3s;
  options.complain = [&](const Error& error) {
    ++complaints;
    EXPECT_EQ(error.code, "events_unavailable");
  };
  const auto events = ok(open_kafka_events(options));
  Heard heard;
  const auto member = ok(events->subscribe(a_topic, "one", heard.handler()));
  const auto all = jobs_of_many_keys(30);
  const std::span<const Event> span(all);
  ok(events->publish(span.subspan(0, 10)));
  EXPECT_EQ(heard.wait_for(10).size(), 10U);

  EXPECT_EQ(events->broker()->up, 1);
  const auto errors = events->broker()->errors;

  broker.write_line("kill");
  ASSERT_EQ(broker.read_line(), "done");
  for (int i = 0; i < 2; ++i) {
    const auto began = std::chrono::steady_clock::now();
    const auto refused = events->publish(span.subspan(10, 10));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::retry);
    EXPECT_EQ(refused.error().code, "events_unavailable");
    EXPECT_LT(std::chrono::steady_clock::now() - began, options.patience + 1s);
  }
  const auto lag = events->lag();
  ASSERT_FALSE(lag);
  EXPECT_EQ(lag.error().code, "events_unavailable");
  EXPECT_EQ(events->broker()->up, 0);
  EXPECT_GT(events->broker()->errors, errors);
  EXPECT_GE(complaints, 1);
  EXPECT_LE(complaints, 3) << "a broker that is away is told once";

  broker.write_line("start");
  ASSERT_EQ(broker.read_line(), "done");
  bool taken = false;
  for (int i = 0; i < 20 && !taken; ++i) taken = events->publish(span.subspan(10)).has_value();
  EXPECT_TRUE(taken);
  for (int i = 0; i < 3000 && envelopes(heard.wait_for(0)).size() < 30; ++i)
    std::this_thread::sleep_for(10ms);
  EXPECT_EQ(envelopes(heard.wait_for(30)), envelopes(30));
}

TEST(KafkaBroker, OneThatDoesNotAnswerHoldsNobodyLongerThanTheirPatience) {
  Process broker({"python3", ORAK_SOURCE_DIR "/tests/contract/events/own_broker.py"});
  const auto tell = [&](const std::string& what) {
    broker.write_line(what);
    ASSERT_EQ(broker.read_line(), "done");
  };
  KafkaOptions options = quick_options(broker.read_line(), new_prefix());
  options.patience = 3s;
  const auto events = ok(open_kafka_events(options));
  Heard heard;
  auto member = ok(events->subscribe(a_topic, "one", heard.handler()));
  const auto all = jobs_of_many_keys(20);
  const std::span<const Event> span(all);
  ok(events->publish(span.subspan(0, 10)));
  EXPECT_EQ(heard.wait_for(10).size(), 10U);

  tell("pause");
  auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(events->publish(span.subspan(10)));
  EXPECT_LT(std::chrono::steady_clock::now() - began, options.patience + 1s);
  tell("resume");
  bool taken = false;
  for (int i = 0; i < 20 && !taken; ++i) taken = events->publish(span.subspan(10)).has_value();
  EXPECT_TRUE(taken);
  for (int i = 0; i < 3000 && envelopes(heard.wait_for(0)).size() < 20; ++i)
    std::this_thread::sleep_for(10ms);
  EXPECT_EQ(envelopes(heard.wait_for(20)), envelopes(20));

  tell("kill");
  began = std::chrono::steady_clock::now();
  member.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2 * options.patience + 4s) << "a subscription may go";
}

/// A member in a process of its own, which tells when its first event begins and ends.
int be_member(const std::string& brokers, const std::string& prefix, std::chrono::seconds takes) {
  const auto events = ok(open_kafka_events(quick_options(brokers, prefix)));
  std::mutex mutex;
  const auto say = [&](std::string_view what) {
    const std::lock_guard lock(mutex);
    std::cout << what << std::endl;
  };
  std::atomic<bool> first = true;
  const auto member = ok(events->subscribe(a_topic, "one", [&](const Event&) {
    if (!first.exchange(false)) return true;
    say("began");
    std::this_thread::sleep_for(takes);
    say("ended");
    return true;
  }));
  say("joined");
  std::string line;
  std::getline(std::cin, line);  // until the test is gone
  std::_Exit(0);
}

}  // namespace
}  // namespace orakgarak::events

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == "--member")
    return orakgarak::events::be_member(argv[2], argv[3], std::chrono::seconds(std::atoi(argv[4])));
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
