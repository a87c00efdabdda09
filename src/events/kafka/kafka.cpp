#include "events/kafka/kafka.h"

#include <mutex>

#include "events/kafka/complaints.h"
#include "events/kafka/consumer.h"
#include "events/kafka/lag.h"
#include "events/kafka/producer.h"
#include "events/kafka/settings.h"
#include "events/kafka/topics.h"

namespace orakgarak::events {
namespace {

class KafkaEvents final : public Events {
 public:
  KafkaEvents(const KafkaOptions& options, std::shared_ptr<Complaints> complaints,
              std::shared_ptr<Producer> producer)
      : options_(options),
        complaints_(std::move(complaints)),
        producers_(options, complaints_, std::move(producer)) {}

  Result<void> publish(std::span<const Event> events) override {
    const auto producer = producers_.usable();
    if (!producer) return std::unexpected(producer.error());
    return (*producer)->publish(events, options_.topic_prefix, after(options_.patience));
  }

  Result<std::unique_ptr<Subscription>> subscribe(std::span<const std::string> topics, std::string_view group,
                                                  EventHandler handler) override {
    return join_group(options_, complaints_, topics, group, std::move(handler));
  }

  Result<std::vector<Lag>> lag() override {
    const std::lock_guard lock(asks_mutex_);
    if (!asks_) {
      auto made = make_client(RD_KAFKA_CONSUMER, options_, {}, {{"group.id", options_.topic_prefix + "lag"}},
                              asks_callbacks_);
      if (!made) return std::unexpected(std::move(made.error()));
      asks_ = std::move(*made);
    }
    rd_kafka_poll(asks_.get(), 0);  // what it has to say meanwhile
    return group_lag(asks_.get(), options_.topic_prefix, after(options_.patience));
  }

  std::optional<BrokerHealth> broker() override {
    const auto producer = producers_.usable();
    const int up = producer ? brokers_up((*producer)->client(), after(options_.patience)) : 0;
    return BrokerHealth{.up = up, .errors = complaints_->errors()};
  }

 private:
  const KafkaOptions options_;
  const std::shared_ptr<Complaints> complaints_;
  Producers producers_;
  // Asks how far groups are behind, and is in none. A consumer: in a producer librdkafka 2.0 reads through
  // nothing (rd_kafka_handle_OffsetFetch, rk_cgrp) where a group's coordinator has just moved or come back.
  std::mutex asks_mutex_;
  ClientCallbacks asks_callbacks_{.complaints = complaints_};
  Client asks_;  ///< made when it is first needed; under the lock, and the first to go
};

}  // namespace

Result<std::unique_ptr<Events>> open_kafka_events(const KafkaOptions& options) {
  auto complaints = std::make_shared<Complaints>(options.complain, secrets_of(options.settings));
  auto producer = Producer::make(options, complaints);
  if (!producer) return std::unexpected(std::move(producer).error());
  std::vector<std::string> topics = all_topics();
  for (std::string& topic : topics) topic.insert(0, options.topic_prefix);
  if (auto made = have_topics((*producer)->client(), topics, options, after(options.patience)); !made)
    return std::unexpected(std::move(made).error());
  return std::make_unique<KafkaEvents>(options, std::move(complaints), *std::move(producer));
}

}  // namespace orakgarak::events
