#pragma once
// The adapter: one file for its rows, one for its jobs, one for its dead letters, one for what leaves it.
#include "storage/sqlite/database.h"
#include "uploads/store.h"

namespace orakgarak::storage {

class SqliteUploads final : public uploads::UploadStore {
 public:
  explicit SqliteUploads(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  // uploads.cpp
  Result<uploads::Upload> insert(const uploads::NewUpload&) override;
  Result<uploads::Upload> find(const uploads::UploadId&) override;
  Result<std::vector<uploads::Upload>> list(const uploads::UploadFilter&,
                                            const std::optional<uploads::UploadId>& before,
                                            std::size_t limit) override;
  Result<std::vector<uploads::HistoryEntry>> history(const uploads::UploadId&) override;
  Result<std::vector<uploads::OwnerEvent>> owner_events(const uploads::OwnerId&, std::int64_t sequence,
                                                        std::size_t limit) override;
  Result<std::int64_t> last_sequence(const uploads::OwnerId&) override;
  Result<uploads::Upload> set_multipart(const uploads::UploadId&, const std::string& before,
                                        const std::string& after) override;
  Result<uploads::Upload> strike(const uploads::UploadId&, uploads::Struck) override;
  Result<uploads::Made> made_since(const uploads::OwnerId&, Time since) override;
  Result<std::uint64_t> declared_bytes() override;
  Result<std::vector<uploads::StateCount>> count_uploads() override;
  Result<uploads::Upload> move(const uploads::Move&) override;
  Result<std::string> report(const uploads::UploadId&) override;
  Result<std::vector<uploads::Upload>> outdated(int core, const std::optional<uploads::UploadId>& after,
                                                std::size_t limit) override;
  Result<uploads::Outdated> count_outdated(int core) override;
  Result<void> erase(const uploads::UploadId&, Time now) override;
  Result<std::size_t> erase_owned(const uploads::OwnerId&, std::size_t limit, Time now) override;
  Result<void> hand_over(const uploads::OwnerId& from, const uploads::OwnerId& to, Time now) override;

  // jobs.cpp
  Result<bool> enqueue(const uploads::UploadId&, const uploads::NewJob&, Time now) override;
  Result<std::optional<uploads::Claim>> claim(std::span<const uploads::Stage>, const std::string& worker,
                                              Time now, Time lease_until) override;
  Result<std::vector<uploads::JobStatus>> jobs(const uploads::UploadId&) override;
  Result<uploads::Backlog> backlog(Time now) override;
  Result<void> renew(const uploads::Claim&, Time lease_until) override;
  Result<void> retry(const uploads::Claim&, Time run_after, const uploads::Failure&, Time now) override;
  Result<void> finish(const uploads::Claim&, const std::optional<uploads::Report>&, Time now) override;
  Result<void> bury(const uploads::Claim&, std::int64_t version, const uploads::Failure&, Time now) override;

  // letters.cpp
  Result<std::vector<uploads::DeadLetter>> dead_letters(std::size_t limit) override;
  Result<uploads::DeadLetter> dead_letter(const uploads::JobId&) override;
  Result<uploads::Upload> replay(const uploads::JobId&, const uploads::NewJob&,
                                 const uploads::Decision&) override;
  Result<void> discard(const uploads::JobId&, const uploads::Decision&) override;
  Result<std::vector<uploads::RecordedDecision>> decisions(std::size_t limit) override;

  // leaving.cpp
  Result<std::vector<uploads::OutboxRow>> outbox_due(const std::string& relay, Time now, Time lease_until,
                                                     std::size_t limit) override;
  Result<void> outbox_published(std::span<const std::int64_t> ids) override;
  Result<std::vector<uploads::Upload>> due_to_expire(Time now, std::size_t limit) override;
  Result<std::vector<uploads::Upload>> due_to_clean(Time before, std::size_t limit) override;
  Result<std::vector<uploads::Upload>> pending_since(Time before,
                                                     const std::optional<uploads::UploadId>& after,
                                                     std::size_t limit) override;
  Result<void> mark_gone(const uploads::UploadId&, Time now) override;
  Result<std::vector<uploads::Removal>> removals(Time now, std::size_t limit) override;
  Result<void> postpone_removal(const std::string& object_key, Time until) override;
  Result<void> removed(const std::string& object_key) override;

 private:
  std::unique_ptr<Database> database_;
};

/// As SQL takes it.
inline std::int64_t rows(std::size_t limit) { return static_cast<std::int64_t>(limit); }

}  // namespace orakgarak::storage
