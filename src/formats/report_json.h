#pragma once
// A VoiceReport as one JSON object: docs/schema/analyze.schema.json says what each field means.
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/notation.h"
#include "formats/pitch_curve.h"
#include "voice/report.h"

namespace orakgarak::formats {

/// What is known about a take beside what the voice core heard.
struct TakeFacts {
  std::string file;        ///< as the user named it
  bool truncated = false;  ///< the file ends early; the report is about what was there
};

/// One line without a line end. Pitches are MIDI numbers beside names in `notation`. An end that could not be
/// told has midi null, and range.declined says why. curve: added as `curve` where there is one.
std::string report_json(const TakeFacts&, const voice::VoiceReport&, Notation,
                        const std::optional<PitchCurve>& curve = {});

/// The same place in the output for a take that could not be read.
std::string unreadable_json(std::string_view file, const Error&);

}  // namespace orakgarak::formats
