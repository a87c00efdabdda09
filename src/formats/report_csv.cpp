#include "formats/report_csv.h"

#include <fmt/format.h>

#include <iterator>

namespace orakgarak::formats {

std::string pitch_csv(std::span<const voice::PitchFrame> frames) {
  std::string csv = "time,f0_hz,confidence,heard_by\n";
  csv.reserve(csv.size() + frames.size() * 36);
  for (std::size_t i = 0; i < frames.size(); ++i)
    fmt::format_to(std::back_inserter(csv), "{:.2f},{:.3f},{:.3f},{}\n",
                   static_cast<double>(i) * voice::frame_hop.value, frames[i].f0.value, frames[i].confidence,
                   to_string(frames[i].judge));
  return csv;
}

}  // namespace orakgarak::formats
