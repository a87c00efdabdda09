#pragma once
// Songs, takes and wishes on their way into WebAssembly, and answers on their way out: rows of numbers and
// texts that src/songs.ts writes and reads in the same order. Numbers pass unrounded, so that the browser's
// answer is the server's bit for bit. "?" of a number: NaN stands for "not known".
//
// In, a catalogue; for each song
//   numbers  year?, lowest?, highest?, octave uncertain, highest is falsetto, adlib highest?, us_chart_peak?,
//            rs500_rank?, n, n × (MIDI number, seconds)
//   texts    title, artist, language
// In, a request
//   numbers  packet_version
//            n, n × a take: when (seconds since 1970), lowest struck, highest struck, 4 ends (lowest,
//            highest,
//              comfortable low, comfortable high) as midi?, uncertainty?; 128 × seconds
//            n, n × a word: song (index), felt (0 easy, 1 fits, 2 too hard), shift, when
//            lowest_key, highest_key, octave_apart, hide_uncertain_octave, popularity, limit, per_artist
//            n, n × decade; n, n × preferred decade; n, n × hidden song (index)
//            number of languages, number of preferred languages
//   texts    languages, preferred languages
// Out
//   numbers  packet_version; the profile: takes, 4 ends as above, each midi?, uncertainty?, moved, number of
//            codes (song ids that moved it); 128 × seconds
//            of match(): n × a match, n × one an octave apart, nothing_fits, n × a reason why nothing, n × a
//            caution; a match: song (index), key_shift, octave_shift, fit, fit_uncertainty, confident, n × a
//            reason; a reason, with its code: key, limit?, low_limit?, note?, low_note?, seconds?, at_note?,
//            margin?, share?, octaves?, chart_peak?, album_rank?
//            of fit_in_keys(): n × key, fit, fit_uncertainty
//   codes    in the order of the fields above
// Each text and each code ends with a NUL.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "songs/matcher.h"

namespace orakgarak::web {

inline constexpr int song_packet_version = 1;

struct SongPacket {
  std::vector<double> numbers;
  std::string codes;
};

/// Errors: rejected "bad_packet" (loader and core are of different versions).
Result<std::vector<songs::Song>> unpack_songs(std::span<const double> numbers, std::string_view texts);

/// The best songs for a request, or how the song at index `song` fits in each key from the request's lowest
/// to its highest. Errors: "bad_packet"; those of Matcher.
Result<SongPacket> match_packet(const songs::Matcher& songs, std::span<const double> numbers,
                                std::string_view texts);
Result<SongPacket> keys_packet(const songs::Matcher& songs, std::size_t song, std::span<const double> numbers,
                               std::string_view texts);

}  // namespace orakgarak::web
