#pragma once
// How the bytes of an upload come: what its owner is told to send, and what happens once all has been sent.
// The row is always first; the bytes go to the object store, never through here.
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "uploads/objects.h"
#include "uploads/presign.h"
#include "uploads/store.h"

namespace orakgarak::uploads {

struct Sending {
  UploadStore& store;
  ObjectStore& objects;
  Presigner& presigner;
  Duration signed_for = std::chrono::minutes(15);
};

/// A file that goes in parts: those that were asked for, signed, and those that have come.
struct SendParts {
  std::uint64_t part_bytes = uploads::part_bytes;
  int part_count = 0;
  std::vector<StoredPart> have;
  std::vector<PresignedPart> parts;
};
struct Send {
  std::variant<PresignedForm, SendParts> how;
  Time expires;  ///< of the signatures; never after the upload's own end
};

/// What to send. A large file's multipart upload is opened with the first call; `wanted` names the parts to
/// sign, and may be empty. base: where the client reaches the store, as Presigner takes it. May be asked for
/// again and again while the upload is PENDING.
/// Errors: conflict "not_pending" (it has come, or it is too late), "already_sent" (the object is there and
/// is about to be looked at); rejected "bad_part" (a number out of range or twice there, a SHA-256 that is
/// none, or parts of a file that goes as one); retry, of the ports.
Result<Send> sign(const Sending& sending, const Upload& upload, const std::string& base,
                  std::span<const PartWanted> wanted, Time now);

/// All has been sent, its owner says: parts are put together, and the object is looked at. Said twice it does
/// the same as once, also when the upload has moved on. Gives the upload as it is now.
/// Errors: conflict "not_pending" (EXPIRED or FAILED), "not_arrived" (nothing has come), "part_missing"
/// (names them), "part_changed" (sent again this moment); retry, of the ports.
Result<Upload> finish_sending(const Sending& sending, const Upload& upload, Time now);

/// Before an upload is erased: what came of its parts is thrown away. (keep_up does it for those that expire,
/// and where this was not reached.) Errors: retry, of the store of objects.
Result<void> abort_sending(Presigner& presigner, const Upload& upload);

}  // namespace orakgarak::uploads
