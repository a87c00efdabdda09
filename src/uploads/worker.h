#pragma once
// Does the work on uploads: claims a job, moves its upload step by step, and hands the rest to the store.
// Killed anywhere, the job is claimed again and goes on from the state that the upload was left in.
//
// A batch job of Stage::analyze on a COMPLETED take measures it anew: the new report takes the place of the
// old one, or, where that fails, nothing changes and a dead letter says why.
#include <functional>
#include <span>
#include <string>

#include "uploads/device.h"
#include "uploads/store.h"

namespace orakgarak::uploads {

/// Asked now and then by long work: holds the job longer and says whether it is still ours; false: stop.
using StillOurs = std::function<bool()>;

/// What the effect of a stage gives.
struct Effect {
  std::string object_version;    ///< of check
  std::optional<Report> report;  ///< of analyze
};

/// What a stage was granted, and what it used.
struct StageMemory {
  std::size_t size = 0;          ///< which of Need::sizes
  std::uint64_t peak_bytes = 0;  ///< at most, child processes included, as measured; 0: not known
};

/// The effect of one stage on the bytes; done twice it does the same as once. Errors: retry: a retry may
/// help; conflict "job_lost": it stopped because StillOurs said so; all others: the upload fails with the
/// error's code and detail, and a redrive can help only where the kind is conflict or not_found. Where it
/// throws std::bad_alloc, it is done in a smaller size where its need has one, then a few times in the
/// smallest while less is given out beside it, or else tried again later; whatever else it throws is retry
/// "internal".
using StageEffect = std::function<Result<Effect>(const Upload&, const StillOurs&, StageMemory&)>;

/// How often work whose allocations fail is tried in its smallest size before that counts as a failed
/// attempt.
inline constexpr int most_in_least_size = 4;

enum class Ran : std::uint8_t {
  nothing,  ///< no job was due
  done,
  retried,  ///< will be tried again later
  failed,   ///< the upload is FAILED, with or without a dead letter; a COMPLETED one has the letter alone
  lost,     ///< the job was taken over, or its upload was deleted, while it ran
};

struct Worker {
  UploadStore& store;
  std::function<StageEffect(Stage)> effect;
  Clock clock;
  std::function<double()> chance;  ///< uniform in [0, 1), for the jitter of retries
  std::string name;                ///< of this process, unique among those alive
  Duration lease = std::chrono::seconds(60);
  Device* device = nullptr;  ///< gives memory for the work; nothing: jobs enter unasked
  /// Of a take; asked where there is a device.
  std::function<TakeLength(const Upload&)> length = {};
  std::function<bool()> stopping = {};  ///< true: work that asks StillOurs stops, and its job is given back
  /// Goes on with the next stage of an upload at once, under a claim that is taken as that stage is queued:
  /// what one stage leaves for the next is at hand here and nowhere else.
  bool goes_on = false;
  /// Lets time pass while the object store is away, under the job's lease. Empty: nobody waits for it.
  std::function<void(Duration)> pause = {};
  /// Told of a job that is to be tried again (Ran::retried) or failed for good (Ran::failed), in its thread,
  /// with why. May be empty.
  std::function<void(const Job&, const Error&, Ran)> troubled = {};
};

/// How long an effect is begun again and again while its error is "objects_unavailable" or "disk_full",
/// before that counts as a failed attempt: an object store that is away for a minute or two is no job's
/// fault, and with attempts used up a job would wait ten minutes after it is back.
inline constexpr Duration objects_patience = std::chrono::minutes(2);
inline constexpr Duration objects_look_every = std::chrono::seconds(1);

/// Claims one job of these stages and does it, and where the worker goes on those of its upload after it;
/// says what the last came to. What is said meanwhile is said of that job and of its upload's trace, under a
/// span of its own (telemetry/doing.h). Errors: those of the store that are not conflicts; retry "no_memory",
/// "internal" (something was thrown beside the effects).
Result<Ran> run_one(const Worker& worker, std::span<const Stage> stages);

/// One step of a stage's work: in state `at`, do the effect where it has one, then go to `to`.
struct Step {
  Stage stage;
  State at, to;
  bool effect;
};
/// All steps; those of one stage are in order, and the job ends with its last.
std::span<const Step> steps();
/// The stage that is queued when an upload arrives there, if one is.
std::optional<Stage> stage_queued_at(State state, Medium medium);

}  // namespace orakgarak::uploads
