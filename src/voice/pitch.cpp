#include "voice/pitch.h"

namespace orakgarak::voice {

std::string_view to_string(Judge judge) {
  switch (judge) {
    case Judge::none:
      return "";
    case Judge::autocorrelation:
      return "autocorrelation";
    case Judge::network:
      return "network";
    case Judge::both:
      return "both";
  }
  return "";
}

double share_judged_by(Judge judge, std::span<const PitchFrame> frames) {
  std::size_t voiced = 0, judged = 0;
  for (const PitchFrame& f : frames)
    if (f.voiced()) {
      ++voiced;
      judged += f.judge == judge ? 1 : 0;
    }
  return voiced == 0 ? 0.0 : static_cast<double>(judged) / static_cast<double>(voiced);
}

}  // namespace orakgarak::voice
