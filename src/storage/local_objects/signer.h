#pragma once
// The key pair that signs uploads to the local objects.
#include "storage/local_objects/folder.h"
#include "storage/sigv4/signature.h"

namespace orakgarak::storage {

/// Made once, and kept in the folder, readable by its owner only; processes that share the folder share it.
/// Errors: rejected "bad_signing_key" (the file holds something else); those of of_errno.
Result<sigv4::Signer> open_signer(const Folder& folder);

}  // namespace orakgarak::storage
