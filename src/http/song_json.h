#pragma once
// Songs and what a person said of them, as docs/openapi.yaml has them.
#include "http/catalogue.h"
#include "http/fields.h"
#include "people/people.h"

namespace orakgarak::http {

Json song_json(const Catalogue& catalogue, std::size_t index);
Json feedback_json(const people::Feedback& feedback);
/// {"60": 3.2}: MIDI number → seconds.
Json seconds_json(const std::map<int, double>& seconds);

}  // namespace orakgarak::http
