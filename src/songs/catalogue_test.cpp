#include "songs/catalogue.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <limits>

namespace orakgarak::songs {
namespace {

Song sound_song() {
  Song song;
  song.title = "Song";
  song.artist = "Singer";
  song.language = "ko";
  song.year = 1999;
  song.lowest = Midi(50);
  song.highest = Midi(60);
  song.seconds_per_semitone = {{50, 20}, {60, 30}};
  return song;
}

/// The codes found in a catalogue of this one song.
std::vector<IssueCode> codes(const Song& song) {
  std::vector<IssueCode> found;
  for (const CatalogueIssue& issue : check(std::vector{song})) found.push_back(issue.code);
  return found;
}

TEST(Catalogue, ASoundSongHasNoIssues) { EXPECT_TRUE(codes(sound_song()).empty()); }

TEST(Catalogue, NamesAreOneHoweverTheyAreWritten) {
  EXPECT_EQ(plain_name("The Beatles"), plain_name("beatles"));
  EXPECT_EQ(plain_name("Guns N' Roses"), plain_name("Guns N Roses"));
  EXPECT_EQ(plain_name("Simon & Garfunkel"), plain_name("Simon and Garfunkel"));
  EXPECT_EQ(plain_name("The The"), "the") << "a name is never emptied";
  EXPECT_NE(plain_name("Theatre"), plain_name("atre"));
  EXPECT_EQ(plain_name("슬픈 인연"), "슬픈인연");
}

Song named(std::string title, std::string artist) {
  Song song;
  song.title = std::move(title);
  song.artist = std::move(artist);
  return song;
}

TEST(SongId, IsFnv1aOfThePlainNames) {
  // Fowler, Noll, Vo: offset basis and prime of 64 bits.
  std::uint64_t hash = 14695981039346656037U;
  for (const unsigned char c : {'a', '\n', 'b'}) hash = (hash ^ c) * 1099511628211U;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  EXPECT_EQ(song_id(named("A", "The B")), text);
}

TEST(SongId, IsOneForWhatIsOneSongAndTellsTitleFromArtist) {
  EXPECT_EQ(song_id(named("Let It Be", "The Beatles")), song_id(named("LET IT BE!", "beatles")));
  EXPECT_NE(song_id(named("ab", "c")), song_id(named("a", "bc")));
  EXPECT_NE(song_id(named("인연", "이선희")), song_id(named("이선희", "인연")));
}

TEST(SongId, KeepsItsLeadingZerosAndIsReadBack) {
  for (int n = 0; n < 1000; ++n) {  // one in 16 begins with a zero
    const Song song = named(std::to_string(n), "x");
    EXPECT_EQ(song_id(song).size(), 16U);
    EXPECT_EQ(parse_song_id(song_id(song)), song_number(song));
  }
}

TEST(SongId, WhatIsNoneIsRefused) {
  EXPECT_EQ(parse_song_id("00000000000000ff"), 255U);
  for (const char* id : {"", "00000000000000f", "000000000000000ff", "00000000000000FF", "00000000000000g0",
                         "0x000000000000ff"})
    EXPECT_FALSE(parse_song_id(id)) << id;
}

TEST(Catalogue, EachFaultHasItsIssue) {
  const auto with = [](auto change) {
    Song song = sound_song();
    change(song);
    return codes(song);
  };
  using Codes = std::vector<IssueCode>;
  EXPECT_EQ(with([](Song& s) { s.title = " - "; }), Codes{IssueCode::empty_title});
  EXPECT_EQ(with([](Song& s) { s.artist = ""; }), Codes{IssueCode::empty_artist});
  EXPECT_EQ(with([](Song& s) { s.year = 2101; }), Codes{IssueCode::year_implausible});
  EXPECT_EQ(with([](Song& s) { s.year = 2100; }), Codes{});
  EXPECT_EQ(with([](Song& s) { s.language = "KO"; }), Codes{IssueCode::language_malformed});
  EXPECT_EQ(with([](Song& s) { s.seconds_per_semitone[61] = 1; }), Codes{IssueCode::outside_ends});
  EXPECT_EQ(with([](Song& s) { s.highest = Midi(61); }), Codes{IssueCode::end_not_sung});
  EXPECT_EQ(with([](Song& s) { s.seconds_per_semitone[50] = -1; }),
            (Codes{IssueCode::seconds_broken, IssueCode::end_not_sung}));
  EXPECT_EQ(with([](Song& s) { s.seconds_per_semitone[55] = std::numeric_limits<double>::quiet_NaN(); }),
            Codes{IssueCode::seconds_broken});
  EXPECT_EQ(with([](Song& s) { s.seconds_per_semitone = {{50, 1201}, {60, 1}}; }),
            Codes{IssueCode::seconds_implausible});
  const auto ends_only = [](double low, double high) {
    Song song = sound_song();
    song.seconds_per_semitone.clear();
    song.lowest = Midi(low);
    song.highest = Midi(high);
    return codes(song);
  };
  EXPECT_EQ(ends_only(27, 60), Codes{IssueCode::end_implausible});
  EXPECT_EQ(ends_only(28, 60), Codes{});
  EXPECT_EQ(ends_only(60, 97), Codes{IssueCode::end_implausible});
  EXPECT_EQ(ends_only(61, 60), Codes{IssueCode::ends_crossed});
  EXPECT_EQ(ends_only(40, 88), Codes{});
  EXPECT_EQ(ends_only(40, 89), Codes{IssueCode::span_implausible});
  EXPECT_EQ(with([](Song& s) {
              s.seconds_per_semitone.clear();
              s.highest.reset();
            }),
            Codes{IssueCode::no_pitch});
}

TEST(Catalogue, ADuplicateNamesTheFirstOfItsName) {
  Song other = sound_song();
  other.artist = "Other";
  Song again = sound_song();
  again.title = "SONG!";
  const auto issues = check(std::vector{sound_song(), other, again});
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_EQ(issues[0].song, 2u);
  EXPECT_EQ(issues[0].code, IssueCode::duplicate);
  EXPECT_EQ(issues[0].other, 0u);
  EXPECT_EQ(to_string(issues[0].code), "duplicate");
}

TEST(Catalogue, OfSameSongsTheBetterEvidenceStaysAndLearnsTheRest) {
  Song top = sound_song();
  top.lowest.reset();
  top.seconds_per_semitone.clear();
  top.karaoke.tj = "1234";
  Song better = sound_song();
  better.title = "song";
  better.year.reset();
  const auto merged = merge_same_songs({top, better});
  ASSERT_EQ(merged.size(), 1u);
  EXPECT_EQ(merged[0].title, "song");
  EXPECT_FALSE(merged[0].seconds_per_semitone.empty());
  EXPECT_EQ(merged[0].karaoke.tj, "1234");
  EXPECT_EQ(merged[0].year, 1999);
}

TEST(Catalogue, AnUncertainOctaveIsWorseEvidenceThanATopAsSung) {
  Song uncertain = sound_song();
  uncertain.octave = OctaveEvidence::uncertain;
  Song top = sound_song();
  top.seconds_per_semitone.clear();
  EXPECT_EQ(merge_same_songs({uncertain, top})[0].octave, OctaveEvidence::as_sung);
}

}  // namespace
}  // namespace orakgarak::songs
