#pragma once
// A Kafka cluster as a test sees it past the adapter, by librdkafka itself.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "events/kafka/handles.h"

namespace orakgarak::events {

struct RawMessage {
  int partition = -1;
  std::optional<std::string> key, value;
  std::map<std::string, std::string> headers;
};

class Cluster {
 public:
  explicit Cluster(const std::string& brokers);

  /// Waits until the group has so many members and each knows its partitions; throws after 30 s.
  void wait_for_members(const std::string& group, std::size_t count);
  /// 0 where there is no such topic.
  int partitions(const std::string& topic);
  std::string topic_setting(const std::string& topic, const std::string& name);
  void make_topic(const std::string& topic, int partitions, const std::string& retention_ms);
  void publish(const std::string& topic, const RawMessage&);
  /// So many of a topic, from its beginning; fewer after 10 s.
  std::vector<RawMessage> read(const std::string& topic, std::size_t count);

 private:
  std::pair<std::string, std::size_t> state_and_members(const std::string& group);

  const std::string brokers_;
  Client client_;
};

}  // namespace orakgarak::events
