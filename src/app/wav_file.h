#pragma once
#include <string>

#include "base/audio_buffer.h"

namespace orakgarak::app {

/// The bytes of a WAV file: mono, 16 bit; samples beyond full scale are clipped. At most 20 minutes at 192
/// kHz.
std::string wav_bytes(const AudioBuffer& audio);

}  // namespace orakgarak::app
