#pragma once
// How a client of librdkafka is set up: our choices, then the operator's settings, then what holds our
// promises and nobody changes.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "events/kafka/complaints.h"
#include "events/kafka/handles.h"
#include "events/kafka/kafka.h"

namespace orakgarak::events {

/// What is wrong with a setting from outside, as a sentence that follows its name; nothing where it may be
/// used. It never repeats the value.
std::optional<std::string> wrong_with_setting(const std::string& name, const std::string& value);

/// The values of passwords, keys and tokens among them.
std::vector<std::string> secrets_of(const std::map<std::string, std::string>& settings);

/// What a client calls back; outlives it.
struct ClientCallbacks {
  std::shared_ptr<Complaints> complaints;
  void (*delivered)(rd_kafka_t*, const rd_kafka_message_t*, void*) = nullptr;  ///< a message's report
  std::function<void(rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*)> rebalanced = {};
};

using Settings = std::vector<std::pair<std::string, std::string>>;

/// A client with our defaults, then options.settings, then `fixed`. Errors: rejected "events_unusable".
Result<Client> make_client(rd_kafka_type_t, const KafkaOptions&, const Settings& defaults,
                           const Settings& fixed, ClientCallbacks& callbacks);

}  // namespace orakgarak::events
