#include "songs/explain.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace orakgarak::songs {
namespace {

const Reach singer{{Midi(45), Midi(48.2), Semitones(0.3)}, {Midi(67), Midi(64.4), Semitones(0.3)}};

Song transcribed() {
  Song song;
  song.seconds_per_semitone = {{50, 10}, {60, 60}, {65, 3.8}, {67, 0.4}};
  song.lowest = Midi(50);
  song.highest = Midi(67);
  return song;
}

const Reason* find(const std::vector<Reason>& reasons, ReasonCode code) {
  const auto at =
      std::find_if(reasons.begin(), reasons.end(), [&](const Reason& r) { return r.code == code; });
  return at == reasons.end() ? nullptr : &*at;
}

TEST(Explain, SaysHowLongHowHighAndInWhichKeyNothingIsAbove) {
  const auto reasons = explain(transcribed(), singer, {0, 0, -6});
  const Reason* above = find(reasons, ReasonCode::above_comfortable);
  ASSERT_TRUE(above);
  EXPECT_NEAR(above->seconds->value, 4.2, 1e-9);
  EXPECT_EQ(above->limit, Midi(64.4));
  EXPECT_EQ(above->note, Midi(67));
  EXPECT_NEAR(above->at_note->value, 0.4, 1e-9);
  const Reason* clear = find(reasons, ReasonCode::clear_in_key);
  ASSERT_TRUE(clear);
  EXPECT_EQ(clear->key, -3);
  EXPECT_TRUE(find(reasons, ReasonCode::original_key));
  EXPECT_FALSE(find(reasons, ReasonCode::above_full));
}

TEST(Explain, ASemitoneCountsAsAboveTheSemitoneNearestToTheEnd) {
  Reach reach = singer;
  reach.high.comfortable = Midi(64.6);  // nearest to 65, so 65 is not above
  EXPECT_NEAR(find(explain(transcribed(), reach, {}), ReasonCode::above_comfortable)->seconds->value, 0.4,
              1e-9);
}

TEST(Explain, OffersNoKeyThatMayNotBeChosen) {
  EXPECT_FALSE(find(explain(transcribed(), singer, {0, 0, -2}), ReasonCode::clear_in_key));
}

TEST(Explain, AllComfortableNamesBothEndsOfTheSong) {
  const auto reasons = explain(transcribed(), singer, {-2, 0, -6});
  EXPECT_TRUE(find(reasons, ReasonCode::above_comfortable));
  const auto lower = explain(transcribed(), singer, {-3, 0, -6});
  const Reason* all = find(lower, ReasonCode::all_comfortable);
  // D3 − 3 = B2 lies below the comfortable C3.
  ASSERT_FALSE(all);
  Reach wide = singer;
  wide.low.comfortable = Midi(46);
  const auto comfortable = explain(transcribed(), wide, {-3, 0, -6});
  all = find(comfortable, ReasonCode::all_comfortable);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->note, Midi(64));
  EXPECT_EQ(all->low_note, Midi(47));
  const Reason* original = find(comfortable, ReasonCode::original_key_above);
  ASSERT_TRUE(original);
  EXPECT_EQ(original->key, 0);
  EXPECT_NEAR(original->seconds->value, 4.2, 1e-9);
}

TEST(Explain, GivesNoSecondsForASongOfWhichOnlyTheTopIsKnown) {
  Song song;
  song.highest = Midi(66);
  song.highest_is_falsetto = true;
  song.adlib_highest = Midi(70);
  const auto reasons = explain(song, singer, {-1, 0, -6});
  EXPECT_THAT(reasons, testing::Each(testing::Field(&Reason::seconds, testing::Eq(std::nullopt))));
  const Reason* reachable = find(reasons, ReasonCode::top_reachable);
  ASSERT_TRUE(reachable);
  EXPECT_EQ(reachable->note, Midi(65));
  EXPECT_EQ(reachable->margin, Semitones(2));
  EXPECT_EQ(find(reasons, ReasonCode::original_top_above)->note, Midi(66));
  EXPECT_EQ(find(reasons, ReasonCode::adlib_above)->note, Midi(69));
  EXPECT_TRUE(find(reasons, ReasonCode::top_is_falsetto));
  EXPECT_EQ(find(reasons, ReasonCode::top_only)->margin, Semitones(2));
}

TEST(Explain, WhatLiesBeyondTheFullRangeIsSaidWithItsMargin) {
  const auto reasons = explain(transcribed(), singer, {+2, 0, -6});
  const Reason* beyond = find(reasons, ReasonCode::above_full);
  ASSERT_TRUE(beyond);
  EXPECT_EQ(beyond->margin, Semitones(2));
  EXPECT_NEAR(beyond->seconds->value, 0.4, 1e-9);
}

TEST(Explain, AnOctaveIsSaidApartFromTheKey) {
  const auto reasons = explain(transcribed(), singer, {-1, -1, -6});
  EXPECT_EQ(find(reasons, ReasonCode::octave_shift)->octaves, -1);
  EXPECT_EQ(find(reasons, ReasonCode::below_full)->note, Midi(37));
}

TEST(Explain, AMisfitNamesTheEndAndByHowMuch) {
  Song high;
  high.highest = Midi(80);
  const auto why = explain_misfit(high, singer, {-6, 0, -6});
  ASSERT_EQ(why.size(), 1u);
  EXPECT_EQ(why[0].code, ReasonCode::nothing_low_enough);
  EXPECT_EQ(why[0].key, -6);
  EXPECT_EQ(why[0].margin, Semitones(7));
  Song low = transcribed();
  EXPECT_EQ(explain_misfit(low, singer, {-6, 0, -6}).front().code, ReasonCode::nothing_high_enough);
  const auto strained = explain_misfit(low, singer, {0, 0, -6});
  ASSERT_EQ(strained.front().code, ReasonCode::nothing_easy_enough);
  EXPECT_NEAR(*strained.front().share, 70 / 74.2, 1e-9);
}

TEST(Explain, EveryCodeHasANameOfItsOwn) {
  std::vector<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ReasonCode::empty_catalogue); ++code) {
    names.push_back(to_string(static_cast<ReasonCode>(code)));
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_EQ(std::find(names.begin(), names.end(), "unknown"), names.end());
}

}  // namespace
}  // namespace orakgarak::songs
