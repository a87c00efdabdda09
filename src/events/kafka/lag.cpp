#include "events/kafka/lag.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <thread>
#include <tuple>

namespace orakgarak::events {
namespace {

using GroupOffsets = Handle<rd_kafka_ListConsumerGroupOffsets_t, rd_kafka_ListConsumerGroupOffsets_destroy>;
using Place = std::pair<std::string, int>;  ///< topic, partition
using Offsets = std::map<Place, std::int64_t>;

std::unexpected<Error> unavailable(const std::string& why) {
  return fail(ErrorKind::retry, "events_unavailable",
              "Kafka did not say how far groups are behind (" + why + ")");
}

/// Waits for one answer.
Result<KafkaEvent> answer_from(const Queue& queue, Deadline until) {
  KafkaEvent answer(rd_kafka_queue_poll(queue.get(), left(until)));
  if (!answer) return unavailable("no answer in time");
  if (rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return unavailable(rd_kafka_event_error_string(answer.get()));
  return answer;
}

Result<std::vector<std::string>> groups_with(rd_kafka_t* client, const std::string& prefix, Deadline until) {
  const Queue queue(rd_kafka_queue_new(client));
  const AdminOptions options = admin_options(client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, until);
  rd_kafka_ListConsumerGroups(client, options.get(), queue.get());
  const auto answer = answer_from(queue, until);
  if (!answer) return std::unexpected(answer.error());
  const auto* result = rd_kafka_event_ListConsumerGroups_result(answer->get());
  std::size_t count = 0;
  const rd_kafka_error_t** errors = rd_kafka_ListConsumerGroups_result_errors(result, &count);
  if (count > 0) return unavailable(rd_kafka_error_string(errors[0]));
  const rd_kafka_ConsumerGroupListing_t** groups = rd_kafka_ListConsumerGroups_result_valid(result, &count);
  std::vector<std::string> names;
  for (const rd_kafka_ConsumerGroupListing_t* group : std::span(groups, count)) {
    std::string name = rd_kafka_ConsumerGroupListing_group_id(group);
    if (name.starts_with(prefix)) names.push_back(std::move(name));
  }
  return names;
}

/// What each group has committed on topics of ours.
Result<std::map<std::string, Offsets>> committed(rd_kafka_t* client, const std::vector<std::string>& groups,
                                                 const std::set<std::string>& topics, Deadline until) {
  const Queue queue(rd_kafka_queue_new(client));
  const AdminOptions options = admin_options(client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, until);
  for (const std::string& group : groups) {
    GroupOffsets asked(rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr));
    rd_kafka_ListConsumerGroupOffsets_t* one = asked.get();
    rd_kafka_ListConsumerGroupOffsets(client, &one, 1, options.get(), queue.get());
  }
  std::map<std::string, Offsets> all;
  for (std::size_t answers = 0; answers < groups.size(); ++answers) {
    const auto answer = answer_from(queue, until);
    if (!answer) return std::unexpected(answer.error());
    std::size_t count = 0;
    const rd_kafka_group_result_t** results = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(answer->get()), &count);
    for (const rd_kafka_group_result_t* result : std::span(results, count)) {
      if (const rd_kafka_error_t* error = rd_kafka_group_result_error(result))
        return unavailable(rd_kafka_error_string(error));
      for (const auto& one : elements(*rd_kafka_group_result_partitions(result)))
        if (one.offset >= 0 && topics.contains(one.topic))
          all[rd_kafka_group_result_name(result)][{one.topic, one.partition}] = one.offset;
    }
  }
  return all;
}

Result<Offsets> ends(rd_kafka_t* client, const std::set<Place>& places, End end, Deadline until) {
  const TopicPartitions list = topic_partitions(static_cast<int>(places.size()));
  for (const auto& [topic, partition] : places)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  if (auto found = find_ends(client, *list, end, until); !found) return std::unexpected(found.error());
  Offsets offsets;
  for (const auto& one : elements(*list))
    if (one.offset >= 0) offsets[{one.topic, one.partition}] = one.offset;
  return offsets;
}

bool has_no_leader_yet(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

}  // namespace

int brokers_up(rd_kafka_t* client, Deadline until) {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client, 0, nullptr, &metadata, std::max(left(until), 1)) !=
      RD_KAFKA_RESP_ERR_NO_ERROR)
    return 0;
  const int count = metadata->broker_cnt;
  rd_kafka_metadata_destroy(metadata);
  return count;
}

Result<void> find_ends(rd_kafka_t* client, rd_kafka_topic_partition_list_t& partitions, End end,
                       Deadline until) {
  if (partitions.cnt == 0) return {};
  // "Latest" and "earliest" are times of the protocol with these very numbers: one request a broker, where
  // rd_kafka_query_watermark_offsets makes two a partition.
  const std::int64_t time = end == End::next ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_resp_err_t error{};
  do {
    for (int i = 0; i < partitions.cnt; ++i) partitions.elems[i].offset = time;
    error = rd_kafka_offsets_for_times(client, &partitions, std::max(left(until), 1));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) break;
    // A topic is listed a little before its broker serves it, and a partition without a leader gets one.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  } while (left(until) > 0 && has_no_leader_yet(error));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return unavailable(rd_kafka_err2str(error));
  for (int i = 0; i < partitions.cnt; ++i)
    if (partitions.elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
      partitions.elems[i].offset = RD_KAFKA_OFFSET_INVALID;
  return {};
}

Result<std::vector<Lag>> group_lag(rd_kafka_t* client, const std::string& prefix, Deadline until) {
  const auto groups = groups_with(client, prefix, until);
  if (!groups) return std::unexpected(groups.error());
  std::set<std::string> topics;
  for (const std::string& topic : all_topics()) topics.insert(prefix + topic);
  const auto done = committed(client, *groups, topics, until);
  if (!done) return std::unexpected(done.error());
  std::set<Place> places;
  for (const auto& [group, offsets] : *done)
    for (const auto& [place, offset] : offsets) places.insert(place);
  // The ends are asked for after the offsets: lag is never less than nothing.
  const auto oldest = ends(client, places, End::oldest, until);
  if (!oldest) return std::unexpected(oldest.error());
  const auto next = ends(client, places, End::next, until);
  if (!next) return std::unexpected(next.error());

  std::vector<Lag> all;
  for (const auto& [group, offsets] : *done)
    for (const auto& [place, offset] : offsets) {
      const auto low = oldest->find(place), high = next->find(place);
      if (low == oldest->end() || high == next->end()) continue;  // a topic that was just removed
      const std::int64_t from = std::max(offset, low->second);  // what is not kept any more is not waited for
      all.push_back({group.substr(prefix.size()), place.first.substr(prefix.size()), place.second,
                     std::max<std::int64_t>(high->second - from, 0)});
    }
  std::ranges::sort(all, {}, [](const Lag& one) { return std::tie(one.group, one.topic, one.partition); });
  return all;
}

}  // namespace orakgarak::events
