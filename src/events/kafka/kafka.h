#pragma once
// Events over Apache Kafka. What the broker has acknowledged survives it; a group goes on where it was.
//
// One topic each of events.h, made where it is missing, with `partitions` and `retention`. Key = upload id,
// by the partitioner murmur2_random, as Java clients hash. The producer is idempotent and waits for all
// replicas. Each subscription is one member of a consumer group (assignor "range"). A partition hands over
// one event at a time and is paused while its handler runs, so that work longer than max.poll.interval keeps
// its membership; its offset is stored when the handler has returned true, and committed each second and
// before partitions leave.
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "events/events.h"

namespace orakgarak::events {

struct KafkaOptions {
  std::string brokers;                          ///< "host:port,host:port"
  std::map<std::string, std::string> settings;  ///< of librdkafka, that go to every client
  int partitions = 12;  ///< of a topic that is made; never more members of a group at work
  int replication = 1;
  std::chrono::hours retention{7 * 24};             ///< of a topic that is made
  std::chrono::milliseconds patience{10000};        ///< that publish() waits for the broker
  std::string topic_prefix;                         ///< before every topic's and group's name; for tests
  std::function<void(const Error&)> complain = {};  ///< of what goes wrong between calls
};

/// "kafka://HOST:PORT,HOST:PORT?partitions=12&replication=3&retention_hours=168&security.protocol=SASL_SSL":
/// what is none of ours is a setting of librdkafka. A password is better in ORAKGARAK_KAFKA_PASSWORD
/// (sasl.password). Errors: rejected "bad_events_url".
Result<KafkaOptions> parse_kafka_url(std::string_view url);

/// Makes the topics that are missing. Errors: rejected "events_unusable" (a setting that librdkafka refuses);
/// retry "events_unavailable" (no broker answered in `patience`).
Result<std::unique_ptr<Events>> open_kafka_events(const KafkaOptions&);

}  // namespace orakgarak::events
