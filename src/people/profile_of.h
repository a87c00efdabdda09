#pragma once
// One person's profile: all usable takes merged, struck ends left out, moved by what the person said of songs
// (songs/profile.h, songs/felt.h say how).
#include <functional>
#include <string_view>
#include <vector>

#include "people/store.h"
#include "songs/matcher.h"
#include "songs/profile.h"
#include "uploads/store.h"

namespace orakgarak::people {

/// Reads a stored report: formats/report_read.h.
using ReadTake = std::function<Result<songs::SungTake>(std::string_view report, Time when)>;

/// Older takes weigh next to nothing by then, and a profile must not take longer with every year.
inline constexpr std::size_t most_merged_takes = 50;

struct PersonProfile {
  songs::SingerProfile profile;               ///< profile.takes is 0 where no take is usable
  std::vector<uploads::UploadId> takes;       ///< what it is made of, newest first
  std::vector<uploads::UploadId> unreadable;  ///< takes whose report cannot be read: left out
  std::vector<Feedback> said;                 ///< all of it, latest first
  std::vector<std::size_t> hidden;  ///< songs that are not for this person, for MatchOptions::hidden
};

/// From the newest COMPLETED takes, at most most_merged_takes. What was said of songs that are in the
/// catalogue no more moves nothing. Errors: retry, from either store.
Result<PersonProfile> profile_of(uploads::UploadStore& uploads, PeopleStore& people, const OwnerId& owner,
                                 const songs::Matcher& catalogue, const ReadTake& read);

/// What a word says of the range; nothing of not_for_me, and of a song of which no pitch is known.
std::optional<songs::FeltSong> felt_song(const Feedback& feedback, const songs::Song& song);

}  // namespace orakgarak::people
