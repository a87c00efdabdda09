#pragma once
// What all takes of one singer say together, and what the singer says of songs.
//
// AN END OF THE RANGE. A take that tells an end shows that the voice reaches it: that it reached further once
// is not undone by a take that sang less far, but it says less the longer ago it was. With x an end (outward
// positive), t its take's time and T the time of the newest take that tells this end:
//
//   weight    w = 2^(−(T − t)/half-life)                 365 days for the full range, 90 for the comfortable
//   reach     S(x) = the largest w of the takes whose end is x or further out: how sure it is that the voice
//             still reaches x; 1 up to the newest end
//   end       the mean of that distribution: e + ∫ S from e outwards, e the outermost end of weight 1
//   ±         its standard deviation, each take's own uncertainty included (law of total variance)
//
// So one take is that take; takes of one day are their outermost; no end lies inside the newest one; an old
// end beyond it fades, and while it fades the uncertainty is larger. How far a voice reaches changes over
// years, how easily over months of practice or rest: hence the two half-lives.
//
// TESSITURA. Seconds, each take's times 2^(−age/90 days).
//
// WORDS. What was said of songs moves the comfortable ends: felt.h.
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "songs/felt.h"
#include "voice/report.h"

namespace orakgarak::songs {

/// One end of one take.
struct SungEnd {
  Midi pitch;
  Semitones uncertainty;  ///< half-width
};

/// What merging needs of one take. An end that the take declined is absent.
struct SungTake {
  std::optional<SungEnd> lowest, highest;                    ///< full range
  std::optional<SungEnd> comfortable_low, comfortable_high;  ///< sung steadily and often
  std::array<float, 128> seconds{};                          ///< tessitura, by MIDI number
  Time when;
};

SungTake sung_take(const voice::VoiceReport& report, Time when);

/// Does it tell any end? A take that was no singing does not.
bool is_usable(const SungTake& take);

/// The take without ends that its singer calls wrong, and without what rests on the same notes: a comfortable
/// end less than a semitone away, and the seconds there and further out.
SungTake without_struck(SungTake take, bool lowest, bool highest);

struct ProfileEnd {
  Midi pitch;
  Semitones uncertainty;                   ///< half-width
  Semitones moved = {};                    ///< how far words moved it
  std::vector<std::string> moved_by = {};  ///< song ids whose words did, earliest first
};

/// An end that no take could tell is absent. Of the ends that are there, lowest ≤ comfortable_low ≤
/// comfortable_high ≤ highest.
struct SingerProfile {
  std::optional<ProfileEnd> lowest, highest;                    ///< full range
  std::optional<ProfileEnd> comfortable_low, comfortable_high;  ///< inside the full range
  std::array<float, 128> seconds{};                             ///< tessitura
  int takes = 0;
};

/// As said above. The order of takes and words does not matter. O(takes·log takes + words·log words).
SingerProfile merge_takes(std::span<const SungTake> takes, std::span<const FeltSong> words = {});

/// Takes of one moment, of which nothing was said.
SingerProfile merge_profile(std::span<const voice::VoiceReport> reports);

}  // namespace orakgarak::songs
