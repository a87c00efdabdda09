#include "uploads/redrive.h"

#include "uploads/apply.h"

namespace orakgarak::uploads {

namespace {

Result<Upload> go_on(UploadStore& store, const Upload& upload, std::string why, Time now,
                     std::optional<Decision> decision) {
  if (upload.state != State::failed)
    return fail(ErrorKind::conflict, "not_failed",
                std::string("This upload is ")
                    .append(to_string(upload.state))
                    .append("; only a FAILED one can be tried again."));
  Move move =
      redriving(upload, {JobId::make(now), upload.failure->stage, Priority::live, now}, std::move(why), now);
  move.decision = std::move(decision);
  return store.move(move);
}

}  // namespace

Result<Upload> redrive(UploadStore& store, const Upload& upload, std::string why, Time now) {
  return go_on(store, upload, std::move(why), now, std::nullopt);
}

Result<Upload> redrive(UploadStore& store, const Upload& upload, const Decision& decision) {
  return go_on(store, upload, "redrive by an operator", decision.at, decision);
}

Result<Upload> replay_letter(UploadStore& store, const JobId& letter, const Decision& decision) {
  const auto found = store.dead_letter(letter);
  if (!found) return std::unexpected(found.error());
  const auto upload = store.find(found->upload);
  if (!upload) return std::unexpected(upload.error());
  const auto priority = upload->state == State::completed ? Priority::batch : Priority::live;
  return store.replay(letter, {JobId::make(decision.at), found->stage, priority, decision.at}, decision);
}

}  // namespace orakgarak::uploads
