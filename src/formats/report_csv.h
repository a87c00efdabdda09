#pragma once
#include <span>
#include <string>

#include "voice/pitch.h"

namespace orakgarak::formats {

/// "time,f0_hz,confidence,heard_by", one line a frame; f0_hz 0 and heard_by empty where unvoiced.
std::string pitch_csv(std::span<const voice::PitchFrame> frames);

}  // namespace orakgarak::formats
