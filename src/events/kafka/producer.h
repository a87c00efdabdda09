#pragma once
// Publishes, and waits until the broker has it. One client of librdkafka and the thread that serves it.
#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "base/result.h"
#include "events/events.h"
#include "events/kafka/handles.h"
#include "events/kafka/settings.h"

namespace orakgarak::events {

class Producer {
 public:
  /// Errors: rejected "events_unusable".
  static Result<std::shared_ptr<Producer>> make(const KafkaOptions&, std::shared_ptr<Complaints>);

  explicit Producer(std::shared_ptr<Complaints>);
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;
  ~Producer();

  /// As Events::publish, with `prefix` before each topic. Safe from any thread.
  Result<void> publish(std::span<const Event>, const std::string& prefix, Deadline);

  /// Nothing can be published any more: it has to be made anew. librdkafka gives up an idempotent producer
  /// whose order or single delivery it can no longer vouch for.
  bool broken() const;

  rd_kafka_t* client() const { return client_.get(); }

 private:
  ClientCallbacks callbacks_;
  Client client_;
  std::atomic<bool> ends_ = false;
  std::thread serves_;
};

/// The producer of a process, made anew where it is broken.
class Producers {
 public:
  Producers(KafkaOptions, std::shared_ptr<Complaints>, std::shared_ptr<Producer> first);

  /// Errors: retry "events_unavailable".
  Result<std::shared_ptr<Producer>> usable();

 private:
  const KafkaOptions options_;
  const std::shared_ptr<Complaints> complaints_;
  std::mutex mutex_;
  std::shared_ptr<Producer> current_;  ///< under the lock; who uses it holds it meanwhile
};

}  // namespace orakgarak::events
