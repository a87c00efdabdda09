#pragma once
// What tells the bytes under a key from others put there before or after.
#include <optional>
#include <string>

#include "storage/s3_objects/client.h"

namespace orakgarak::storage::s3 {

/// Of the answer to a HEAD, a GET or a PUT: "v" and the id of the version where the bucket keeps versions;
/// else "e" and the ETag. Nothing where it has neither.
std::optional<std::string> version_of(const Answer& answer);

/// What holds a GET to that version. A text that is no version of ours is held to as an ETag that no object
/// has.
void hold_to(const std::string& version, Call& call);

}  // namespace orakgarak::storage::s3
