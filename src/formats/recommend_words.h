#pragma once
// Why a song is recommended, in sentences. The only place where reasons are worded.
#include <string>

#include "formats/notation.h"
#include "songs/reason.h"

namespace orakgarak::formats {

/// "−2", "0", "+3".
std::string key_name(int key_shift);

/// "4.2 s above your comfortable E4, 0.4 s at its highest, G4". No capital, no full stop.
std::string describe(const songs::Reason&, Notation);

}  // namespace orakgarak::formats
