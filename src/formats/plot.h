#pragma once
// One take as a picture: the pitch curve over time on a grid of notes, the held notes behind it, the ends of
// the range marked where they were sung, and the tessitura at the side.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/notation.h"
#include "voice/report.h"

namespace orakgarak::formats {

enum class PlotFormat : std::uint8_t { svg, png };

/// By the end of the name, any case; nothing for another end.
std::optional<PlotFormat> plot_format(std::string_view path);

struct PlotText {
  std::string title;  ///< the take's name
  Notation notation =
      Notation::scientific;  ///< Korean falls back to scientific where no font has its letters
};

/// The bytes of the file, 1200 × 640 points (PNG: two pixels a point). O(frames); at most 6,000 points of the
/// curve are drawn. Error: rejected "plot_failed" where Cairo cannot draw (a title that is no UTF-8).
Result<std::string> draw_plot(const voice::VoiceReport&, const PlotText&, PlotFormat);

}  // namespace orakgarak::formats
