#include "events/kafka/producer.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "events/kafka/message.h"

namespace orakgarak::events {
namespace {

/// What one call of publish() waits for. Reports may come after it has given up.
class Delivery {
 public:
  void expect() {
    const std::lock_guard lock(mutex_);
    ++outstanding_;
  }
  void reported(rd_kafka_resp_err_t error) {
    const std::lock_guard lock(mutex_);
    --outstanding_;
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) error_ = error;
    changed_.notify_all();
  }
  /// The error of one, if any had one.
  rd_kafka_resp_err_t wait(Deadline until) {
    std::unique_lock lock(mutex_);
    const bool all = changed_.wait_until(lock, until, [this] { return outstanding_ == 0; });
    return all || error_ != RD_KAFKA_RESP_ERR_NO_ERROR ? error_ : RD_KAFKA_RESP_ERR__TIMED_OUT;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int outstanding_ = 0;
  rd_kafka_resp_err_t error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
};

using Reported = std::shared_ptr<Delivery>;  // one a message, given to librdkafka by pointer

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  const std::unique_ptr<Reported> delivery(static_cast<Reported*>(message->_private));
  (*delivery)->reported(message->err);
}

rd_kafka_resp_err_t produce(rd_kafka_t* client, const Event& event, const std::string& prefix,
                            const Reported& delivery) {
  const std::string topic = prefix + event.topic;
  const std::string_view trace = traceparent_of(event.envelope);
  rd_kafka_headers_t* headers = rd_kafka_headers_new(2);
  rd_kafka_header_add(headers, "content-type", -1, content_type.data(),
                      static_cast<ssize_t>(content_type.size()));
  if (!trace.empty())
    rd_kafka_header_add(headers, "traceparent", -1, trace.data(), static_cast<ssize_t>(trace.size()));
  auto reported = std::make_unique<Reported>(delivery);
  delivery->expect();
  const auto error =
      rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                        RD_KAFKA_V_KEY(event.key.data(), event.key.size()),
                        RD_KAFKA_V_VALUE(const_cast<char*>(event.envelope.data()), event.envelope.size()),
                        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(reported.get()), RD_KAFKA_V_END);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    reported.release();  // until its report
  } else {
    rd_kafka_headers_destroy(headers);
    delivery->reported(error);
  }
  return error;
}

}  // namespace

Producer::Producer(std::shared_ptr<Complaints> complaints)
    : callbacks_{.complaints = std::move(complaints), .delivered = on_delivery} {}

Result<std::shared_ptr<Producer>> Producer::make(const KafkaOptions& options,
                                                 std::shared_ptr<Complaints> complaints) {
  using namespace std::chrono_literals;
  auto producer = std::make_shared<Producer>(std::move(complaints));
  // librdkafka looks for messages that are out of time once a second.
  const auto timeout = std::max({options.patience - 1000ms, options.patience / 2, 10ms});
  auto client = make_client(RD_KAFKA_PRODUCER, options, {{"compression.type", "lz4"}, {"linger.ms", "2"}},
                            {{"enable.idempotence", "true"},
                             {"acks", "all"},
                             {"partitioner", "murmur2_random"},
                             {"message.timeout.ms", std::to_string(timeout.count())}},
                            producer->callbacks_);
  if (!client) return std::unexpected(std::move(client).error());
  producer->client_ = *std::move(client);
  producer->serves_ = std::thread([producer = producer.get()] {
    while (!producer->ends_) rd_kafka_poll(producer->client(), 200);
  });
  return producer;
}

Producer::~Producer() {
  if (!client_) return;
  // What still waits was given up by its publish(); its report frees it.
  rd_kafka_purge(client(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(client(), 1000);
  ends_ = true;
  serves_.join();
}

bool Producer::broken() const {
  return rd_kafka_fatal_error(client(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

Result<void> Producer::publish(std::span<const Event> events, const std::string& prefix, Deadline until) {
  const auto delivery = std::make_shared<Delivery>();
  for (const Event& event : events)
    if (produce(client(), event, prefix, delivery) != RD_KAFKA_RESP_ERR_NO_ERROR) break;
  const auto error = delivery->wait(until);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    callbacks_.complaints->well();
    return {};
  }
  return fail(ErrorKind::retry, "events_unavailable",
              "Kafka did not take all events (" + std::string(rd_kafka_err2str(error)) +
                  "); they are kept and will be published again");
}

Producers::Producers(KafkaOptions options, std::shared_ptr<Complaints> complaints,
                     std::shared_ptr<Producer> first)
    : options_(std::move(options)), complaints_(std::move(complaints)), current_(std::move(first)) {}

Result<std::shared_ptr<Producer>> Producers::usable() {
  const std::lock_guard lock(mutex_);
  if (!current_->broken()) return current_;
  complaints_->tell("producer", "an idempotent producer had to be given up and is made anew");
  auto made = Producer::make(options_, complaints_);
  if (!made)  // the settings were good for the first: what it lacks is threads or memory
    return fail(ErrorKind::retry, "events_unavailable", made.error().detail);
  current_ = *std::move(made);
  return current_;
}

}  // namespace orakgarak::events
