#pragma once
#include <array>
#include <optional>
#include <span>

#include "voice/report.h"

namespace orakgarak::songs {

struct ProfileEnd {
  Midi pitch;
  Semitones uncertainty;
};

/// What all takes of one singer say together. An end that no take could tell is absent.
struct SingerProfile {
  std::optional<ProfileEnd> lowest, highest;                    ///< full range
  std::optional<ProfileEnd> comfortable_low, comfortable_high;  ///< inside the full range
  std::array<float, 128> seconds{};                             ///< tessitura of all takes
  int takes = 0;
};

/// Full range: the outermost ends over takes; comfortable range: measured over the joint tessitura.
SingerProfile merge_profile(std::span<const voice::VoiceReport> reports);

}  // namespace orakgarak::songs
