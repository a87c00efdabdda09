#pragma once
// A person's profile as docs/openapi.yaml has it.
#include "http/call.h"
#include "people/profile_of.h"

namespace orakgarak::http {

/// The caller's. Errors: as people::profile_of.
Result<people::PersonProfile> profile_of(Service& service, const Call& call);

Json profile_json(const people::PersonProfile& person);

}  // namespace orakgarak::http
