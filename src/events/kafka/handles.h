#pragma once
// What librdkafka gives out, held so that it is given back.
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <string>

namespace orakgarak::events {

template <auto destroy>
struct Destroys {
  template <class T>
  void operator()(T* handle) const {
    destroy(handle);
  }
};
template <class T, auto destroy>
using Handle = std::unique_ptr<T, Destroys<destroy>>;

using Conf = Handle<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using Client = Handle<rd_kafka_t, rd_kafka_destroy>;
using Queue = Handle<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using KafkaEvent = Handle<rd_kafka_event_t, rd_kafka_event_destroy>;
using Message = Handle<rd_kafka_message_t, rd_kafka_message_destroy>;
using TopicPartitions = Handle<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using AdminOptions = Handle<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using KafkaError = Handle<rd_kafka_error_t, rd_kafka_error_destroy>;

inline TopicPartitions topic_partitions(int expected) {
  return TopicPartitions(rd_kafka_topic_partition_list_new(expected));
}

inline std::span<rd_kafka_topic_partition_t> elements(rd_kafka_topic_partition_list_t& list) {
  return {list.elems, static_cast<std::size_t>(list.cnt)};
}
inline std::span<const rd_kafka_topic_partition_t> elements(const rd_kafka_topic_partition_list_t& list) {
  return {list.elems, static_cast<std::size_t>(list.cnt)};
}

/// Until a time, for the calls that take milliseconds; 0 once it has passed.
using Deadline = std::chrono::steady_clock::time_point;
inline Deadline after(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }
inline int left(Deadline deadline) {
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return time.count() > 0 ? static_cast<int>(time.count()) : 0;
}

inline AdminOptions admin_options(rd_kafka_t* client, rd_kafka_admin_op_t operation, Deadline until) {
  AdminOptions options(rd_kafka_AdminOptions_new(client, operation));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), std::max(left(until), 1), nullptr, 0);
  return options;
}

}  // namespace orakgarak::events
