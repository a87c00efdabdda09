#pragma once
// What is known of one upload, of the work on it, and of what became of it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "base/units.h"
#include "uploads/state.h"

namespace orakgarak::uploads {

using UploadId = Id<struct UploadTag>;
using OwnerId = Id<struct OwnerTag>;
using JobId = Id<struct JobTag>;

/// The accompaniment that was played into the room while a take was recorded. Where its owner has sent the
/// file too, as an upload of Kind::backing with these bytes, it is taken out before the voice is measured.
struct Backing {
  std::string sha256;  ///< 64 hexadecimal digits, lower case
  Seconds started;     ///< position of the take at which it began; negative: it ran already
};

/// What the client said of the bytes before it sent them; the object is held to it.
struct Declared {
  std::string content_type;
  std::uint64_t size = 0;
  std::string sha256;     ///< 64 hexadecimal digits, lower case
  std::string file_name;  ///< for display to its owner only: no path, no decision and no log line uses it
  std::optional<Backing> backing = {};  ///< of takes only
};

/// Ends of a take's range that its singer calls wrong.
struct Struck {
  bool lowest = false, highest = false;
};

/// Why a stage gave up.
struct Failure {
  Stage stage = Stage::check;
  std::string code;             ///< stable, for programs: "not_audio"
  std::string detail;           ///< one sentence for the owner: what is wrong and what to do
  bool retry_can_help = false;  ///< a redrive may succeed: the input is not to blame
};

struct Upload {
  UploadId id;
  OwnerId owner;
  Kind kind = Kind::take;
  Declared declared;
  std::string object_key;
  std::string object_version;  ///< of the bytes that were checked; empty until UPLOADED
  std::string multipart = {};  ///< id at the object store where it is sent in parts; else empty
  State state = State::pending;
  std::int64_t version = 1;        ///< rises by one with every transition, which names the version it saw
  std::optional<Failure> failure;  ///< set in FAILED, and only there
  bool gone = false;               ///< its objects are, or are about to be, removed: no redrive any more
  Struck struck = {};              ///< of takes only
  Time created, changed;
  Time expires;             ///< a PENDING upload's end
  std::string traceparent;  ///< W3C Trace Context of the request that made it
};

/// Live takes go before reprocessing.
enum class Priority : std::uint8_t { live, batch };

std::string_view to_string(Priority);  ///< "live", "batch"
std::optional<Priority> parse_priority(std::string_view);

struct Job {
  JobId id;
  UploadId upload;
  Stage stage = Stage::check;
  Priority priority = Priority::live;
  int attempt = 0;  ///< 1 for the first claim; a retry and a lost lease raise it
  Time run_after;
};

/// A job that one worker holds until its lease ends. The attempt fences: what an older attempt still does is
/// refused.
struct Claim {
  Job job;
  std::string worker;
  Time lease_until;
};

/// A job as it stands.
struct JobStatus {
  Job job;
  std::string worker;                  ///< that holds it; empty where it waits
  std::optional<Time> lease_until;     ///< set where `worker` is
  std::string last_code, last_detail;  ///< why the attempt before was given back; empty where none was
};

/// One line of an upload's life.
struct HistoryEntry {
  std::int64_t version = 0;   ///< of the upload after this
  std::optional<State> from;  ///< nothing for the first
  State to = State::pending;
  int attempt = 0;  ///< of the job that did it; 0 where none did
  std::string why;  ///< code of the cause: "created", "failed: not_audio", "redrive"
  Time at;
};

/// A transition as its owner's page gets it. `sequence` rises by one from 1 for each owner.
struct OwnerEvent {
  std::int64_t sequence = 0;
  UploadId upload;
  HistoryEntry entry;
};

/// A job that was given up; kept until somebody decides.
struct DeadLetter {
  JobId id;
  UploadId upload;
  Stage stage = Stage::check;
  int attempts = 0;
  Failure failure;
  std::string traceparent;
  Time at;
};

/// Who did something to a dead letter or a failed upload, and why.
struct Decision {
  std::string who, why;
  Time at;
};

/// The record of it. It outlives the upload, so it names a job alone.
struct RecordedDecision {
  Decision decision;
  std::string action;  ///< "replay", "discard", "redrive"
  JobId letter;        ///< of a redrive the job that it made
  Stage stage = Stage::check;
  std::string code;  ///< of the failure
};

}  // namespace orakgarak::uploads
