#pragma once
// Before UPLOADED: are the bytes what was declared? Read once, whole; every later read is of the version seen
// here.
#include "uploads/objects.h"
#include "uploads/worker.h"

namespace orakgarak::uploads {

/// Do these bytes begin a file of a kind that we take? Only a first look: the decoder decides.
/// Known by their first bytes: WAV, AIFF, CAF, FLAC, MP3, ADTS, MP4, Ogg, WebM; PNG, JPEG, WebP.
bool looks_like(Medium medium, std::span<const std::byte> first_bytes);

/// How many bytes looks_like wants, where there are as many.
inline constexpr std::size_t sniffed_bytes = 4096;

/// The effect of Stage::check. Errors: retry where the object is not there yet ("not_arrived"); rejected
/// "wrong_size", "wrong_checksum", "wrong_type", each with what was declared and what came.
Result<Effect> check_object(ObjectStore& objects, const Upload& upload, const StillOurs& still_ours);

/// For the stages after it: the bytes that were checked, and no others. Where something was put over them, it
/// is read whole once more: the same bytes sent twice are still those. Errors: rejected "object_replaced"
/// (other bytes, or none); conflict "job_lost"; those of the store.
Result<OpenFile> open_checked(ObjectStore& objects, const Upload& upload, const StillOurs& still_ours);

}  // namespace orakgarak::uploads
