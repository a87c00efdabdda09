#pragma once
// How far consumer groups are behind, asked of the cluster: it knows the groups of all processes. And how
// many brokers it has.
#include <string>
#include <vector>

#include "base/result.h"
#include "events/events.h"
#include "events/kafka/handles.h"

namespace orakgarak::events {

/// Of every group and topic with this prefix, without it; of other topics nothing. Errors: as Events::lag.
Result<std::vector<Lag>> group_lag(rd_kafka_t* client, const std::string& prefix, Deadline);

/// Brokers in the cluster, as one of them says; 0 where none answers.
int brokers_up(rd_kafka_t* client, Deadline);

/// The ends of partitions: the offset that the next event will have, or that of the oldest that is kept.
enum class End : std::uint8_t { next, oldest };
/// Sets each one's offset; one that could not be had is negative. Errors: retry "events_unavailable".
Result<void> find_ends(rd_kafka_t* client, rd_kafka_topic_partition_list_t& partitions, End, Deadline);

}  // namespace orakgarak::events
