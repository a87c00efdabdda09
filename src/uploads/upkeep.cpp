#include "uploads/upkeep.h"

#include <algorithm>

namespace orakgarak::uploads {
namespace {

/// Somebody else was quicker: nothing left to do.
template <class T>
bool was_quicker(const Result<T>& result) {
  return !result &&
         (result.error().kind == ErrorKind::conflict || result.error().kind == ErrorKind::not_found);
}

Result<bool> is_there(ObjectStore& objects, const std::string& key) {
  const auto facts = objects.head(key);
  if (facts) return true;
  if (facts.error().kind == ErrorKind::not_found) return false;
  return std::unexpected(facts.error());
}

/// Its bytes are for something, or may be.
bool wants_bytes(const Upload& upload) { return !upload.gone && upload.state != State::expired; }

Result<bool> look_at(UploadStore& store, const UploadId& upload, Time now) {
  auto queued = store.enqueue(upload, {JobId::make(now), Stage::check, Priority::live, now}, now);
  if (was_quicker(queued)) return false;
  return queued;
}

/// A key, or all that begin with one that ends with '/'.
Result<void> remove_under(ObjectStore& objects, const std::string& key) {
  if (!key.ends_with('/')) return objects.remove(key);
  for (;;) {
    const auto listed = objects.list(key, "", 100);
    if (!listed) return std::unexpected(listed.error());
    if (listed->empty()) return {};
    for (const auto& object : *listed)
      if (auto removed = objects.remove(object.key); !removed) return removed;
  }
}

struct Removals {
  int removed = 0, postponed = 0;
  bool more = false;  ///< there may be further ones
};

Result<Removals> remove_due(UploadStore& store, ObjectStore& objects, Time now, std::size_t at_once) {
  const auto due = store.removals(now, at_once);
  if (!due) return std::unexpected(due.error());
  Removals done{.more = due->size() == at_once};
  for (const Removal& removal : *due) {
    const bool gone = remove_under(objects, removal.object_key).has_value();
    auto noted = gone ? store.removed(removal.object_key)
                      : store.postpone_removal(removal.object_key, now + removal_delay(removal.attempts));
    if (!noted) return std::unexpected(std::move(noted.error()));
    ++(gone ? done.removed : done.postponed);
  }
  return done;
}

class Upkeep {
 public:
  Upkeep(UploadStore& store, ObjectStore& objects, Presigner& presigner, Time now, const UpkeepPolicy& policy)
      : store_(store), objects_(objects), presigner_(presigner), now_(now), policy_(policy) {}

  Result<Upkept> run() {
    for (const auto part : {&Upkeep::find_lost, &Upkeep::expire, &Upkeep::clean, &Upkeep::remove_given_up,
                            &Upkeep::remove_unknown, &Upkeep::abort_unneeded})
      if (auto done = (this->*part)(); !done) return std::unexpected(std::move(done.error()));
    return done_;
  }

 private:
  Result<void> find_lost() {
    std::optional<UploadId> after;
    for (;;) {
      const auto waiting = store_.pending_since(now_ - policy_.lost_after, after, policy_.at_once);
      if (!waiting) return std::unexpected(waiting.error());
      for (const Upload& upload : *waiting)
        if (auto looked = look_if_there(upload); !looked) return looked;
      if (waiting->size() < policy_.at_once) return {};
      after = waiting->back().id;
    }
  }

  Result<void> look_if_there(const Upload& upload) {
    const auto there = is_there(objects_, upload.object_key);
    if (!there) return std::unexpected(there.error());
    if (!*there) return {};
    const auto queued = look_at(store_, upload.id, now_);
    if (!queued) return std::unexpected(queued.error());
    done_.found += *queued ? 1 : 0;
    return {};
  }

  /// Those whose object is there have a job by now: find_lost came first, and they are not due.
  Result<void> expire() {
    const auto due = store_.due_to_expire(now_, policy_.at_once);
    if (!due) return std::unexpected(due.error());
    for (const Upload& upload : *due) {
      Move move{upload.id, upload.version, State::pending, State::expired, now_, "expired"};
      const auto moved = store_.move(move);
      if (!moved && !was_quicker(moved)) return std::unexpected(moved.error());
      done_.expired += moved ? 1 : 0;
    }
    return {};
  }

  Result<void> clean() {
    const auto due = store_.due_to_clean(now_ - policy_.keep_failed, policy_.at_once);
    if (!due) return std::unexpected(due.error());
    for (const Upload& upload : *due) {
      const auto marked = store_.mark_gone(upload.id, now_);
      if (!marked && !was_quicker(marked)) return marked;
      done_.cleaned += marked ? 1 : 0;
    }
    return {};
  }

  Result<void> remove_given_up() {
    const auto done = remove_due(store_, objects_, now_, policy_.at_once);
    if (!done) return std::unexpected(done.error());
    done_.removed += done->removed;
    done_.postponed += done->postponed;
    return {};
  }

  Result<void> remove_unknown() {
    for (const std::string prefix : {"uploads/", "derived/"}) {
      std::string after;
      for (;;) {
        const auto listed = objects_.list(prefix, after, policy_.at_once);
        if (!listed) return std::unexpected(listed.error());
        for (const ListedObject& object : *listed)
          if (auto looked = remove_if_unknown(object); !looked) return looked;
        if (listed->size() < policy_.at_once) break;
        after = listed->back().key;
      }
    }
    return {};
  }

  /// Without a row, or for a row that is at its end without it: bytes that came too late.
  Result<void> remove_if_unknown(const ListedObject& object) {
    if (object.changed > now_ - policy_.keep_unknown) return {};
    if (const auto id = upload_of_key(object.key)) {
      const auto row = store_.find(*id);
      if (!row && row.error().kind != ErrorKind::not_found) return std::unexpected(row.error());
      if (row && wants_bytes(*row)) return {};
    }
    if (auto removed = objects_.remove(object.key); !removed) return removed;
    ++done_.unknown;
    return {};
  }

  /// Also what a completed one has left, once its upload has moved on.
  Result<void> abort_unneeded() {
    for (std::optional<OpenMultipart> after;;) {
      const auto listed = presigner_.multiparts(after, policy_.at_once);
      if (!listed) return std::unexpected(listed.error());
      if (listed->empty()) return {};
      for (const OpenMultipart& multipart : *listed)
        if (auto looked = abort_if_unneeded(multipart); !looked) return looked;
      after = listed->back();
    }
  }

  Result<void> abort_if_unneeded(const OpenMultipart& multipart) {
    const bool fresh = multipart.opened > now_ - policy_.keep_unknown;  // a row may be about to name it
    const auto id = upload_of_key(multipart.key);
    const auto row = id ? store_.find(*id) : fail(ErrorKind::not_found, "no_such_upload", {});
    if (!row && row.error().kind != ErrorKind::not_found) return std::unexpected(row.error());
    if (row && row->state == State::pending && (row->multipart == multipart.id || fresh)) return {};
    if (!row && fresh) return {};
    if (auto aborted = presigner_.abort(multipart.key, multipart.id); !aborted) return aborted;
    ++done_.aborted;
    return {};
  }

  UploadStore& store_;
  ObjectStore& objects_;
  Presigner& presigner_;
  Time now_;
  const UpkeepPolicy& policy_;
  Upkept done_;
};

}  // namespace

Duration removal_delay(int attempts) {
  constexpr int doubled_at_most = 11;
  return std::min<Duration>(std::chrono::minutes(1) * (1 << std::clamp(attempts, 0, doubled_at_most)),
                            std::chrono::hours(24));
}

Result<Upkept> keep_up(UploadStore& store, ObjectStore& objects, Presigner& presigner, Time now,
                       const UpkeepPolicy& policy) {
  return Upkeep(store, objects, presigner, now, policy).run();
}

Result<void> remove_erased(UploadStore& store, ObjectStore& objects, Time now) {
  constexpr std::size_t at_once = 100;
  for (;;) {
    const auto done = remove_due(store, objects, now, at_once);
    if (!done) return std::unexpected(done.error());
    if (!done->more) return {};
  }
}

Result<bool> remove_unwanted(UploadStore& store, ObjectStore& objects, const std::string& key) {
  const auto id = upload_of_key(key);
  if (!id || key != object_key(*id)) return false;
  const auto row = store.find(*id);
  if (row && wants_bytes(*row)) return false;
  if (!row && row.error().kind != ErrorKind::not_found) return std::unexpected(row.error());
  if (auto removed = objects.remove(key); !removed) return std::unexpected(std::move(removed.error()));
  return true;
}

Result<bool> object_arrived(UploadStore& store, std::string_view key, Time now) {
  const auto id = upload_of_key(key);
  if (!id || key != object_key(*id)) return false;
  const auto upload = store.find(*id);
  if (was_quicker(upload)) return false;
  if (!upload) return std::unexpected(upload.error());
  if (upload->state != State::pending) return false;
  return look_at(store, *id, now);
}

}  // namespace orakgarak::uploads
