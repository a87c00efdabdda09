#pragma once
// What nobody asks for and has to happen all the same: uploads whose event was lost, those that never came,
// objects that nobody needs any more. Each call does a bounded part; called again, it goes on. Several
// processes may do it at once.
#include "uploads/objects.h"
#include "uploads/presign.h"
#include "uploads/store.h"

namespace orakgarak::uploads {

struct UpkeepPolicy {
  /// A PENDING upload older than this may have lost its event. With a look each minute, its singer waits for
  /// less than three minutes in all.
  Duration lost_after = std::chrono::seconds(90);
  Duration keep_failed = std::chrono::days(14);   ///< objects of FAILED and EXPIRED uploads
  Duration keep_unknown = std::chrono::hours(1);  ///< objects and multipart uploads without a row
  std::size_t at_once = 500;                      ///< rows of each kind
};

struct Upkept {
  int found = 0;      ///< uploads whose object was there without a job: an event was lost
  int expired = 0;    ///< uploads that never came
  int cleaned = 0;    ///< FAILED and EXPIRED uploads whose objects were given up
  int removed = 0;    ///< objects that were given up, or whose upload was erased
  int unknown = 0;    ///< objects without a row, or of work that is over
  int aborted = 0;    ///< multipart uploads that no upload waits for: expired, erased, never used
  int postponed = 0;  ///< objects that could not be removed: tried again later
};

/// How long an object that could not be removed `attempts` times before waits: a minute, doubled each time
/// up to a day.
Duration removal_delay(int attempts);

/// Errors: retry, from the store or the objects; what was done until then stays done.
Result<Upkept> keep_up(UploadStore& store, ObjectStore& objects, Presigner& presigner, Time now,
                       const UpkeepPolicy& policy = {});

/// The part of keep_up() that removes what erased uploads have left among the objects, as far as its turn has
/// come: whoever deletes is told that it is gone. Errors: retry; keep_up() goes on.
Result<void> remove_erased(UploadStore& store, ObjectStore& objects, Time now);

/// Bytes have come under this key. Where their upload is erased, or at its end without them, they go at once:
/// a row is there before anything is signed for it. Gives whether they went.
Result<bool> remove_unwanted(UploadStore& store, ObjectStore& objects, const std::string& key);

/// An object has arrived, somebody says. A hint: it is looked at, whoever said it. Gives whether a job was
/// queued; false where the key is none of ours, the upload does not wait for it, or it is being looked at.
Result<bool> object_arrived(UploadStore& store, std::string_view key, Time now);

}  // namespace orakgarak::uploads
