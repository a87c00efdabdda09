#pragma once
// The port to the rows: uploads, their history, jobs, dead letters, outbox. Every function is one
// transaction: it happens whole or not at all, and survives SIGKILL once it has returned. Each adapter passes
// tests/contract/upload_store.
//
// Errors of every function, beside those named: retry "store_unavailable" (nothing happened, or, where the
// connection broke in the commit, it may have: doing it again is safe because of versions and attempts).
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "uploads/upload.h"

namespace orakgarak::uploads {

/// What one owner, and all of them together, may declare; looked at in the transaction that would pass it.
struct Quota {
  Time since;                                                            ///< within the last 24 hours
  std::size_t uploads = std::numeric_limits<std::size_t>::max();         ///< of this owner since then
  std::uint64_t total_bytes = std::numeric_limits<std::int64_t>::max();  ///< of all owners: declared_bytes()
};

struct NewUpload {
  UploadId id;
  OwnerId owner;
  Kind kind = Kind::take;
  Declared declared;
  std::string object_key;
  Time now, expires;
  std::string traceparent;
  Quota quota = {};
};

/// A worker's hold on a job from the moment it is queued.
struct Hold {
  std::string worker;
  Time lease_until;
};

struct NewJob {
  JobId id;
  Stage stage = Stage::check;
  Priority priority = Priority::live;
  Time run_after;
  std::optional<Hold> held = {};  ///< its first attempt is this worker's: nobody is asked for it by an event
};

/// What the voice core measured.
struct Report {
  std::string json;
  int core = 0;  ///< version of the voice core that did
};

/// One transition with all that belongs to it.
struct Move {
  UploadId upload;
  std::int64_t version = 0;  ///< that the caller saw
  State from = State::pending, to = State::pending;
  Time now;
  std::string why;
  std::optional<std::string> object_version =
      {};                                 ///< what was checked; exactly on the way to UPLOADED from PENDING
  std::optional<Failure> failure = {};    ///< exactly on the way to FAILED
  std::optional<Report> report = {};      ///< kept as the upload's; replaces an older one
  const Claim* by = nullptr;              ///< the job that does it: it must still be held
  bool job_done = false;                  ///< that job ends with this move
  std::optional<NewJob> next = {};        ///< queued with this move, as enqueue() does
  std::optional<Decision> decision = {};  ///< of an operator who redrives; recorded under the job in `next`
};

/// What the relay publishes: the envelopes are those of uploads/envelope.h.
struct OutboxRow {
  std::int64_t id = 0;  ///< never given twice
  Priority priority = Priority::live;
  std::string key;       ///< upload id: events of one upload keep their order
  std::string envelope;  ///< CloudEvents 1.0 JSON
};

/// An object key that is to be removed; one that ends with '/' means all keys under it.
struct Removal {
  std::string object_key;
  int attempts = 0;  ///< that failed
};

/// What an owner declared since some time, erased uploads too.
struct Made {
  std::size_t uploads = 0;
  std::optional<Time> first;  ///< of the first of them
};

/// The uploads of one kind in one state, those that are gone too.
struct StateCount {
  State state = State::pending;
  Kind kind = Kind::take;
  std::size_t count = 0;
  Time oldest;  ///< when the one that is in it longest was changed last
};

/// How much waits, and for how long.
struct StageBacklog {
  Stage stage = Stage::check;
  std::size_t waiting = 0;  ///< jobs that nobody holds, due or not
  std::size_t running = 0;  ///< jobs under a lease that has not ended
  std::optional<Time> due;  ///< run_after of the first job that is due and waits
};
struct Backlog {
  std::vector<StageBacklog> stages;  ///< every stage, in their order
  std::size_t events = 0;            ///< unpublished, due or not
  std::optional<Time> first_event;   ///< when the first of those that are due became due
};

/// Takes whose report an older voice core measured.
struct Outdated {
  std::size_t takes = 0;
  std::size_t queued = 0;    ///< of them: an analysis is queued or runs
  std::size_t given_up = 0;  ///< of them: measuring them anew ended in a dead letter
  std::size_t owners = 0;    ///< whose they are
  std::uint64_t bytes = 0;   ///< of their originals
};

struct UploadFilter {
  std::optional<OwnerId> owner;
  std::optional<State> state;
  std::optional<Kind> kind;
};

class UploadStore {
 public:
  virtual ~UploadStore() = default;

  /// The row in PENDING, its first history entry and event. Errors: conflict "exists", "owner_closed" (see
  /// erase_owned); retry "too_many_uploads", "store_full" (the quota).
  virtual Result<Upload> insert(const NewUpload&) = 0;
  /// Errors: not_found "no_such_upload".
  virtual Result<Upload> find(const UploadId&) = 0;
  /// Newest first (by id: ids rise with time), at most `limit`; those before the id `before`, where one is
  /// named: it need not exist any more.
  virtual Result<std::vector<Upload>> list(const UploadFilter&, const std::optional<UploadId>& before,
                                           std::size_t limit) = 0;
  /// Oldest first. Errors: not_found "no_such_upload".
  virtual Result<std::vector<HistoryEntry>> history(const UploadId&) = 0;
  /// Sets `Upload::multipart` of a PENDING upload from `before` to `after`: of two that opened one at once,
  /// one is told. Errors: not_found "no_such_upload"; conflict "stale_version" (it is another one by now, or
  /// the upload is not PENDING any more).
  virtual Result<Upload> set_multipart(const UploadId&, const std::string& before,
                                       const std::string& after) = 0;
  /// Takes the place of what was struck before. Errors: not_found "no_such_upload"; rejected "not_a_take".
  virtual Result<Upload> strike(const UploadId&, Struck) = 0;
  /// Of the last 24 hours at most.
  virtual Result<Made> made_since(const OwnerId&, Time since) = 0;
  /// Of all uploads that are not gone.
  virtual Result<std::uint64_t> declared_bytes() = 0;
  /// In no order; a state and kind without uploads is left out. Goes over an index of all uploads that holds
  /// no more than this.
  virtual Result<std::vector<StateCount>> count_uploads() = 0;
  /// Transitions of one owner's uploads after `sequence`, in order, at most `limit`.
  virtual Result<std::vector<OwnerEvent>> owner_events(const OwnerId&, std::int64_t sequence,
                                                       std::size_t limit) = 0;
  /// Of the owner's latest transition; 0 where there was none.
  virtual Result<std::int64_t> last_sequence(const OwnerId&) = 0;

  /// Compare-and-set with history, event, report and jobs. The move must be in the table: `may_move`, or out
  /// of FAILED `may_redrive` to where the failed stage is queued; a redrive settles the upload's dead letter.
  /// FAILED and EXPIRED end every job of the upload. Errors: not_found "no_such_upload"; conflict "job_lost"
  /// (`by` is no longer held), "stale_version" (another version or state); rejected "illegal_move" (or what
  /// goes with it is missing or too much), "gone" (a redrive of an upload whose objects are removed).
  virtual Result<Upload> move(const Move&) = 0;
  /// JSON of the report. Errors: not_found "no_report".
  virtual Result<std::string> report(const UploadId&) = 0;
  /// COMPLETED takes whose report is of a voice core before `core`, for which no analysis is queued or
  /// running and none ended in a dead letter, by id, from the one after `after` on, at most `limit`.
  virtual Result<std::vector<Upload>> outdated(int core, const std::optional<UploadId>& after,
                                               std::size_t limit) = 0;
  /// All COMPLETED takes whose report is of a voice core before `core`.
  virtual Result<Outdated> count_outdated(int core) = 0;
  /// The row, its history, report, jobs, events and dead letters; running jobs are fenced. Decisions stay:
  /// they name the letter only. Its object key and `derived/<id>/` are listed for removal (`removals`).
  /// Errors: not_found "no_such_upload".
  virtual Result<void> erase(const UploadId&, Time now) = 0;
  /// Erases at most `limit` uploads of this owner, and says how many; with the last of them what was counted
  /// of the owner. From the first call on insert() makes nothing for it for a day ("owner_closed"), however
  /// late a request comes. Call it until it gives less than `limit`; again is harmless.
  virtual Result<std::size_t> erase_owned(const OwnerId&, std::size_t limit, Time now) = 0;

  /// Everything of `from` is `to`'s from now on: its uploads, what was counted of it, and its transitions,
  /// which come after those that `to` has had, in their order. Jobs go on. insert() makes nothing for `from`
  /// as after erase_owned(). Again is harmless. Errors: conflict "owner_closed" (everything of `to` is being
  /// deleted).
  virtual Result<void> hand_over(const OwnerId& from, const OwnerId& to, Time now) = 0;

  // A claim is held until its job ends, is given back, or is claimed anew, which the end of its lease allows;
  // a lease that has ended but was taken by nobody still holds. Times are what callers pass, never a clock's.

  /// Queues a job unless one of the same stage is queued or running for this upload: a hint may come often.
  /// Gives whether it was queued. Errors: not_found "no_such_upload".
  virtual Result<bool> enqueue(const UploadId&, const NewJob&, Time now) = 0;
  /// The next job that is due at `now` and is held by nobody (or whose lease has ended), live before batch,
  /// then by run_after: its attempt is raised and it is held until `lease_until`. Nothing where none is due.
  virtual Result<std::optional<Claim>> claim(std::span<const Stage>, const std::string& worker, Time now,
                                             Time lease_until) = 0;
  /// Of one upload, in the order of their stages. Errors: not_found "no_such_upload".
  virtual Result<std::vector<JobStatus>> jobs(const UploadId&) = 0;
  virtual Result<Backlog> backlog(Time now) = 0;
  /// Holds it longer. Errors: conflict "job_lost".
  virtual Result<void> renew(const Claim&, Time lease_until) = 0;
  /// Gives it back, to be claimed from `run_after` on. Errors: conflict "job_lost".
  virtual Result<void> retry(const Claim&, Time run_after, const Failure&, Time now) = 0;
  /// The job ends and its upload stays as it is: a hint that came too late, or reprocessing beside a
  /// COMPLETED upload, whose report is replaced (with an event) where there is a new one. Errors: conflict
  /// "job_lost"; rejected "illegal_move" (a report, and the upload is not COMPLETED).
  virtual Result<void> finish(const Claim&, const std::optional<Report>& report, Time now) = 0;
  /// The job becomes a dead letter and its upload FAILED in the job's stage, which ends its other jobs. A
  /// COMPLETED upload, which was being measured anew, stays as it is with its report, whatever `version`; an
  /// older letter of it makes room. Errors: conflict "job_lost", "stale_version"; rejected "illegal_move"
  /// (the upload is FAILED or EXPIRED).
  virtual Result<void> bury(const Claim&, std::int64_t version, const Failure&, Time now) = 0;

  /// Oldest first, at most `limit`.
  virtual Result<std::vector<DeadLetter>> dead_letters(std::size_t limit) = 0;
  /// Errors: not_found "no_such_letter".
  virtual Result<DeadLetter> dead_letter(const JobId&) = 0;
  /// The upload leaves FAILED for where the stage is queued, with a job of that stage; a COMPLETED one stays
  /// as it is beside the job. The letter goes and the decision is recorded. Errors: not_found
  /// "no_such_letter"; rejected "gone" (its objects are removed), "illegal_move" (the job is of another
  /// stage).
  virtual Result<Upload> replay(const JobId&, const NewJob&, const Decision&) = 0;
  /// The letter goes, the upload stays as it is. Errors: not_found "no_such_letter".
  virtual Result<void> discard(const JobId&, const Decision&) = 0;
  /// Newest first, at most `limit`.
  virtual Result<std::vector<RecordedDecision>> decisions(std::size_t limit) = 0;

  /// Unpublished rows that are due, by id, at most `limit`; where there are any, the one lease is taken, or
  /// held longer once less than half of it is left. Errors: conflict "relay_held" where another relay holds
  /// it.
  virtual Result<std::vector<OutboxRow>> outbox_due(const std::string& relay, Time now, Time lease_until,
                                                    std::size_t limit) = 0;
  /// They are not due any more; an id that is not there is no error.
  virtual Result<void> outbox_published(std::span<const std::int64_t> ids) = 0;

  /// PENDING uploads whose `expires` has come and for which no job waits or runs, oldest first.
  virtual Result<std::vector<Upload>> due_to_expire(Time now, std::size_t limit) = 0;
  /// FAILED and EXPIRED uploads changed before `before` that are not gone, oldest first.
  virtual Result<std::vector<Upload>> due_to_clean(Time before, std::size_t limit) = 0;
  /// PENDING uploads made before `before`, by id, from the one after `after` on: a page at a time, so that
  /// those whose bytes never come do not stand in front of the others.
  virtual Result<std::vector<Upload>> pending_since(Time before, const std::optional<UploadId>& after,
                                                    std::size_t limit) = 0;
  /// A FAILED or EXPIRED upload can be redriven no more, and its objects are listed for removal, in this
  /// order: a redrive never finds half of them. Again is no error. Errors: not_found "no_such_upload";
  /// conflict "stale_version" (another state).
  virtual Result<void> mark_gone(const UploadId&, Time now) = 0;
  /// What is still to be removed and whose turn has come, those postponed least far first, then the oldest.
  virtual Result<std::vector<Removal>> removals(Time now, std::size_t limit) = 0;
  /// It could not be removed: not again before `until`. A key that is not there is no error.
  virtual Result<void> postpone_removal(const std::string& object_key, Time until) = 0;
  /// Takes it off; a key that is not there is no error.
  virtual Result<void> removed(const std::string& object_key) = 0;
};

}  // namespace orakgarak::uploads
