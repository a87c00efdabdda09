#pragma once
// A VoiceReport as one JSON object: docs/schema/analyze.schema.json says what each field means.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/notation.h"
#include "formats/pitch_curve.h"
#include "voice/report.h"

namespace orakgarak::formats {

/// A known backing that was taken out before the voice was measured (voice/backing.h).
struct RemovedBacking {
  Decibels removed;  ///< where it stood most alone
  Seconds started;   ///< where in the take it begins
  double drift_ppm = 0;
};

/// What is known about a take beside what the voice core heard.
struct TakeFacts {
  std::string file;        ///< as the user named it
  bool truncated = false;  ///< the file ends early; the report is about what was there
  std::optional<Result<RemovedBacking>> backing{};      ///< where one was played: removed, or why not
  std::optional<std::vector<std::uint8_t>> waveform{};  ///< Waveform::peaks of all of it
};

/// One line without a line end. Pitches are MIDI numbers beside names in `notation`. An end that could not be
/// told has midi null, and range.declined says why. `curve` and `waveform` are added where there is one.
std::string report_json(const TakeFacts&, const voice::VoiceReport&, Notation,
                        const std::optional<PitchCurve>& curve = {});

/// The same place in the output for a take that could not be read.
std::string unreadable_json(std::string_view file, const Error&);

}  // namespace orakgarak::formats
