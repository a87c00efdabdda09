#pragma once
// Topics as they have to be before anybody publishes or subscribes.
#include <span>
#include <string>

#include "base/result.h"
#include "events/kafka/handles.h"
#include "events/kafka/kafka.h"

namespace orakgarak::events {

/// Makes those that are missing, as `options` say, and waits until each can be used; those that are there are
/// left as they are. Errors: as open_kafka_events.
Result<void> have_topics(rd_kafka_t* client, std::span<const std::string> topics, const KafkaOptions& options,
                         Deadline);

}  // namespace orakgarak::events
