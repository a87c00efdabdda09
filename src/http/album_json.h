#pragma once
// Recordings and albums as docs/openapi.yaml has them.
#include "http/call.h"
#include "people/social.h"

namespace orakgarak::http {

Json recording_json(const Call& call, const people::Recording& recording);
/// Without its tracks, as it stands in lists.
Json album_json(Service& service, const Call& call, const people::Album& album);
Json whole_album_json(Service& service, const Call& call, const people::Album& album);

}  // namespace orakgarak::http
