#pragma once
// A person's profile as docs/openapi.yaml has it.
#include "http/call.h"
#include "people/profile_of.h"
#include "people/social.h"

namespace orakgarak::http {

/// Errors: as people::profile_of.
Result<people::PersonProfile> profile_of(Service& service, const uploads::OwnerId& owner);

/// Its ends, as four fields.
Json ends_json(const songs::SingerProfile& profile);
/// MIDI number → seconds sung.
Json tessitura_json(const songs::SingerProfile& profile);
Json profile_json(const people::PersonProfile& person);

/// What a person's page holds, for that person.
Json own_profile_json(const people::PublicProfile& profile);

}  // namespace orakgarak::http
