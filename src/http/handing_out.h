#pragma once
// Bytes on their way to a browser: as URLs of the object store, never through this server.
#include <string>

#include "http/call.h"
#include "people/social.h"

namespace orakgarak::http {

/// The recording of the upload, to be played or, where the query says `download=true`, saved under its title.
/// Errors: not_found "no_such_recording" (deleted meanwhile); those of the stores.
Result<net::Response> sound_response(Service& service, const Call& call, const people::Recording& recording);
/// Its loudness over time. Errors: the same.
Result<net::Response> waveform_response(Service& service, const people::Recording& recording);

/// {"image", "thumbnail"}: URLs of a COMPLETED picture; null where there is none.
Json picture_json(Service& service, const Call& call, const std::optional<uploads::UploadId>& picture);

/// Who asks, with the link that the query names.
people::Viewer viewer_of(const Call& call, Query& query);
people::Viewer viewer_of(const Call& call);

}  // namespace orakgarak::http
