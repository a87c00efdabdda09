#include "events/kafka/topics.h"

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

namespace orakgarak::events {
namespace {

using Metadata = Handle<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;
using NewTopic = Handle<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;

std::unexpected<Error> unavailable(const std::string& doing, rd_kafka_resp_err_t error) {
  return fail(ErrorKind::retry, "events_unavailable",
              "Kafka did not answer when " + doing + " (" + rd_kafka_err2str(error) + ")");
}

std::unexpected<Error> unusable(const std::string& topic, const std::string& why) {
  return rejected("events_unusable", "Kafka does not make the topic " + topic + " (" + why +
                                         "); make it by hand, or change the events URL or the rights");
}

/// Every topic whose partitions all have a leader.
Result<std::set<std::string>> usable_topics(rd_kafka_t* client, Deadline until) {
  // Of all topics: asking for one by name makes it on brokers that make topics by themselves.
  const rd_kafka_metadata_t* found = nullptr;
  const auto error = rd_kafka_metadata(client, 1, nullptr, &found, left(until));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return unavailable("asked for its topics", error);
  const Metadata metadata(found);
  std::set<std::string> usable;
  for (const auto& topic : std::span(metadata->topics, static_cast<std::size_t>(metadata->topic_cnt))) {
    const std::span partitions(topic.partitions, static_cast<std::size_t>(topic.partition_cnt));
    if (topic.err == RD_KAFKA_RESP_ERR_NO_ERROR && !partitions.empty() &&
        std::ranges::all_of(partitions, [](const auto& partition) { return partition.leader >= 0; }))
      usable.insert(topic.topic);
  }
  return usable;
}

NewTopic new_topic(const std::string& name, const KafkaOptions& options) {
  NewTopic topic(rd_kafka_NewTopic_new(name.c_str(), options.partitions, options.replication, nullptr, 0));
  if (!topic) return topic;
  const auto retention = std::chrono::milliseconds(options.retention).count();
  rd_kafka_NewTopic_set_config(topic.get(), "retention.ms", std::to_string(retention).c_str());
  return topic;
}

Result<void> make_topics(rd_kafka_t* client, std::span<const std::string> names, const KafkaOptions& options,
                         Deadline until) {
  std::vector<NewTopic> topics;
  std::vector<rd_kafka_NewTopic_t*> asked;
  for (const std::string& name : names) {
    topics.push_back(new_topic(name, options));
    if (!topics.back()) return unusable(name, "its name, partitions or replication are out of range");
    asked.push_back(topics.back().get());
  }
  const AdminOptions admin = admin_options(client, RD_KAFKA_ADMIN_OP_CREATETOPICS, until);
  const Queue queue(rd_kafka_queue_new(client));
  rd_kafka_CreateTopics(client, asked.data(), asked.size(), admin.get(), queue.get());
  const KafkaEvent answer(rd_kafka_queue_poll(queue.get(), left(until)));
  if (!answer) return unavailable("asked to make topics", RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return unavailable("asked to make topics", rd_kafka_event_error(answer.get()));

  std::size_t count = 0;
  const auto* results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.get()), &count);
  for (const rd_kafka_topic_result_t* result : std::span(results, count)) {
    const auto error = rd_kafka_topic_result_error(result);
    // Another process may have been quicker.
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    if (error == RD_KAFKA_RESP_ERR_NOT_CONTROLLER || error == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT)
      return unavailable("asked to make topics", error);
    const char* why = rd_kafka_topic_result_error_string(result);
    return unusable(rd_kafka_topic_result_name(result), why != nullptr ? why : rd_kafka_err2str(error));
  }
  return {};
}

}  // namespace

Result<void> have_topics(rd_kafka_t* client, std::span<const std::string> topics, const KafkaOptions& options,
                         Deadline until) {
  const auto missing = [&](const std::set<std::string>& usable) {
    std::vector<std::string> names;
    std::ranges::copy_if(topics, std::back_inserter(names),
                         [&](const std::string& name) { return !usable.contains(name); });
    return names;
  };
  auto usable = usable_topics(client, until);
  if (!usable) return std::unexpected(std::move(usable).error());
  std::vector<std::string> names = missing(*usable);
  if (names.empty()) return {};
  if (auto made = make_topics(client, names, options, until); !made) return made;
  // A subscription to a topic that a broker does not know yet would wait for the next look at the metadata.
  while (!names.empty()) {
    if (left(until) == 0)
      return unavailable("asked whether its topics have leaders", RD_KAFKA_RESP_ERR__TIMED_OUT);
    usable = usable_topics(client, until);
    if (!usable) return std::unexpected(std::move(usable).error());
    names = missing(*usable);
    if (!names.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return {};
}

}  // namespace orakgarak::events
