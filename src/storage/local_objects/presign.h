#pragma once
// Presigned uploads to the folder of open_local_objects, through the endpoint of local_objects/endpoint.h.
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "uploads/presign.h"

namespace orakgarak::storage {

/// Errors: rejected "not_writable", "bad_signing_key".
Result<std::unique_ptr<uploads::Presigner>> open_local_presigner(const std::filesystem::path& folder);

}  // namespace orakgarak::storage
