#pragma once
// What a singer said of songs, and how far that moves the comfortable ends of the range.
//
// A song asks for its demand: the semitones beyond which a tenth of its singing lies, at either side, in the
// key it was sung in. The words are taken in the order of their times, each from where those before left the
// ends; h is the demand at an end, counted outward:
//
//   too hard   of the high end, or of the low one where the song goes below it, and further than above the
//              high one (a note too low can be dropped, one too high cracks): if h is within the full range,
//              to h − 1, and by at least half a semitone. Beyond the full range it is no news.
//   fits       of both ends: out to h, where the end lies inside it
//   easy       of both ends: out to h + 1, where the end lies inside it
//
// A step counts 2^(−age/90 days) of its length, the age seen from the newest word or take. In all an end is
// moved at most 3 semitones from what the takes say, and not past the other one. So of two words that
// contradict each other the later one wins, and an end is the lower the lower the song that was too hard.
// Half of what an end was moved is added to its uncertainty (as squares).
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "songs/song.h"

namespace orakgarak::songs {

struct SingerProfile;

enum class Felt : std::uint8_t { easy, fits, too_hard };

struct Demand {
  Midi low, high;  ///< as sung
};
/// shift: key and octave, semitones. Of a song known only by its top, the average shape hanging from it;
/// nothing where no pitch is known.
std::optional<Demand> demand_of(const Song& song, int shift);

struct FeltSong {
  std::string song;  ///< song_id
  Felt felt = Felt::fits;
  Demand demand;
  Time when;
};

/// newest_take: of the takes that the profile is made of.
void move_comfortable_ends(SingerProfile& profile, std::span<const FeltSong> words, Time newest_take);

inline constexpr Semitones moved_at_most{3};

/// 2^(−age/half_life); 1 for what is newer.
double faded(Duration age, Duration half_life);
inline constexpr Duration comfort_half_life = std::chrono::days(90);

}  // namespace orakgarak::songs
