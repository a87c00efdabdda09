#pragma once
// What an object store says of itself, in its own words: S3 bucket notifications (AWS, MinIO and others, over
// Kafka or however they come) and EventBridge's "Object Created". Both are hints, and both end here: a key
// counts only where a row waits for it and the object is there, so whoever forges, repeats, reorders or loses
// an event has changed nothing.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "uploads/objects.h"
#include "uploads/store.h"

namespace orakgarak::uploads {

/// S3 sends one record of about 1 KiB at a time, EventBridge the same; both keep under 256 KiB.
inline constexpr std::size_t most_storage_event_bytes = std::size_t{256} << 10;
inline constexpr std::size_t most_storage_event_records = 100;
inline constexpr int most_storage_event_depth = 16;

struct StorageEvent {
  std::vector<std::string> created;  ///< keys of objects that came into our bucket, decoded, each once
  int ignored = 0;  ///< what is said of other buckets, of something else than a new object, or as a test
};

/// bucket: ours; empty: any. Errors: rejected "bad_storage_event": over a limit, not JSON, of neither form.
Result<StorageEvent> read_storage_event(std::string_view json, std::string_view bucket);

struct StorageEventTaken {
  int queued = 0;   ///< uploads that waited for this object: it is there, and is looked at now
  int removed = 0;  ///< objects that no upload wants: upkeep.h, remove_unwanted
  int ignored = 0;  ///< all else: what read_storage_event ignores, keys that are none of ours, uploads that
                    ///< have moved on or are being looked at, objects that are not there
};

/// Taken twice, or late, it does the same as once. Errors: rejected "bad_storage_event" (it will stay wrong:
/// tell it once and go on); retry, of the store or the objects (take the same event again).
Result<StorageEventTaken> take_storage_event(UploadStore& store, ObjectStore& objects, std::string_view json,
                                             std::string_view bucket, Time now);

}  // namespace orakgarak::uploads
