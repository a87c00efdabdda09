#pragma once
// What holds for every song that a reader of symbolic music lets through.
#include <cmath>
#include <cstdlib>

#include "formats/song_catalogue.h"

namespace orakgarak::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline void check_song(formats::ImportedSong imported) {
  songs::Song& song = imported.facts;
  require(!imported.reason.empty());
  require(song.lowest && song.highest && *song.lowest <= *song.highest);
  require(song.lowest->value >= 0 && song.highest->value <= 127);
  require(song.lowest->value == song.seconds_per_semitone.begin()->first);
  require(song.highest->value == song.seconds_per_semitone.rbegin()->first);
  double sum = 0;
  for (const auto& [midi, seconds] : song.seconds_per_semitone) {
    require(seconds > 0);
    sum += seconds;
  }
  require(std::isfinite(sum) && sum <= formats::limits::song_seconds * (1 + 1e-9));

  // The catalogue can hold it: written and read, it is the same.
  if (song.title.empty()) song.title = "untitled";
  const std::string line = formats::write_song_jsonl({&song, 1});
  const auto again = formats::read_song_jsonl(line);
  require(again && again->songs.size() == 1 && formats::write_song_jsonl(again->songs) == line);
}

}  // namespace orakgarak::fuzz
