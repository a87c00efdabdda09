#include "uploads/apply.h"

namespace orakgarak::uploads {
namespace {

bool is_redrive(const Move& move) { return move.from == State::failed; }

bool in_table(const Move& move, const Upload& upload) {
  const Medium medium = medium_of(upload.kind);
  if (!is_redrive(move)) return may_move(medium, move.from, move.to);
  return may_redrive(medium, move.to) && upload.failure && queued_for(upload.failure->stage) == move.to;
}

/// The first thing that goes with no such move, or nothing.
const char* misfit(const Move& move) {
  const bool checked = move.from == State::pending && move.to == State::uploaded;
  if (move.object_version.has_value() != checked)
    return "an object version goes with PENDING to UPLOADED, and only there";
  if (move.failure.has_value() != (move.to == State::failed))
    return "a failure goes with the way to FAILED, and only there";
  if (move.job_done && move.by == nullptr) return "no job is named that could be done";
  if (move.next && is_end(move.to)) return "no job follows an end";
  if (move.decision && !(is_redrive(move) && move.next)) return "only a redrive with its job is decided";
  return nullptr;
}

}  // namespace

Result<Upload> apply(const Move& move, const Upload& upload) {
  if (upload.version != move.version || upload.state != move.from)
    return fail(ErrorKind::conflict, "stale_version",
                "The upload has changed meanwhile: read it again before you change it.");
  if (!in_table(move, upload))
    return rejected("illegal_move", std::string("No upload like this one goes from ")
                                        .append(to_string(move.from))
                                        .append(" to ")
                                        .append(to_string(move.to))
                                        .append("."));
  if (const char* why = misfit(move)) return rejected("illegal_move", std::string("A move is wrong: ") + why);
  if (is_redrive(move) && upload.gone)
    return rejected("gone", "The objects of this upload are removed: it has to be sent again.");
  Upload after = upload;
  after.state = move.to;
  ++after.version;
  after.changed = move.now;
  after.failure = move.failure;
  if (move.object_version) after.object_version = *move.object_version;
  return after;
}

Move redriving(const Upload& upload, const NewJob& job, std::string why, Time now) {
  return {.upload = upload.id,
          .version = upload.version,
          .from = upload.state,
          .to = queued_for(job.stage),
          .now = now,
          .why = std::move(why),
          .next = job};
}

Move failing(const Upload& upload, std::int64_t version, const Claim& by, const Failure& failure, Time now) {
  return {.upload = upload.id,
          .version = version,
          .from = upload.state,
          .to = State::failed,
          .now = now,
          .why = "failed: " + failure.code,
          .failure = failure,
          .by = &by,
          .job_done = true};
}

DeadLetter letter_of(const Claim& claim, const Upload& upload, const Failure& failure, Time now) {
  return {claim.job.id, upload.id, failure.stage, claim.job.attempt, failure, upload.traceparent, now};
}

}  // namespace orakgarak::uploads
