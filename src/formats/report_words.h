#pragma once
// What codes of the voice core mean, in sentences for the singer. The only place where these are worded.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/notation.h"
#include "voice/report.h"

namespace orakgarak::formats {

/// Why this take says nothing about a voice; nothing where at least one end of the range was told.
std::optional<std::string> nothing_to_measure(const voice::VoiceReport&);

/// "1:02.5": minutes, seconds and tenths.
std::string clock_time(Seconds);
/// "44.1 kHz".
std::string sample_rate(Hertz);

/// "bright (spectral centroid 2100 Hz, +1.3 σ)": the word with the number behind it.
std::string describe(const voice::TimbreWord&, const voice::Timbre&);
/// For a voice that no word fits: the main numbers alone; empty where nothing was measured.
std::string plain_timbre(const voice::Timbre&);
std::string describe(const voice::Intonation&);
/// Level, noise, bandwidth: what was measured of the recording itself.
std::string describe(const voice::CaptureQuality&);

}  // namespace orakgarak::formats
