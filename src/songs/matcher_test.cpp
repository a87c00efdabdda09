#include "songs/matcher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "songs/catalogue.h"

namespace orakgarak::songs {
namespace {

SingerProfile singer(double low, double comfortable_low, double comfortable_high, double high) {
  SingerProfile s;
  s.takes = 2;
  s.lowest = ProfileEnd{Midi(low), Semitones(0.2)};
  s.comfortable_low = ProfileEnd{Midi(comfortable_low), Semitones(0.2)};
  s.comfortable_high = ProfileEnd{Midi(comfortable_high), Semitones(0.2)};
  s.highest = ProfileEnd{Midi(high), Semitones(0.2)};
  return s;
}
const SingerProfile tenor = singer(48, 51, 65, 70);

Song song(std::string title, int lowest, int highest) {
  Song s;
  s.title = std::move(title);
  s.artist = s.title + " singer";
  s.language = "en";
  s.year = 1985;
  s.lowest = Midi(lowest);
  s.highest = Midi(highest);
  for (int p = lowest; p <= highest; ++p) s.seconds_per_semitone[p] = 5;
  return s;
}

std::vector<std::string> titles(const Matcher& matcher, const std::vector<Match>& matches) {
  std::vector<std::string> names;
  for (const Match& m : matches) names.push_back(matcher.songs()[m.song].title);
  return names;
}

bool has(const std::vector<Reason>& reasons, ReasonCode code) {
  for (const Reason& reason : reasons) {
    if (reason.code == code) return true;
  }
  return false;
}

TEST(Matcher, KeepsTheOriginalKeyWhereASongAlreadyFits) {
  const Matcher matcher = Matcher::create({song("fits", 53, 63)});
  const auto answer = matcher.match(tenor);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->songs[0].key_shift, 0);
  EXPECT_GT(answer->songs[0].fit, 97);
  EXPECT_TRUE(answer->songs[0].confident);
  EXPECT_TRUE(has(answer->songs[0].reasons, ReasonCode::all_comfortable));
  EXPECT_FALSE(answer->nothing_fits);
}

TEST(Matcher, FindsASongByItsId) {
  const Matcher matcher = Matcher::create({song("one", 53, 63), song("two", 53, 63), song("three", 53, 63)});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(matcher.find(song_id(matcher.songs()[i])), i);
  EXPECT_FALSE(matcher.find(song_id(song("four", 53, 63))));
  EXPECT_FALSE(matcher.find("no id"));
}

TEST(Matcher, TheFitOfASongInEachKeyIsThatOfTheListWhereOnlyThatKeyMayBe) {
  Song collected = song("ends", 58, 70), top = song("top", 58, 68);
  collected.seconds_per_semitone.clear();
  top.seconds_per_semitone.clear();
  top.lowest.reset();
  top.octave = OctaveEvidence::uncertain;
  const Matcher matcher = Matcher::create({song("sung", 58, 70), collected, top});
  for (std::size_t i = 0; i < 3; ++i) {
    const auto fit = matcher.fit_in_keys(tenor, i, -6, 6).value();
    ASSERT_EQ(fit.size(), 13U);
    for (const KeyFit& in_key : fit) {
      MatchOptions options;
      options.lowest_key = options.highest_key = in_key.key_shift;
      const auto answer = matcher.match(tenor, options);
      for (const Match& match : answer->songs) {
        if (match.song != i) continue;
        EXPECT_EQ(match.fit, in_key.fit);
        EXPECT_EQ(match.fit_uncertainty, in_key.fit_uncertainty);
      }
    }
  }
  EXPECT_EQ(matcher.fit_in_keys(tenor, 0, -13, 0).error().code, "bad_option");
  EXPECT_EQ(matcher.fit_in_keys(SingerProfile(), 0).error().code, "profile_empty");
}

TEST(Matcher, LowersASongThatLiesTooHighAndSaysWhy) {
  const Matcher matcher = Matcher::create({song("high", 58, 70)});
  const Match match = matcher.match(tenor)->songs[0];
  EXPECT_LE(match.key_shift, -4);
  EXPECT_TRUE(has(match.reasons, ReasonCode::original_key_above));
}

TEST(Matcher, TriesOnlyTheKeysAskedFor) {
  const Matcher matcher = Matcher::create({song("high", 60, 72)});
  MatchOptions options;
  options.lowest_key = -2;
  options.highest_key = 1;
  EXPECT_EQ(matcher.match(tenor, options)->songs[0].key_shift, -2);
  options.lowest_key = options.highest_key = 1;
  EXPECT_EQ(matcher.match(tenor, options)->songs[0].key_shift, 1);
}

TEST(Matcher, AnOctaveIsListedApartFromTheKey) {
  const Matcher matcher = Matcher::create({song("soprano", 65, 75)});
  const auto answer = matcher.match(tenor);
  ASSERT_EQ(answer->octave_apart.size(), 1u);
  EXPECT_EQ(answer->octave_apart[0].octave_shift, -1);
  EXPECT_EQ(answer->octave_apart[0].key_shift, 0);
  EXPECT_GE(answer->songs[0].key_shift, -6);
  MatchOptions options;
  options.octave_apart = false;
  EXPECT_TRUE(matcher.match(tenor, options)->octave_apart.empty());
}

TEST(Matcher, WhenNothingFitsTheNearestIsListedWithTheEndAndByHowMuch) {
  const Matcher matcher = Matcher::create({song("higher", 75, 90), song("high", 70, 82)});
  const auto answer = matcher.match(tenor);
  EXPECT_TRUE(answer->nothing_fits);
  EXPECT_EQ(titles(matcher, answer->songs).front(), "high");
  ASSERT_FALSE(answer->why_nothing.empty());
  EXPECT_EQ(answer->why_nothing[0].code, ReasonCode::nothing_low_enough);
  EXPECT_EQ(answer->why_nothing[0].key, -6);
  EXPECT_EQ(answer->why_nothing[0].margin, Semitones(6));
}

TEST(Matcher, FiltersByLanguageAndDecade) {
  Song korean = song("korean", 53, 63);
  korean.language = "ko";
  Song early = song("early", 53, 63);
  early.year = 1979;
  const Matcher matcher = Matcher::create({song("english", 53, 63), korean, early});
  MatchOptions options;
  options.languages = {"ko"};
  EXPECT_EQ(titles(matcher, matcher.match(tenor, options)->songs), std::vector<std::string>{"korean"});
  options.languages = {};
  options.decades = {1970};
  EXPECT_EQ(titles(matcher, matcher.match(tenor, options)->songs), std::vector<std::string>{"early"});
  options.decades = {2020};
  const auto none = matcher.match(tenor, options);
  EXPECT_TRUE(none->songs.empty());
  EXPECT_EQ(none->why_nothing.at(0).code, ReasonCode::nothing_passes_filters);
}

TEST(Matcher, PopularityAndPreferencesOrderWhatFitsAlike) {
  Song famous = song("famous", 53, 63);
  famous.us_chart_peak = 1;
  Song korean = song("korean", 53, 63);
  korean.language = "ko";
  const Matcher matcher = Matcher::create({song("unknown", 53, 63), korean, famous});
  using Titles = std::vector<std::string>;
  MatchOptions options;
  EXPECT_EQ(titles(matcher, matcher.match(tenor, options)->songs), (Titles{"famous", "unknown", "korean"}));
  options.preferred_languages = {"ko"};
  EXPECT_EQ(titles(matcher, matcher.match(tenor, options)->songs), (Titles{"korean", "famous", "unknown"}));
  options.preferred_languages = {};
  options.popularity = 0;
  EXPECT_EQ(titles(matcher, matcher.match(tenor, options)->songs), (Titles{"unknown", "korean", "famous"}));
}

TEST(Matcher, AnUncertainOctaveIsNeverRecommendedWithConfidence) {
  Song doubtful = song("doubtful", 53, 63);
  doubtful.octave = OctaveEvidence::uncertain;
  const Matcher matcher = Matcher::create({doubtful, song("known", 52, 66)});
  const auto answer = matcher.match(tenor);
  EXPECT_EQ(titles(matcher, answer->songs).front(), "known") << "20 points of rank behind";
  const Match& last = answer->songs.back();
  EXPECT_FALSE(last.confident);
  EXPECT_GE(last.fit_uncertainty, 30);
  EXPECT_TRUE(has(last.reasons, ReasonCode::octave_uncertain));
}

TEST(Matcher, AnUnknownTopIsSaidAndLeavesLessConfidence) {
  SingerProfile unsure = tenor;
  unsure.highest.reset();
  const Matcher matcher = Matcher::create({song("up to comfort", 54, 64)});
  const auto sure = matcher.match(tenor);
  const auto answer = matcher.match(unsure);
  EXPECT_TRUE(has(answer->cautions, ReasonCode::high_end_unknown));
  EXPECT_GT(answer->songs[0].fit_uncertainty, sure->songs[0].fit_uncertainty);
}

TEST(Matcher, OneArtistDoesNotFillTheList) {
  std::vector<Song> songs;
  for (int i = 0; i < 30; ++i) {
    songs.push_back(song("song " + std::to_string(i), 53, 63));
    songs.back().artist = i < 20 ? "Prolific" : "Other " + std::to_string(i);
  }
  const Matcher matcher = Matcher::create(songs);
  const auto count = [&](const MatchOptions& options) {
    const auto answer = matcher.match(tenor, options);
    int n = 0;
    for (const Match& m : answer->songs) n += matcher.songs()[m.song].artist == "Prolific" ? 1 : 0;
    return n;
  };
  MatchOptions options;
  EXPECT_EQ(count(options), 2);
  EXPECT_EQ(matcher.match(tenor, options)->songs.size(), 10u);
  options.per_artist = 0;
  EXPECT_EQ(count(options), 10);
  options.per_artist = 1;
  options.limit = 20;
  EXPECT_EQ(matcher.match(tenor, options)->songs.size(), 11u) << "all artists are seen";
}

TEST(Matcher, WhatIsHiddenLeavesItsPlaceToTheNext) {
  Song doubtful = song("doubtful", 54, 62);
  doubtful.octave = OctaveEvidence::uncertain;
  std::vector<Song> songs{doubtful};
  for (int i = 0; i < 30; ++i) songs.push_back(song("song " + std::to_string(i), 53, 63));
  const Matcher matcher = Matcher::create(songs);
  MatchOptions options;
  options.limit = 30;
  options.hide_uncertain_octave = true;
  const auto known = titles(matcher, matcher.match(tenor, options)->songs);
  EXPECT_EQ(known.size(), 30u);
  EXPECT_EQ(std::ranges::find(known, "doubtful"), known.end());
  options.limit = 10;
  options.hidden = {1, 2, 3, 30};
  const auto answer = matcher.match(tenor, options);
  EXPECT_EQ(answer->songs.size(), 10u);
  for (const Match& match : answer->songs)
    EXPECT_FALSE(std::ranges::binary_search(options.hidden, match.song)) << match.song;
  for (const Match& match : answer->octave_apart)
    EXPECT_FALSE(std::ranges::binary_search(options.hidden, match.song)) << match.song;
}

TEST(Matcher, ListsASongOnceAndLeavesOutWhatHasNoPitch) {
  Song again = song("twice", 53, 63);
  again.title = "Twice!";
  Song silent;
  silent.title = silent.artist = "silent";
  const Matcher matcher = Matcher::create({song("twice", 53, 63), again, silent});
  EXPECT_EQ(matcher.songs().size(), 1u);
}

TEST(Matcher, AnEmptyCatalogueIsSaidToBeEmpty) {
  const auto answer = Matcher::create({}).match(tenor);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->songs.empty());
  EXPECT_EQ(answer->why_nothing.at(0).code, ReasonCode::empty_catalogue);
}

TEST(Matcher, RejectsEachSettingBeyondItsLimit) {
  const Matcher matcher = Matcher::create({song("any", 53, 63)});
  const auto code = [&](auto change) {
    MatchOptions options;
    change(options);
    const auto answer = matcher.match(tenor, options);
    return answer ? std::string("ok") : answer.error().code;
  };
  EXPECT_EQ(code([](MatchOptions& o) { o.lowest_key = -13; }), "bad_option");
  EXPECT_EQ(code([](MatchOptions& o) { o.lowest_key = -12; }), "ok");
  EXPECT_EQ(code([](MatchOptions& o) { o.highest_key = 13; }), "bad_option");
  EXPECT_EQ(code([](MatchOptions& o) { o.lowest_key = 3, o.highest_key = 2; }), "bad_option");
  EXPECT_EQ(code([](MatchOptions& o) { o.limit = 0; }), "bad_option");
  EXPECT_EQ(code([](MatchOptions& o) { o.limit = 1000; }), "ok");
  EXPECT_EQ(code([](MatchOptions& o) { o.limit = 1001; }), "bad_option");
  EXPECT_EQ(code([](MatchOptions& o) { o.popularity = -0.1; }), "bad_option");
  EXPECT_EQ(code([](MatchOptions& o) { o.popularity = 100.1; }), "bad_option");
  EXPECT_EQ(code([](MatchOptions& o) { o.decades = {1995}; }), "bad_option");
  EXPECT_EQ(code([](MatchOptions& o) { o.hidden = {1, 0}; }), "bad_option");
  EXPECT_EQ(matcher.match(SingerProfile{}).error().code, "profile_empty");
}

}  // namespace
}  // namespace orakgarak::songs
