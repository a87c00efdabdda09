#pragma once
// The port to the rows: uploads, their history, jobs, dead letters, outbox. Every function is one
// transaction: it happens whole or not at all, and survives SIGKILL once it has returned. Each adapter passes
// tests/contract/upload_store.
//
// Errors of every function, beside those named: retry "store_unavailable" (nothing happened, or, where the
// connection broke in the commit, it may have: doing it again is safe because of versions and attempts).
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "uploads/upload.h"

namespace orakgarak::uploads {

struct NewUpload {
  UploadId id;
  OwnerId owner;
  Kind kind = Kind::take;
  Declared declared;
  std::string object_key;
  Time now, expires;
  std::string traceparent;
};

struct NewJob {
  JobId id;
  Stage stage = Stage::check;
  Priority priority = Priority::live;
  Time run_after;
};

/// One transition with all that belongs to it.
struct Move {
  UploadId upload;
  std::int64_t version = 0;  ///< that the caller saw
  State from = State::pending, to = State::pending;
  Time now;
  std::string why;
  std::optional<std::string>
      object_version;                 ///< what was checked; exactly on the way to UPLOADED from PENDING
  std::optional<Failure> failure;     ///< exactly on the way to FAILED
  std::optional<std::string> report;  ///< JSON, kept as the upload's report; replaces an older one
  const Claim* by = nullptr;          ///< the job that does it: it must still be held
  bool job_done = false;              ///< that job ends with this move
  std::optional<NewJob> next;         ///< queued with this move
};

/// What the relay publishes. Two columns of the envelope are all that the store knows of it.
struct OutboxRow {
  std::int64_t id = 0;
  Priority priority = Priority::live;
  std::string key;       ///< upload id: events of one upload keep their order
  std::string envelope;  ///< CloudEvents 1.0 JSON
};

struct UploadFilter {
  std::optional<OwnerId> owner;
  std::optional<State> state;
  std::optional<Kind> kind;
};

class UploadStore {
 public:
  virtual ~UploadStore() = default;

  /// The row in PENDING, its first history entry and event. Errors: conflict "exists".
  virtual Result<Upload> insert(const NewUpload&) = 0;
  /// Errors: not_found "no_such_upload".
  virtual Result<Upload> find(const UploadId&) = 0;
  /// Newest first, at most `limit`; those before the upload `before`, where one is named.
  virtual Result<std::vector<Upload>> list(const UploadFilter&, const std::optional<UploadId>& before,
                                           std::size_t limit) = 0;
  /// Oldest first. Errors: not_found "no_such_upload".
  virtual Result<std::vector<HistoryEntry>> history(const UploadId&) = 0;
  /// Transitions of one owner's uploads after `sequence`, in order, at most `limit`.
  virtual Result<std::vector<OwnerEvent>> owner_events(const OwnerId&, std::int64_t sequence,
                                                       std::size_t limit) = 0;

  /// Compare-and-set with history, event, report and jobs. The move must be in the table (`may_move`, or
  /// `may_redrive` out of FAILED). Errors: not_found "no_such_upload"; conflict "stale_version" (another
  /// version or state), "job_lost" (`by` is no longer held); rejected "illegal_move".
  virtual Result<Upload> move(const Move&) = 0;
  /// JSON of the report. Errors: not_found "no_report".
  virtual Result<std::string> report(const UploadId&) = 0;
  /// The row, its history, report, jobs and dead letters; running jobs are fenced. Its object key and what
  /// was derived from it are listed for removal (`removals`). Errors: not_found "no_such_upload".
  virtual Result<void> erase(const UploadId&, Time now) = 0;

  /// Queues a job unless one of the same stage is queued or running for this upload: a hint may come often.
  /// Gives whether it was queued. Errors: not_found "no_such_upload".
  virtual Result<bool> enqueue(const UploadId&, const NewJob&, Time now) = 0;
  /// The next job that is due at `now` and is held by nobody (or whose lease has ended), live before batch,
  /// then by run_after: its attempt is raised and it is held until `lease_until`. Nothing where none is due.
  virtual Result<std::optional<Claim>> claim(std::span<const Stage>, const std::string& worker, Time now,
                                             Time lease_until) = 0;
  /// Holds it longer. Errors: conflict "job_lost".
  virtual Result<void> renew(const Claim&, Time lease_until) = 0;
  /// Gives it back, to be claimed from `run_after` on. Errors: conflict "job_lost".
  virtual Result<void> retry(const Claim&, Time run_after, const Failure&, Time now) = 0;
  /// The job becomes a dead letter and its upload FAILED. Errors: conflict "job_lost", "stale_version".
  virtual Result<void> bury(const Claim&, std::int64_t version, const Failure&, Time now) = 0;

  /// Oldest first, at most `limit`.
  virtual Result<std::vector<DeadLetter>> dead_letters(std::size_t limit) = 0;
  /// Errors: not_found "no_such_letter".
  virtual Result<DeadLetter> dead_letter(const JobId&) = 0;
  /// The upload leaves FAILED for where the stage is queued, with a job; the letter goes and the decision is
  /// recorded. Errors: not_found "no_such_letter"; conflict "stale_version" (the upload is not FAILED any
  /// more); rejected "gone" (its objects are removed).
  virtual Result<Upload> replay(const JobId&, const NewJob&, const Decision&) = 0;
  /// The letter goes, the upload stays FAILED. Errors: not_found "no_such_letter".
  virtual Result<void> discard(const JobId&, const Decision&) = 0;

  /// Unpublished rows that are due, oldest first. Errors: conflict "relay_held" where another relay holds the
  /// one lease.
  virtual Result<std::vector<OutboxRow>> outbox_due(const std::string& relay, Time now, Time lease_until,
                                                    std::size_t limit) = 0;
  virtual Result<void> outbox_published(std::span<const std::int64_t> ids) = 0;

  /// PENDING uploads whose `expires` has come; FAILED and EXPIRED ones changed before `before` whose objects
  /// are not gone; PENDING ones made before `before`. Oldest first, at most `limit`.
  virtual Result<std::vector<Upload>> due_to_expire(Time now, std::size_t limit) = 0;
  virtual Result<std::vector<Upload>> due_to_clean(Time before, std::size_t limit) = 0;
  virtual Result<std::vector<Upload>> pending_since(Time before, std::size_t limit) = 0;
  /// Marks a FAILED or EXPIRED upload's objects as removed.
  virtual Result<void> mark_gone(const UploadId&, Time now) = 0;
  /// Object keys of erased uploads that are still to be removed, oldest first; removed() takes them off.
  virtual Result<std::vector<std::string>> removals(std::size_t limit) = 0;
  virtual Result<void> removed(const std::string& object_key) = 0;
};

}  // namespace orakgarak::uploads
