#pragma once
// What an answer of S3 that is no success means to whoever asked: the one place where that is decided.
#include <string>
#include <string_view>

#include "base/result.h"

namespace orakgarak::storage::s3 {

enum class Trouble : std::uint8_t {
  no_object,
  no_multipart,
  changed,   ///< a condition of ours does not hold any more
  full,      ///< no room left
  unusable,  ///< keys, region or bucket are wrong, or our clock: somebody has to set them right
  busy,      ///< anything else; the same may succeed later
};

/// code: of the XML; empty where there is none, as in answers to HEAD.
Trouble trouble_of(int status, std::string_view code);

/// Where we asked, as an error may say it.
struct Asked {
  std::string bucket, endpoint;
};

/// not_found "no_such_object", "no_such_multipart"; conflict "object_changed"; retry "disk_full"; retry
/// "objects_unavailable" for all others, also for what somebody has to set right: it is not the fault of what
/// was asked, and the same works once it is.
Error error_of(const Asked& asked, int status, std::string_view code);

/// retry "objects_unavailable": there was no answer. why: in words, without any URL.
Error no_answer(const Asked& asked, std::string_view why);

}  // namespace orakgarak::storage::s3
