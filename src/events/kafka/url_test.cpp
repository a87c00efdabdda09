// How parse_kafka_url reads what an operator wrote, and what it says of what it cannot read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "events/kafka/kafka.h"

namespace orakgarak::events {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

KafkaOptions parsed(const std::string& url) {
  auto options = parse_kafka_url(url);
  EXPECT_TRUE(options) << url << ": " << options.error().detail;
  return options.value_or(KafkaOptions{});
}

std::string refused(const std::string& url) {
  const auto options = parse_kafka_url(url);
  EXPECT_FALSE(options) << url;
  if (options) return {};
  EXPECT_EQ(options.error().kind, ErrorKind::rejected) << url;
  EXPECT_EQ(options.error().code, "bad_events_url") << url;
  return options.error().detail;
}

TEST(KafkaUrl, BrokersAloneHaveTheDefaults) {
  const KafkaOptions options = parsed("kafka://one:9092,10.0.0.2:9093,[2001:db8::1]:9094"), defaults;
  EXPECT_EQ(options.brokers, "one:9092,10.0.0.2:9093,[2001:db8::1]:9094");
  EXPECT_EQ(options.partitions, defaults.partitions);
  EXPECT_EQ(options.replication, defaults.replication);
  EXPECT_EQ(options.retention, defaults.retention);
  EXPECT_TRUE(options.settings.empty());
}

TEST(KafkaUrl, WhatIsNotOursIsASettingOfLibrdkafka) {
  const KafkaOptions options = parsed(
      "kafka://one:9092?partitions=24&replication=3&retention_hours=48&topic_prefix=staging."
      "&security.protocol=SASL_SSL&sasl.mechanism=SCRAM-SHA-512&sasl.password=a%26b%3Dc%25+d=");
  EXPECT_EQ(options.partitions, 24);
  EXPECT_EQ(options.replication, 3);
  EXPECT_EQ(options.retention, std::chrono::hours(48));
  EXPECT_EQ(options.topic_prefix, "staging.");
  EXPECT_THAT(options.settings,
              ElementsAre(Pair("sasl.mechanism", "SCRAM-SHA-512"), Pair("sasl.password", "a&b=c%+d="),
                          Pair("security.protocol", "SASL_SSL")));
}

TEST(KafkaUrl, ThePasswordOfTheEnvironmentTakesThePlaceOfTheOneInTheUrl) {
  ::setenv("ORAKGARAK_KAFKA_PASSWORD", "from&the=environment", 1);
  const KafkaOptions options = parsed("kafka://one:9092?sasl.password=other");
  ::unsetenv("ORAKGARAK_KAFKA_PASSWORD");
  EXPECT_THAT(options.settings, ElementsAre(Pair("sasl.password", "from&the=environment")));
}

TEST(KafkaUrl, WhatIsWrongIsNamed) {
  const std::pair<std::string, std::string> wrong[] = {
      {"", "does not begin with kafka://"},
      {"one:9092", "does not begin with kafka://"},
      {"KAFKA://one:9092", "does not begin with kafka://"},
      {"kafka://", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://one", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://:9092", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://one:", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://one:0", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://one:65536", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://one:9092x", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://one:+9092", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://one:9092,", "a broker (no. 2) that is no HOST:PORT"},
      {"kafka://one:9092,two:9092,three", "a broker (no. 3) that is no HOST:PORT"},
      {"kafka://one:9092/", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://one:9092/topic", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://2001:db8::1:9092", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://[]:9092", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://[::1:9092", "a broker (no. 1) that is no HOST:PORT"},
      {"kafka://one:9092?", "(no. 1 after the ?) that is no NAME=VALUE"},
      {"kafka://one:9092?partitions", "(no. 1 after the ?) that is no NAME=VALUE"},
      {"kafka://one:9092?partitions=3&", "(no. 2 after the ?) that is no NAME=VALUE"},
      {"kafka://one:9092?=3", "(no. 1 after the ?) that is no NAME=VALUE"},
      {"kafka://one:9092?partitions=3&replication=1&partitions=3", "the same name twice (no. 3"},
      {"kafka://one:9092?partitions=0", "partitions to be a number from 1 to 1000"},
      {"kafka://one:9092?partitions=1001", "partitions to be a number from 1 to 1000"},
      {"kafka://one:9092?partitions=3.0", "partitions to be a number"},
      {"kafka://one:9092?partitions=", "partitions to be a number"},
      {"kafka://one:9092?partitions=99999999999999999999", "partitions to be a number"},
      {"kafka://one:9092?replication=0", "replication to be a number from 1 to 10"},
      {"kafka://one:9092?replication=11", "replication to be a number from 1 to 10"},
      {"kafka://one:9092?retention_hours=0", "retention_hours to be a number from 1 to 87840"},
      {"kafka://one:9092?retention_hours=87841", "retention_hours to be a number from 1 to 87840"},
      {"kafka://one:9092?topic_prefix=a/b", "topic_prefix to be at most 64 letters"},
      {"kafka://one:9092?topic_prefix=" + std::string(65, 'a'), "topic_prefix to be at most 64 letters"},
      {"kafka://one:9092?client.id=%4", "a % begins no percent-encoding"},
      {"kafka://one:9092?client.id=%zz", "a % begins no percent-encoding"},
      {"kafka://one:9092?client.id=%00", "a % begins no percent-encoding"},
      {"kafka://one:9092?client.id=a b", "has to be in percent-encoding"},
      {"kafka://one:9092?client.id=a#b", "has to be in percent-encoding"},
      {"kafka://one:9092?client.id=\xED\x95\x9C", "has to be in percent-encoding"},
      {"kafka://one:9092?secruity.protocol=SSL", "(no. 1 after the ?) that is none that librdkafka knows"},
      {"kafka://one:9092?partitions=3&socket.timeout.ms=soon",
       "(no. 2 after the ?) that has a value that librdkafka refuses"},
      {"kafka://one:9092?acks=1", "(no. 1 after the ?) that is not to be set"},
      {"kafka://one:9092?group.instance.id=a", "that is not to be set"},
      {"kafka://one:9092?plugin.library.paths=/tmp/x", "that is not to be set"},
      {"kafka://one:9092?client.id=" + std::string(16 * 1024, 'a'), "is longer than 16384 bytes"},
  };
  for (const auto& [url, what] : wrong) EXPECT_THAT(refused(url), HasSubstr(what)) << url;
  std::string many = "kafka://a:1";
  for (int i = 0; i < 32; ++i) many += ",a:1";
  EXPECT_THAT(refused(many), HasSubstr("more than 32 brokers"));
}

TEST(KafkaUrl, AUserBeforeTheHostIsSentToTheSettings) {
  EXPECT_THAT(refused("kafka://app:hunter2@one:9092"), HasSubstr("sasl.username"));
}

TEST(KafkaUrl, NoErrorRepeatsAPassword) {
  for (const char* url : {
           "kafka://app:hunter2@one:9092",
           "kafka://one:9092?sasl.password=hunter2&sasl.password=hunter2",
           "kafka://one:9092?sasl.password=a&hunter2",
           "kafka://one:9092?sasl.password=a&hunter2=",
           "kafka://one:9092?sasl.password=hunter2%",
           "kafka://one:9092?sasl.password=hunter2 ",
           "kafka://one:9092?socket.timeout.ms=hunter2",
           "kafka://one:9092?partitions=hunter2",
           "kafka://one:9092?sasl.jaas.config=hunter2",
           "hunter2",
       })
    EXPECT_THAT(refused(url), Not(HasSubstr("hunter2"))) << url;
}

// Without a broker: librdkafka reads settings before it connects.
TEST(KafkaSettings, WhatTheClientRefusesAsAWholeIsSaidWithoutThePassword) {
  KafkaOptions options;
  options.brokers = "127.0.0.1:1";
  options.settings = {
      {"security.protocol", "SASL_PLAINTEXT"}, {"sasl.mechanism", "hunter2"}, {"sasl.password", "hunter2"}};
  const auto events = open_kafka_events(options);
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().kind, ErrorKind::rejected);
  EXPECT_EQ(events.error().code, "events_unusable");
  EXPECT_THAT(events.error().detail, Not(HasSubstr("hunter2")));
}

TEST(KafkaSettings, WhatWouldBreakAPromiseIsRefusedByName) {
  KafkaOptions options;
  options.brokers = "127.0.0.1:1";
  options.settings = {{"enable.auto.commit", "true"}};
  const auto events = open_kafka_events(options);
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().code, "events_unusable");
  EXPECT_THAT(events.error().detail, HasSubstr("enable.auto.commit"));
}

TEST(KafkaEvents, WithoutABrokerOpeningSaysSoWithinItsPatience) {
  KafkaOptions options;
  options.brokers = "127.0.0.1:1";
  options.patience = std::chrono::milliseconds(300);
  const auto began = std::chrono::steady_clock::now();
  const auto events = open_kafka_events(options);
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().kind, ErrorKind::retry);
  EXPECT_EQ(events.error().code, "events_unavailable");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

}  // namespace
}  // namespace orakgarak::events
