#pragma once
// Why a song is recommended, or why none is: a code and the numbers behind it. The words are made at the
// edge, in the listener's language and notation.
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/units.h"

namespace orakgarak::songs {

/// Beside each code: the fields of Reason that it sets. All pitches are as sung in `key` (key shift and
/// octave shift included); `seconds` are facts of the song and are only given for songs with a transcription.
enum class ReasonCode : std::uint8_t {
  // About one song in the recommended key.
  all_comfortable,     ///< note (highest), low_note (lowest), limit (comfortable high), low_limit (… low)
  mostly_comfortable,  ///< share of the singing inside the comfortable range, 0 to 1
  above_comfortable,   ///< seconds above `limit` (comfortable high); note (highest); at_note (seconds there)
  below_comfortable,   ///< seconds below `limit` (comfortable low); note (lowest); at_note (seconds there)
  above_full,          ///< note (highest) lies `margin` above `limit` (full high); seconds if known
  below_full,          ///< note (lowest) lies `margin` below `limit` (full low); seconds if known
  clear_in_key,        ///< in `key` nothing is above the comfortable `limit`
  original_key_above,  ///< in the original key `seconds` lie above `limit` (comfortable high), up to `note`
  original_key_below,  ///< in the original key `seconds` lie below `limit` (comfortable low), down to `note`
  original_top_above,  ///< top only: in the original key the highest, `note`, is `margin` over `limit`
                       ///< (comfortable high)
  original_key,        ///< it fits as it was recorded; key = 0
  octave_shift,        ///< sung `octaves` from the original (+1 up, −1 down), apart from the key
  top_comfortable,     ///< top only: note (highest) is `margin` under `limit` (comfortable high)
  top_reachable,     ///< top only: note (highest) is over the comfortable range, `margin` under `limit` (full
                     ///< high)
  high_end_lowered,  ///< you called songs too hard: `limit` (comfortable high) counts `margin` lower than
                     ///< sung
  high_end_raised,   ///< you called songs easy or fitting: `limit` counts `margin` higher than sung
  low_end_raised,    ///< too hard: `limit` (comfortable low) counts `margin` higher than sung
  low_end_lowered,   ///< easy or fitting: `limit` counts `margin` lower than sung
  top_is_falsetto,   ///< note (highest) is falsetto in the original
  adlib_above,       ///< a chorus or ad-lib goes up to `note`; it can be left out
  well_known,        ///< chart_peak (United States) or album_rank (the 500 greatest songs)

  // How sure: what widens the uncertainty.
  top_only,          ///< only the highest note is known, within `margin`; the rest is the average shape
  ends_only,         ///< only the two ends are known, each within `margin`
  octave_uncertain,  ///< the octave written may not be the octave sung
  high_end_unknown,  ///< no take told the upper end; `limit` was taken for it, `margin` either way
  low_end_unknown,   ///< no take told the lower end; `limit` was taken for it, `margin` either way
  one_take,          ///< the range is what one take showed; the voice may reach further

  // Why nothing fits.
  nothing_low_enough,   ///< even in `key` the nearest song tops out `margin` above `limit` (full high) at
                        ///< `note`
  nothing_high_enough,  ///< even in `key` the nearest song bottoms out `margin` below `limit` (full low) at
                        ///< `note`
  nothing_easy_enough,  ///< every song is in reach, yet the nearest has only `share` in the comfortable range
  nothing_passes_filters,  ///< no song has the language and decade asked for
  empty_catalogue,         ///< there are no songs
};

/// A stable code for programs ("above_comfortable").
std::string_view to_string(ReasonCode);

struct Reason {
  ReasonCode code;
  int key = 0;                      ///< key shift that it speaks of; the recommended one unless said
  std::optional<Midi> limit{};      ///< the singer's end
  std::optional<Midi> low_limit{};  ///< the singer's other end, where both are spoken of
  std::optional<Midi> note{};       ///< the song's note
  std::optional<Midi> low_note{};   ///< the song's lowest, where both are spoken of
  std::optional<Seconds> seconds{}, at_note{};
  std::optional<Semitones> margin{};  ///< never negative
  std::optional<double> share{};      ///< 0 to 1
  std::optional<int> octaves{}, chart_peak{}, album_rank{};

  bool operator==(const Reason&) const = default;
};

}  // namespace orakgarak::songs
