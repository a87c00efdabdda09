#include "uploads/worker.h"

#include <algorithm>
#include <array>
#include <new>

#include "telemetry/doing.h"
#include "telemetry/stack.h"
#include "telemetry/trace.h"
#include "uploads/retry.h"

namespace orakgarak::uploads {
namespace {

using enum State;

constexpr std::array step_table{
    Step{Stage::check, pending, uploaded, true},
    Step{Stage::convert, uploaded, audio_converting, false},
    Step{Stage::convert, audio_converting, audio_converted, true},
    Step{Stage::convert, audio_converted, voice_analysis_pending, false},
    Step{Stage::analyze, voice_analysis_pending, voice_analyzing, false},
    Step{Stage::analyze, voice_analyzing, voice_analyzed, true},
    Step{Stage::analyze, voice_analyzed, completed, false},
    Step{Stage::optimize, uploaded, image_optimizing, false},
    Step{Stage::optimize, image_optimizing, thumbnail_generating, true},
    Step{Stage::thumbnail, thumbnail_generating, completed, true},
};

const Step* step_at(Stage stage, State state) {
  const auto found =
      std::ranges::find_if(step_table, [&](const Step& s) { return s.stage == stage && s.at == state; });
  return found == step_table.end() ? nullptr : &*found;
}

bool is_last(const Step& step) { return !step_at(step.stage, step.to); }

/// Reprocessing: beside a COMPLETED upload, which it neither moves nor can make fail.
bool measures_anew(const Job& job, const Upload& upload) {
  return job.stage == Stage::analyze && job.priority == Priority::batch && upload.state == completed;
}

class JobRun {
 public:
  JobRun(const Worker& worker, Claim claim) : worker_(worker), claim_(std::move(claim)) {}

  Result<Ran> run() {
    auto upload = worker_.store.find(claim_.job.upload);
    if (!upload)
      return upload.error().kind == ErrorKind::not_found ? Result<Ran>(Ran::lost)
                                                         : std::unexpected(upload.error());
    const telemetry::DoingNow doing({.traceparent = telemetry::begin_trace(upload->traceparent).traceparent,
                                     .route = {},
                                     .upload_id = upload->id.text(),
                                     .job_id = claim_.job.id.text(),
                                     .stage = std::string(to_string(claim_.job.stage))});
    anew_ = measures_anew(claim_.job, *upload);
    if (!anew_ && !step_at(claim_.job.stage, upload->state)) return finish(std::nullopt);  // it has moved on
    if (claim_.job.attempt > most_attempts)
      return give_up(*upload, fail(ErrorKind::retry, "worker_lost",
                                   "The work on this file was cut off several times. Send it again.")
                                  .error());
    if (worker_.device) {
      need_ = need_of(claim_.job.stage, claim_.job.priority, worker_.length(*upload));
      if (auto entered = enter(); !entered) return after_error(*upload, entered.error());
    }
    if (anew_) return measure_anew(*upload);
    for (;;) {
      const Step& step = *step_at(claim_.job.stage, upload->state);
      auto moved = take(step, *upload);
      if (!moved) return after_error(*upload, moved.error());
      upload = std::move(moved);
      if (is_last(step)) return Ran::done;
    }
  }

  /// The job that this one queued and went on to hold.
  const std::optional<Claim>& next() const { return next_; }

 private:
  Result<void> enter() {
    auto entered = worker_.device->enter(need_, [this] { return still_ours(); });
    if (!entered) return std::unexpected(std::move(entered.error()));
    grant_ = std::move(*entered);
    return {};
  }

  /// Under what was granted; where an allocation fails, again in ever smaller sizes, as far as there are any.
  Result<Effect> in_memory(const StageEffect& once, const Upload& upload) {
    for (;;) {
      StageMemory memory{.size = first_size_ + (grant_ ? grant_->size() : 0)};
      try {
        auto done = once(upload, [this] { return still_ours(); }, memory);
        if (grant_ && memory.peak_bytes > 0) grant_->used(memory.peak_bytes);
        return done;
      } catch (const std::bad_alloc&) {
        if (auto smaller = shrink(memory); !smaller) return std::unexpected(std::move(smaller.error()));
      } catch (...) {
        return std::unexpected(telemetry::thrown_error(
            ErrorKind::retry, "internal", "The work on this file met a fault of ours; it is tried again."));
      }
    }
  }

  /// Errors: those of Device::enter; retry "no_memory": it was tried in its smallest size often enough.
  Result<void> shrink(const StageMemory& failed) {
    if (grant_) {
      grant_->ran_out();
      const auto tried = static_cast<std::ptrdiff_t>(grant_->size()) + 1;
      grant_.reset();  // before it waits for less
      const bool smaller = tried < std::ssize(need_.sizes);
      first_size_ = failed.size + (smaller ? 1 : 0);
      need_.sizes.erase(need_.sizes.begin(), smaller ? need_.sizes.begin() + tried : need_.sizes.end() - 1);
      if (smaller || ++in_least_size_ < most_in_least_size) return enter();
    }
    return fail(ErrorKind::retry, "no_memory", "the memory for this work ran out; it is tried again");
  }

  /// While the object store is away, it is begun again and again until that is back.
  Result<Effect> effect(const Upload& upload) {
    const auto once = worker_.effect(claim_.job.stage);
    const Time until = worker_.clock() + objects_patience;
    for (;;) {
      auto done = in_memory(once, upload);
      if (done || !worker_.pause || !objects_are_away(done.error()) || worker_.clock() >= until) return done;
      worker_.pause(objects_look_every);
      if (!still_ours()) return fail(ErrorKind::conflict, "job_lost", "the job was taken over");
    }
  }

  static bool objects_are_away(const Error& error) {
    return error.kind == ErrorKind::retry &&
           (error.code == "objects_unavailable" || error.code == "disk_full");
  }

  Result<Ran> measure_anew(const Upload& upload) {
    auto measured = effect(upload);
    if (!measured) return after_error(upload, measured.error());
    return finish(measured->report);
  }

  Result<Upload> take(const Step& step, const Upload& upload) {
    Effect done;
    if (step.effect) {
      auto effect = this->effect(upload);
      if (!effect) return std::unexpected(std::move(effect.error()));
      done = std::move(*effect);
    }
    Move move = next_move(upload, step.to, to_string(step.stage));
    if (step.to == uploaded) move.object_version = std::move(done.object_version);
    if (step.to == voice_analyzed) move.report = std::move(done.report);
    move.job_done = is_last(step);
    const auto next = move.job_done ? stage_queued_at(step.to, medium_of(upload.kind)) : std::nullopt;
    if (next) move.next = NewJob{JobId::make(move.now), *next, claim_.job.priority, move.now};
    if (!next || !worker_.goes_on || stopping()) return worker_.store.move(move);
    move.next->held = Hold{worker_.name, move.now + worker_.lease};
    auto moved = worker_.store.move(move);
    if (moved)
      next_ = Claim{.job = {move.next->id, upload.id, *next, move.next->priority, 1, move.next->run_after},
                    .worker = worker_.name,
                    .lease_until = move.next->held->lease_until};
    return moved;
  }

  Move next_move(const Upload& upload, State to, std::string_view why) const {
    Move move{upload.id, upload.version, upload.state, to, worker_.clock(), std::string(why)};
    move.by = &claim_;
    return move;
  }

  bool stopping() const { return worker_.stopping && worker_.stopping(); }

  bool still_ours() {
    if (stopping()) return false;
    const Time now = worker_.clock();
    if (claim_.lease_until - now > worker_.lease / 2) return true;
    if (!worker_.store.renew(claim_, now + worker_.lease)) return now < claim_.lease_until;
    claim_.lease_until = now + worker_.lease;
    return true;
  }

  Result<Ran> after_error(const Upload& before, const Error& error) {
    if (error.code == "job_lost" && stopping()) return give_back();
    if (error.code == "job_lost" || error.code == "no_such_upload" || error.code == "stale_version")
      return Ran::lost;
    auto upload = worker_.store.find(before.id);
    if (!upload) return std::unexpected(std::move(upload.error()));
    if (error.kind != ErrorKind::retry) return anew_ ? give_up(*upload, error) : fail_upload(*upload, error);
    const Time now = worker_.clock();
    const auto delay = retry_delay(claim_.job.attempt, worker_.chance());
    if (!delay) return give_up(*upload, error);
    return troubled(error, worker_.store.retry(claim_, now + *delay, failure_of(error), now), Ran::retried);
  }

  /// Whoever comes next goes on at once, instead of when this lease ends.
  Result<Ran> give_back() {
    const Time now = worker_.clock();
    const Failure stopped{claim_.job.stage, "stopped", "The server was stopped; it goes on by itself.", true};
    return lost_unless(worker_.store.retry(claim_, now, stopped, now), Ran::retried);
  }

  /// The input is to blame: no dead letter, nobody has to decide anything.
  Result<Ran> fail_upload(const Upload& upload, const Error& error) {
    Move move = next_move(upload, failed, error.code);
    move.failure = failure_of(error);
    move.job_done = true;
    return troubled(error, worker_.store.move(move), Ran::failed);
  }

  Result<Ran> finish(const std::optional<Report>& report) {
    return lost_unless(worker_.store.finish(claim_, report, worker_.clock()), Ran::done);
  }

  /// A take that was measured once and cannot be now has a dead letter whatever the cause: somebody is to see
  /// it.
  Result<Ran> give_up(const Upload& upload, const Error& error) {
    return troubled(error, worker_.store.bury(claim_, upload.version, failure_of(error), worker_.clock()),
                    Ran::failed);
  }

  Failure failure_of(const Error& error) const {
    return {claim_.job.stage, error.code, error.detail, error.kind != ErrorKind::rejected};
  }

  template <class T>
  Result<Ran> troubled(const Error& error, const Result<T>& done, Ran ran) {
    auto came_to = lost_unless(done, ran);
    if (worker_.troubled && came_to && *came_to == ran) worker_.troubled(claim_.job, error, ran);
    return came_to;
  }

  template <class T>
  static Result<Ran> lost_unless(const Result<T>& done, Ran ran) {
    if (done) return ran;
    if (done.error().kind == ErrorKind::conflict || done.error().kind == ErrorKind::not_found)
      return Ran::lost;
    return std::unexpected(done.error());
  }

  const Worker& worker_;
  Claim claim_;
  std::optional<Claim> next_;
  bool anew_ = false;
  Need need_;                             ///< in the sizes that were not tried in vain
  int in_least_size_ = 0;                 ///< times that its allocations failed there
  std::size_t first_size_ = 0;            ///< of them, as the stage counts
  std::unique_ptr<Device::Grant> grant_;  ///< nothing where there is no device
};

}  // namespace

std::span<const Step> steps() { return step_table; }

std::optional<Stage> stage_queued_at(State state, Medium medium) {
  switch (state) {
    case pending:
      return Stage::check;
    case uploaded:
      return medium == Medium::audio ? Stage::convert : Stage::optimize;
    case voice_analysis_pending:
      return Stage::analyze;
    case thumbnail_generating:
      return Stage::thumbnail;
    default:
      return std::nullopt;
  }
}

Result<Ran> run_one(const Worker& worker, std::span<const Stage> stages) try {
  const Time now = worker.clock();
  auto claimed = worker.store.claim(stages, worker.name, now, now + worker.lease);
  if (!claimed) return std::unexpected(std::move(claimed.error()));
  auto& claim = *claimed;
  if (!claim) return Ran::nothing;
  for (;;) {
    JobRun job(worker, *std::move(claim));
    auto ran = job.run();
    if (!job.next()) return ran;
    claim = job.next();
  }
} catch (const std::bad_alloc&) {  // beside the effects: its job is claimed again when its lease ends
  return fail(ErrorKind::retry, "no_memory", "the memory of this process ran out; what it did is done again");
} catch (...) {
  return std::unexpected(telemetry::thrown_error(
      ErrorKind::retry, "internal", "work on an upload met a fault of ours; what it did is done again"));
}

}  // namespace orakgarak::uploads
