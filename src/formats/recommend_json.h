#pragma once
// Recommendations as one JSON object: docs/schema/recommend.schema.json says what each field means.
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "formats/notation.h"
#include "formats/report_number.h"
#include "songs/matcher.h"

namespace orakgarak::formats {

/// What became of one file of the command line.
struct TakeOutcome {
  std::string file;
  std::optional<Error> unreadable;
  std::optional<std::string> why_not;  ///< read, but nothing to measure
};

/// One line without a line end. songs: those that `answer` points into. Not answered where it has no song at
/// all: the reason is then the first of why_nothing.
std::string recommend_json(std::span<const TakeOutcome> takes, const songs::SingerProfile& profile,
                           std::span<const songs::Song> songs, const songs::MatchAnswer& answer, Notation);

/// The same shape where no take says anything about a voice: `songs` is empty and `why_not` says why.
std::string recommend_nothing_json(std::span<const TakeOutcome> takes, const std::string& why_not);

/// The facts behind a reason: $defs/fact of docs/schema/recommend.schema.json.
Json fact_json(const songs::Reason&);

/// {"tj": "1234"}: the numbers that are known.
Json karaoke_json(const songs::KaraokeNumbers&);

}  // namespace orakgarak::formats
