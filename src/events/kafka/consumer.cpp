#include "events/kafka/consumer.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "events/kafka/hand_over.h"
#include "events/kafka/handlers.h"
#include "events/kafka/lag.h"
#include "events/kafka/settings.h"

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;

/// Between looks at what librdkafka says by itself, where nothing wakes the thread.
constexpr auto turn_at_most = 500ms;
/// For an answer of the broker that would be good to have before going on.
constexpr auto short_patience = 5s;

/// A dead member's partitions move after 10 s; a member hears within 1 s that another has come. A partition
/// that goes on after a pause waits for the fetch that is under way, which is 100 ms at most. No static
/// members (group.instance.id): one that restarts would keep its partitions to itself until it is back, and
/// those who sing now would wait; one that leaves hands them over at once.
const Settings defaults{
    {"session.timeout.ms", "10000"}, {"heartbeat.interval.ms", "1000"},      {"fetch.wait.max.ms", "100"},
    {"queued.min.messages", "1000"}, {"queued.max.messages.kbytes", "4096"},
};

Settings fixed_settings(const std::string& group) {
  return {{"group.id", group},
          {"partition.assignment.strategy", "range"},
          {"enable.auto.commit", "true"},
          {"auto.commit.interval.ms", "1000"},
          {"enable.auto.offset.store", "false"},
          {"auto.offset.reset", "earliest"}};
}

TopicPartitions as_list(std::span<const Partition> partitions) {
  TopicPartitions list = topic_partitions(static_cast<int>(partitions.size()));
  for (const auto& [topic, number] : partitions)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), number);
  return list;
}

std::chrono::milliseconds max_poll_interval(const KafkaOptions& options) {
  int milliseconds = 300'000;  // librdkafka's default
  const auto set = options.settings.find("max.poll.interval.ms");
  if (set != options.settings.end())
    std::from_chars(set->second.data(), set->second.data() + set->second.size(), milliseconds);
  return std::chrono::milliseconds(milliseconds);
}

class Member final : public Subscription {
 public:
  Member(const KafkaOptions& options, std::shared_ptr<Complaints> complaints, EventHandler handler)
      : patience_(std::min<std::chrono::milliseconds>(options.patience, short_patience)),
        leaving_(std::min(options.leaving, max_poll_interval(options) / 2)),
        prefix_(options.topic_prefix.size()),
        handler_(std::move(handler)),
        hand_over_({.again_after = options.again_after}) {
    callbacks_.complaints = std::move(complaints);
    callbacks_.rebalanced = [this](rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions) {
      rebalance(what, *partitions);
    };
  }
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  ~Member() override {
    ends_ = true;
    if (queue_) rd_kafka_queue_yield(queue_.get());
    if (polls_.joinable()) polls_.join();
  }

  Result<void> join(const KafkaOptions& options, std::span<const std::string> topics,
                    std::string_view group) {
    auto client = make_client(RD_KAFKA_CONSUMER, options, defaults,
                              fixed_settings(options.topic_prefix + std::string(group)), callbacks_);
    if (!client) return std::unexpected(std::move(client).error());
    client_ = *std::move(client);
    queue_.reset(rd_kafka_queue_get_consumer(client_.get()));
    const TopicPartitions names = topic_partitions(static_cast<int>(topics.size()));
    for (const std::string& topic : topics)
      rd_kafka_topic_partition_list_add(names.get(), (options.topic_prefix + topic).c_str(),
                                        RD_KAFKA_PARTITION_UA);
    const auto error = rd_kafka_subscribe(client_.get(), names.get());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
      return fail(
          ErrorKind::retry, "events_unavailable",
          "librdkafka does not subscribe to topics of Kafka (" + std::string(rd_kafka_err2str(error)) + ")");
    polls_ = std::thread([this] { poll(); });
    return {};
  }

 private:
  struct Finished {
    Partition partition;
    std::int64_t offset;
    bool done;
  };

  /// The one thread that speaks with librdkafka and knows what is whose.
  void poll() {
    while (!ends_ || hand_over_.anything_running()) {
      rd_kafka_poll(client_.get(), 0);  // errors
      if (const Message message{rd_kafka_consumer_poll(client_.get(), wait())}) take(*message);
      settle();
      if (!ends_) begin_due();
      pause(hand_over_.to_pause());
      resume(hand_over_.to_resume());
    }
    leave();
  }

  int wait() const {
    const auto next = ends_ ? std::nullopt : hand_over_.next_due();
    return left(next ? std::min(*next, after(turn_at_most)) : after(turn_at_most));
  }

  void take(const rd_kafka_message_t& message) {
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      callbacks_.complaints->tell(rd_kafka_err2name(message.err), rd_kafka_message_errstr(&message));
      return;
    }
    callbacks_.complaints->well();
    const auto text = [](const void* bytes, std::size_t size) {
      return size == 0 ? std::string() : std::string(static_cast<const char*>(bytes), size);
    };
    const std::string topic = rd_kafka_topic_name(message.rkt);
    hand_over_.arrived({topic, message.partition},
                       {message.offset, std::make_shared<const Event>(
                                            Event{topic.substr(prefix_), text(message.key, message.key_len),
                                                  text(message.payload, message.len)})});
  }

  void begin_due() {
    for (auto& [partition, fetched] : hand_over_.due(std::chrono::steady_clock::now()))
      handlers_.run([this, partition = std::move(partition), fetched = std::move(fetched)] {
        const bool done = handler_(*fetched.event);
        {
          const std::lock_guard lock(mutex_);
          finished_.push_back({partition, fetched.offset, done});
          // Under the lock: once it is seen, the member may go.
          changed_.notify_all();
          rd_kafka_queue_yield(queue_.get());
        }
      });
  }

  void settle() {
    std::vector<Finished> finished;
    {
      const std::lock_guard lock(mutex_);
      finished.swap(finished_);
    }
    const TopicPartitions done = topic_partitions(static_cast<int>(finished.size()));
    for (const auto& [partition, offset, effect] : finished)
      if (const auto stored =
              hand_over_.finished(partition, offset, effect, std::chrono::steady_clock::now()))
        rd_kafka_topic_partition_list_add(done.get(), partition.first.c_str(), partition.second)->offset =
            *stored;
    // One that librdkafka refuses is of a partition that is just leaving: its event is told again.
    if (done->cnt > 0) rd_kafka_offsets_store(client_.get(), done.get());
  }

  void pause(std::span<const Partition> partitions) {
    if (!partitions.empty()) rd_kafka_pause_partitions(client_.get(), as_list(partitions).get());
  }
  void resume(std::span<const Partition> partitions) {
    if (!partitions.empty()) rd_kafka_resume_partitions(client_.get(), as_list(partitions).get());
  }

  void rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& partitions) {
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) return assigned(partitions);
    if (what == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
      // Lost: others may have them already, and no offset of ours is taken.
      if (rd_kafka_assignment_lost(client_.get()) == 0) {
        wait_for_handlers(after(leaving_));
        commit(nullptr);
      }
    } else {
      callbacks_.complaints->tell(rd_kafka_err2name(what), rd_kafka_err2str(what));
    }
    resume(hand_over_.paused());
    hand_over_.revoked();
    rd_kafka_assign(client_.get(), nullptr);
  }

  void assigned(rd_kafka_topic_partition_list_t& partitions) {
    callbacks_.complaints->well();
    const TopicPartitions fresh = begin_at_the_oldest(partitions);
    std::vector<Partition> ours;
    for (const auto& one : elements(partitions)) ours.emplace_back(one.topic, one.partition);
    hand_over_.assigned(ours);
    rd_kafka_assign(client_.get(), &partitions);
    if (fresh) commit(fresh.get());
  }

  /// Where the group has no offset yet, its first is committed at once: so that its lag is known before it
  /// has done anything, and nothing is passed over if nobody of it is there for a while.
  TopicPartitions begin_at_the_oldest(rd_kafka_topic_partition_list_t& partitions) {
    const Deadline until = after(patience_);
    const TopicPartitions known(rd_kafka_topic_partition_list_copy(&partitions));
    if (partitions.cnt == 0 ||
        rd_kafka_committed(client_.get(), known.get(), left(until)) != RD_KAFKA_RESP_ERR_NO_ERROR)
      return nullptr;
    TopicPartitions fresh = topic_partitions(0);
    for (const auto& one : elements(*known))
      if (one.err == RD_KAFKA_RESP_ERR_NO_ERROR && one.offset == RD_KAFKA_OFFSET_INVALID)
        rd_kafka_topic_partition_list_add(fresh.get(), one.topic, one.partition);
    if (fresh->cnt == 0 || !find_ends(client_.get(), *fresh, End::oldest, until)) return nullptr;
    for (const auto& one : elements(*fresh))
      if (one.offset >= 0)
        rd_kafka_topic_partition_list_find(&partitions, one.topic, one.partition)->offset = one.offset;
    return fresh;
  }

  void wait_for_handlers(Deadline until) {
    settle();
    while (hand_over_.anything_running() && left(until) > 0) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, until, [this] { return !finished_.empty(); });
      }
      settle();
    }
  }

  /// These offsets, or those that are stored; returns when the broker has them, or after a while.
  void commit(const rd_kafka_topic_partition_list_t* offsets) {
    const Queue answers(rd_kafka_queue_new(client_.get()));
    if (rd_kafka_commit_queue(client_.get(), offsets, answers.get(), nullptr, nullptr) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
      return;
    const KafkaEvent answer(rd_kafka_queue_poll(answers.get(), static_cast<int>(patience_.count())));
    const auto error = answer ? rd_kafka_event_error(answer.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR__NO_OFFSET)
      callbacks_.complaints->tell("commit", std::string("offsets were not committed (") +
                                                rd_kafka_err2str(error) + "); their events are told again");
  }

  /// Says so, so that others get the partitions at once and not when the session has timed out.
  void leave() {
    commit(nullptr);
    const Queue events(rd_kafka_queue_get_main(client_.get()));
    const KafkaError error(rd_kafka_consumer_close_queue(client_.get(), events.get()));
    const Deadline until = after(patience_);
    while (!error && rd_kafka_consumer_closed(client_.get()) == 0 && left(until) > 0)
      rd_kafka_poll(client_.get(), 50);
    queue_.reset();
    rd_kafka_destroy_flags(client_.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }

  const std::chrono::milliseconds patience_, leaving_;
  const std::size_t prefix_;
  const EventHandler handler_;
  ClientCallbacks callbacks_;
  Client client_;
  Queue queue_;
  HandOver hand_over_;  ///< the polling thread's

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Finished> finished_;
  std::atomic<bool> ends_ = false;

  Handlers handlers_;  // the last two: they use all of the above
  std::thread polls_;
};

}  // namespace

Result<std::unique_ptr<Subscription>> join_group(const KafkaOptions& options,
                                                 std::shared_ptr<Complaints> complaints,
                                                 std::span<const std::string> topics, std::string_view group,
                                                 EventHandler handler) {
  auto member = std::make_unique<Member>(options, std::move(complaints), std::move(handler));
  if (auto joined = member->join(options, topics, group); !joined)
    return std::unexpected(std::move(joined).error());
  return member;
}

}  // namespace orakgarak::events
