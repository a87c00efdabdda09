#pragma once
#include <string>

#include "app/take.h"
#include "app/terminal.h"
#include "formats/notation.h"

namespace orakgarak::app {

/// The answer of `analyze` for people: range with where to listen, tessitura chart, intonation, timbre and
/// what to do about the recording. At most `output.columns()` wide. Ends with a line end.
std::string analyze_text(const Take&, formats::Notation, const Output& output);

/// "A2 to G3" with the uncertainty of each end; an end that is not known is "?".
std::string span_text(const std::optional<Midi>& low, const std::optional<Midi>& high, formats::Notation);

}  // namespace orakgarak::app
