#include "cluster.h"

#include <array>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;

Client client(rd_kafka_type_t type, const std::string& brokers, std::string_view group = {}) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), nullptr, 0);
  if (!group.empty()) rd_kafka_conf_set(conf, "group.id", std::string(group).c_str(), nullptr, 0);
  rd_kafka_t* made = rd_kafka_new(type, conf, why.data(), why.size());
  if (made == nullptr) throw std::runtime_error(why.data());
  return Client(made);
}

KafkaEvent answer_from(const Queue& queue) {
  KafkaEvent answer(rd_kafka_queue_poll(queue.get(), 10'000));
  if (!answer) throw std::runtime_error("the cluster does not answer");
  if (rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error(rd_kafka_event_error_string(answer.get()));
  return answer;
}

std::optional<std::string> text(const void* bytes, std::size_t size) {
  if (bytes == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(bytes), size);
}

RawMessage raw(const rd_kafka_message_t& message) {
  RawMessage one{
      message.partition, text(message.key, message.key_len), text(message.payload, message.len), {}};
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
      one.headers[name] = text(value, size).value_or("");
  }
  return one;
}

}  // namespace

Cluster::Cluster(const std::string& brokers)
    : brokers_(brokers), client_(client(RD_KAFKA_PRODUCER, brokers)) {}

std::pair<std::string, std::size_t> Cluster::state_and_members(const std::string& group) {
  const Queue queue(rd_kafka_queue_new(client_.get()));
  std::array<const char*, 1> names{group.c_str()};
  rd_kafka_DescribeConsumerGroups(client_.get(), names.data(), names.size(), nullptr, queue.get());
  // A cluster whose first group this is makes a place for groups first, and says nothing of them until then.
  const KafkaEvent answer(rd_kafka_queue_poll(queue.get(), 10'000));
  if (!answer || rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return {"", 0};
  std::size_t count = 0;
  const auto** groups = rd_kafka_DescribeConsumerGroups_result_groups(
      rd_kafka_event_DescribeConsumerGroups_result(answer.get()), &count);
  if (count != 1 || rd_kafka_ConsumerGroupDescription_error(groups[0]) != nullptr) return {"", 0};
  return {rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(groups[0])),
          rd_kafka_ConsumerGroupDescription_member_count(groups[0])};
}

void Cluster::wait_for_members(const std::string& group, std::size_t count) {
  for (const Deadline until = after(30s); left(until) > 0; std::this_thread::sleep_for(10ms))
    if (state_and_members(group) == std::pair{std::string("Stable"), count}) return;
  throw std::runtime_error(group + " does not come to " + std::to_string(count) + " members");
}

int Cluster::partitions(const std::string& topic) {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client_.get(), 1, nullptr, &metadata, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error("the cluster does not answer");
  int count = 0;
  for (int i = 0; i < metadata->topic_cnt; ++i)
    if (topic == metadata->topics[i].topic) count = metadata->topics[i].partition_cnt;
  rd_kafka_metadata_destroy(metadata);
  return count;
}

std::string Cluster::topic_setting(const std::string& topic, const std::string& name) {
  const Queue queue(rd_kafka_queue_new(client_.get()));
  rd_kafka_ConfigResource_t* resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
  rd_kafka_DescribeConfigs(client_.get(), &resource, 1, nullptr, queue.get());
  rd_kafka_ConfigResource_destroy(resource);
  const KafkaEvent answer = answer_from(queue);
  std::size_t count = 0;
  const auto** resources =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(answer.get()), &count);
  const auto** entries = rd_kafka_ConfigResource_configs(resources[0], &count);
  for (std::size_t i = 0; i < count; ++i)
    if (name == rd_kafka_ConfigEntry_name(entries[i])) return rd_kafka_ConfigEntry_value(entries[i]);
  return "";
}

void Cluster::make_topic(const std::string& topic, int partitions, const std::string& retention_ms) {
  const Queue queue(rd_kafka_queue_new(client_.get()));
  rd_kafka_NewTopic_t* asked = rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, nullptr, 0);
  rd_kafka_NewTopic_set_config(asked, "retention.ms", retention_ms.c_str());
  rd_kafka_CreateTopics(client_.get(), &asked, 1, nullptr, queue.get());
  rd_kafka_NewTopic_destroy(asked);
  answer_from(queue);
}

void Cluster::publish(const std::string& topic, const RawMessage& message) {
  const std::string key = message.key.value_or(""), value = message.value.value_or("");
  const char* key_bytes = message.key ? key.data() : nullptr;
  const char* value_bytes = message.value ? value.data() : nullptr;
  const auto error =
      rd_kafka_producev(client_.get(), RD_KAFKA_V_TOPIC(topic.c_str()),
                        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key_bytes, key.size()),
                        RD_KAFKA_V_VALUE(const_cast<char*>(value_bytes), value.size()), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR ||
      rd_kafka_flush(client_.get(), 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error("a message is not taken");
}

std::vector<RawMessage> Cluster::read(const std::string& topic, std::size_t count) {
  const Client reader = client(RD_KAFKA_CONSUMER, brokers_, "reader");
  const int all = partitions(topic);
  const TopicPartitions from = topic_partitions(all);
  for (int partition = 0; partition < all; ++partition)
    rd_kafka_topic_partition_list_add(from.get(), topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(reader.get(), from.get());
  std::vector<RawMessage> read;
  for (const Deadline until = after(10s); read.size() < count && left(until) > 0;)
    if (const Message message{rd_kafka_consumer_poll(reader.get(), left(until))};
        message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
      read.push_back(raw(*message));
  return read;
}

}  // namespace orakgarak::events
