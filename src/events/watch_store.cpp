#include "events/watch_store.h"

#include <utility>

namespace orakgarak::events {
namespace {

using namespace uploads;

class Watched final : public UploadStore {
 public:
  Watched(UploadStore& store, StoreWatch watch) : store_(store), watch_(std::move(watch)) {}

  Result<Upload> insert(const NewUpload& upload) override { return moved(store_.insert(upload)); }
  Result<Upload> move(const Move& move) override {
    auto result = moved(store_.move(move));
    if (move.by) ended(*move.by, result, move.job_done ? std::optional(Ended::done) : std::nullopt);
    if (result && move.next && move.next->held)
      claimed({.id = move.next->id,
               .upload = move.upload,
               .stage = move.next->stage,
               .priority = move.next->priority,
               .attempt = 1,
               .run_after = move.next->run_after});
    return result;
  }
  Result<bool> enqueue(const UploadId& upload, const NewJob& job, Time now) override {
    return told(store_.enqueue(upload, job, now));
  }
  Result<void> retry(const Claim& claim, Time run_after, const Failure& failure, Time now) override {
    auto result = told(store_.retry(claim, run_after, failure, now));
    ended(claim, result, Ended::retried);
    return result;
  }
  Result<void> finish(const Claim& claim, const std::optional<Report>& report, Time now) override {
    auto result = told(store_.finish(claim, report, now));
    ended(claim, result, Ended::done);
    return result;
  }
  Result<void> bury(const Claim& claim, std::int64_t version, const Failure& failure, Time now) override {
    auto result = told(store_.bury(claim, version, failure, now));
    ended(claim, result, Ended::buried);
    if (!result || !watch_.moved) return result;
    // An upload that was being measured anew stays where it is.
    if (const auto upload = store_.find(claim.job.upload); upload && upload->state == State::failed)
      watch_.moved(*upload);
    return result;
  }
  Result<Upload> replay(const JobId& letter, const NewJob& job, const Decision& decision) override {
    return moved(store_.replay(letter, job, decision));
  }

  Result<Upload> find(const UploadId& id) override { return store_.find(id); }
  Result<std::vector<Upload>> list(const UploadFilter& filter, const std::optional<UploadId>& before,
                                   std::size_t limit) override {
    return store_.list(filter, before, limit);
  }
  Result<std::vector<HistoryEntry>> history(const UploadId& id) override { return store_.history(id); }
  Result<std::vector<OwnerEvent>> owner_events(const OwnerId& owner, std::int64_t sequence,
                                               std::size_t limit) override {
    return store_.owner_events(owner, sequence, limit);
  }
  Result<Upload> set_multipart(const UploadId& id, const std::string& before,
                               const std::string& after) override {
    return store_.set_multipart(id, before, after);
  }
  Result<Upload> strike(const UploadId& id, Struck struck) override { return store_.strike(id, struck); }
  Result<Made> made_since(const OwnerId& owner, Time since) override {
    return store_.made_since(owner, since);
  }
  Result<std::uint64_t> declared_bytes() override { return store_.declared_bytes(); }
  Result<std::vector<StateCount>> count_uploads() override { return store_.count_uploads(); }
  Result<std::int64_t> last_sequence(const OwnerId& owner) override { return store_.last_sequence(owner); }
  Result<std::size_t> erase_owned(const OwnerId& owner, std::size_t limit, Time now) override {
    return store_.erase_owned(owner, limit, now);
  }
  Result<void> hand_over(const OwnerId& from, const OwnerId& to, Time now) override {
    return store_.hand_over(from, to, now);
  }
  Result<std::vector<JobStatus>> jobs(const UploadId& id) override { return store_.jobs(id); }
  Result<Backlog> backlog(Time now) override { return store_.backlog(now); }
  Result<std::string> report(const UploadId& id) override { return store_.report(id); }
  Result<std::vector<Upload>> outdated(int core, const std::optional<UploadId>& after,
                                       std::size_t limit) override {
    return store_.outdated(core, after, limit);
  }
  Result<Outdated> count_outdated(int core) override { return store_.count_outdated(core); }
  Result<void> erase(const UploadId& id, Time now) override { return store_.erase(id, now); }
  Result<std::optional<Claim>> claim(std::span<const Stage> stages, const std::string& worker, Time now,
                                     Time lease_until) override {
    auto claim = store_.claim(stages, worker, now, lease_until);
    if (claim && *claim) claimed((*claim)->job);
    return claim;
  }
  Result<void> renew(const Claim& claim, Time lease_until) override {
    auto result = store_.renew(claim, lease_until);
    ended(claim, result, std::nullopt);
    return result;
  }
  Result<std::vector<DeadLetter>> dead_letters(std::size_t limit) override {
    return store_.dead_letters(limit);
  }
  Result<DeadLetter> dead_letter(const JobId& id) override { return store_.dead_letter(id); }
  Result<void> discard(const JobId& id, const Decision& decision) override {
    return store_.discard(id, decision);
  }
  Result<std::vector<RecordedDecision>> decisions(std::size_t limit) override {
    return store_.decisions(limit);
  }
  Result<std::vector<OutboxRow>> outbox_due(const std::string& relay, Time now, Time lease_until,
                                            std::size_t limit) override {
    return store_.outbox_due(relay, now, lease_until, limit);
  }
  Result<void> outbox_published(std::span<const std::int64_t> ids) override {
    return store_.outbox_published(ids);
  }
  Result<std::vector<Upload>> due_to_expire(Time now, std::size_t limit) override {
    return store_.due_to_expire(now, limit);
  }
  Result<std::vector<Upload>> due_to_clean(Time before, std::size_t limit) override {
    return store_.due_to_clean(before, limit);
  }
  Result<std::vector<Upload>> pending_since(Time before, const std::optional<UploadId>& after,
                                            std::size_t limit) override {
    return store_.pending_since(before, after, limit);
  }
  Result<void> mark_gone(const UploadId& id, Time now) override { return store_.mark_gone(id, now); }
  Result<std::vector<Removal>> removals(Time now, std::size_t limit) override {
    return store_.removals(now, limit);
  }
  Result<void> postpone_removal(const std::string& object_key, Time until) override {
    return store_.postpone_removal(object_key, until);
  }
  Result<void> removed(const std::string& object_key) override { return store_.removed(object_key); }

 private:
  /// After a refusal too: an error in the commit may still have written.
  template <class T>
  Result<T> told(Result<T> result) {
    if (watch_.changed) watch_.changed();
    return result;
  }
  Result<Upload> moved(Result<Upload> result) {
    result = told(std::move(result));
    if (result && watch_.moved) watch_.moved(*result);
    return result;
  }
  void claimed(const Job& job) const {
    if (watch_.claimed) watch_.claimed(job);
  }
  /// how: nothing where the job goes on after a call that went well.
  template <class T>
  void ended(const Claim& claim, const Result<T>& result, std::optional<Ended> how) const {
    if (!result) how = result.error().code == "job_lost" ? std::optional(Ended::lost) : std::nullopt;
    if (how && watch_.ended) watch_.ended(claim.job, *how);
  }

  UploadStore& store_;
  const StoreWatch watch_;
};

}  // namespace

std::unique_ptr<UploadStore> watch_store(UploadStore& store, StoreWatch watch) {
  return std::make_unique<Watched>(store, std::move(watch));
}

}  // namespace orakgarak::events
