#pragma once
// Events over Apache Kafka. What the broker has acknowledged survives it; a group goes on where it was.
//
// One topic each of events.h, made where it is missing, with `partitions` and `retention`. Key = upload id,
// by the partitioner murmur2_random, as Java clients hash. The producer is idempotent and waits for all
// replicas. Each subscription is one member of a consumer group (assignor "range"); a new group begins with
// the oldest event that is kept. A partition hands over one event at a time, on a thread of its own, while
// the member polls on, so that work longer than max.poll.interval keeps its membership; some events more are
// fetched ahead, then the partition is paused. Its offset is stored when the handler has returned true, and
// committed each second and before partitions leave; where it returned false, the same event is told again
// after `again_after`, and the partition's others wait for it.
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
  std::chrono::hours retention{7 * 24};       ///< of a topic that is made
  std::chrono::milliseconds patience{10000};  ///< that publish(), lag() and opening wait for the broker
  /// That a partition which leaves waits for its handler, half of max.poll.interval at most. The group stands
  /// still meanwhile. A handler that takes longer runs on, and its event is told again to whoever comes next.
  std::chrono::milliseconds leaving{10000};
  std::chrono::milliseconds again_after{1000};
  std::string topic_prefix;  ///< before every topic's and group's name: for several on one cluster, and tests
  /// Of what goes wrong between calls, from any thread: each kind once until things go well again, and at
  /// most once a minute.
  std::function<void(const Error&)> complain = {};
};

/// "kafka://HOST:PORT,HOST:PORT?partitions=12&replication=3&retention_hours=168&security.protocol=SASL_SSL":
/// partitions, replication, retention_hours and topic_prefix are ours, all else are settings of librdkafka,
/// in percent-encoding. A password is better in ORAKGARAK_KAFKA_PASSWORD, which is sasl.password. Errors:
/// rejected "bad_events_url"; no error repeats a value, which may be a password.
Result<KafkaOptions> parse_kafka_url(std::string_view url);

/// Makes the topics that are missing. Errors: rejected "events_unusable" (a setting that librdkafka refuses,
/// or topics that the cluster does not let us make); retry "events_unavailable" (no broker answered in
/// `patience`).
Result<std::unique_ptr<Events>> open_kafka_events(const KafkaOptions&);

}  // namespace orakgarak::events
