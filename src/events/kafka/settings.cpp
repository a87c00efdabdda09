#include "events/kafka/settings.h"

#include <algorithm>
#include <array>

namespace orakgarak::events {
namespace {

/// Each would break what kafka.h promises, or is said in another way.
constexpr std::array<std::string_view, 24> not_to_be_set{
    "acks",
    "auto.commit.enable",
    "auto.offset.reset",
    "bootstrap.servers",
    "delivery.report.only.error",
    "delivery.timeout.ms",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.idempotence",
    "enable.partition.eof",
    "enabled_events",
    "group.id",
    "group.instance.id",
    "log.queue",
    "log_level",
    "message.timeout.ms",
    "metadata.broker.list",
    "offset.store.method",
    "partition.assignment.strategy",
    "partitioner",
    "plugin.library.paths",
    "request.required.acks",
    "test.mock.num.brokers",
    "transactional.id",
};

/// Of every client: to be back soon after the broker is, and not to wait for one that has gone silent.
const Settings& common_defaults() {
  static const Settings defaults{
      {"client.id", "orakgarak"},
      {"reconnect.backoff.max.ms", "2000"},
      {"socket.connection.setup.timeout.ms", "10000"},
      {"socket.keepalive.enable", "true"},
      {"socket.nagle.disable", "true"},
      {"socket.timeout.ms", "10000"},
      {"topic.metadata.refresh.interval.ms", "30000"},
  };
  return defaults;
}

/// A broker that is away is one kind, however librdkafka comes to speak of it.
constexpr std::string_view broker_is_away = "broker";

bool is_of_a_broker_away(std::string_view facility) {
  return facility == "FAIL" || facility == "REQTMOUT" || facility == "REQERR" || facility == "SESSTMOUT";
}

void on_log(const rd_kafka_t* client, int level, const char* facility, const char* line) {
  constexpr int warning = 4;  // of syslog; less is worse
  if (level > warning) return;
  const std::string_view kind(facility), said(line);
  // The operator's settings go to producers and consumers alike.
  if (kind == "CONFWARN" && said.contains("will be ignored by this")) return;
  static_cast<ClientCallbacks*>(rd_kafka_opaque(client))
      ->complaints->tell(is_of_a_broker_away(kind) ? broker_is_away : kind, said);
}

void on_error(rd_kafka_t*, int code, const char* reason, void* opaque) {
  const auto error = static_cast<rd_kafka_resp_err_t>(code);
  // What a connection fails of comes as a line of the log too, which says more.
  const bool away = error == RD_KAFKA_RESP_ERR__TRANSPORT || error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
                    error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE;
  static_cast<ClientCallbacks*>(opaque)->complaints->tell(away ? broker_is_away : rd_kafka_err2name(error),
                                                          reason);
}

void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t* partitions,
                  void* opaque) {
  static_cast<ClientCallbacks*>(opaque)->rebalanced(error, partitions);
}

Result<void> set(rd_kafka_conf_t& conf, const std::string& name, const std::string& value) {
  // The reason that librdkafka gives repeats the value, which may be a password.
  const auto done = rd_kafka_conf_set(&conf, name.c_str(), value.c_str(), nullptr, 0);
  if (done == RD_KAFKA_CONF_OK) return {};
  return rejected("events_unusable", "librdkafka refuses the value of the setting " + name + " of Kafka");
}

}  // namespace

std::optional<std::string> wrong_with_setting(const std::string& name, const std::string& value) {
  if (std::ranges::find(not_to_be_set, name) != not_to_be_set.end())
    return "is not to be set: the program sets it itself";
  const Conf scratch(rd_kafka_conf_new());
  switch (rd_kafka_conf_set(scratch.get(), name.c_str(), value.c_str(), nullptr, 0)) {
    case RD_KAFKA_CONF_UNKNOWN:
      return "is none that librdkafka knows";
    case RD_KAFKA_CONF_INVALID:
      return "has a value that librdkafka refuses";
    case RD_KAFKA_CONF_OK:
      break;
  }
  return std::nullopt;
}

std::vector<std::string> secrets_of(const std::map<std::string, std::string>& settings) {
  constexpr std::array<std::string_view, 6> words{"password", "secret", "pem",
                                                  "token",    "jaas",   "oauthbearer"};
  std::vector<std::string> secrets;
  for (const auto& [name, value] : settings)
    if (std::ranges::any_of(words, [&](std::string_view word) { return name.contains(word); }))
      secrets.push_back(value);
  return secrets;
}

Result<Client> make_client(rd_kafka_type_t type, const KafkaOptions& options, const Settings& defaults,
                           const Settings& fixed, ClientCallbacks& callbacks) {
  Conf conf(rd_kafka_conf_new());
  for (const Settings* some : {&common_defaults(), &defaults})
    for (const auto& [name, value] : *some)
      if (auto done = set(*conf, name, value); !done) return std::unexpected(std::move(done).error());
  for (const auto& [name, value] : options.settings) {
    if (const auto wrong = wrong_with_setting(name, value))
      return rejected("events_unusable", "the setting " + name + " of Kafka " + *wrong);
    if (auto done = set(*conf, name, value); !done) return std::unexpected(std::move(done).error());
  }
  if (auto done = set(*conf, "bootstrap.servers", options.brokers); !done)
    return std::unexpected(std::move(done).error());
  for (const auto& [name, value] : fixed)
    if (auto done = set(*conf, name, value); !done) return std::unexpected(std::move(done).error());
  rd_kafka_conf_set_opaque(conf.get(), &callbacks);
  rd_kafka_conf_set_log_cb(conf.get(), on_log);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  if (callbacks.delivered != nullptr) rd_kafka_conf_set_dr_msg_cb(conf.get(), callbacks.delivered);
  if (callbacks.rebalanced) rd_kafka_conf_set_rebalance_cb(conf.get(), on_rebalance);

  std::array<char, 512> why{};
  rd_kafka_t* client = rd_kafka_new(type, conf.get(), why.data(), why.size());
  if (client == nullptr)
    return rejected("events_unusable", "librdkafka refuses the settings of Kafka: " +
                                           callbacks.complaints->without_secrets(why.data()));
  conf.release();  // the client's now
  return Client(client);
}

}  // namespace orakgarak::events
