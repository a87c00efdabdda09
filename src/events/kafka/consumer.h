#pragma once
// One member of a consumer group.
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "events/events.h"
#include "events/kafka/complaints.h"
#include "events/kafka/kafka.h"

namespace orakgarak::events {

/// topics, group: without the prefix. Joins in the background. Errors: rejected "events_unusable"; retry
/// "events_unavailable".
Result<std::unique_ptr<Subscription>> join_group(const KafkaOptions& options, std::shared_ptr<Complaints>,
                                                 std::span<const std::string> topics, std::string_view group,
                                                 EventHandler handler);

}  // namespace orakgarak::events
