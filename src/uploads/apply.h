#pragma once
// What one move makes of an upload: the rules that every store holds to, apart from any storage.
#include "base/result.h"
#include "uploads/store.h"

namespace orakgarak::uploads {

/// `upload` after `move`. Errors: conflict "stale_version"; rejected "illegal_move", "gone": see
/// UploadStore::move.
Result<Upload> apply(const Move& move, const Upload& upload);

}  // namespace orakgarak::uploads
