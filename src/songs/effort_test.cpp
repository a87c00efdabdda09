#include "songs/effort.h"

#include <gtest/gtest.h>

namespace orakgarak::songs {
namespace {

const Reach tenor{{Midi(48), Midi(51), Semitones(0.3)}, {Midi(70), Midi(65), Semitones(0.3)}};

/// Everything on one semitone.
IndexedSong note(int midi, EndsKind kind = EndsKind::transcribed) {
  IndexedSong song;
  song.weights[static_cast<std::size_t>(midi)] = weight_sum;
  song.lowest = song.highest = static_cast<std::uint8_t>(midi);
  song.kind = kind;
  return song;
}

TEST(Effort, IsLeastInTheMiddleNearlyNothingInComfortAndOneAtTheFullEnds) {
  EXPECT_EQ(effort_at(tenor, Midi(58)), 0);
  EXPECT_DOUBLE_EQ(effort_at(tenor, Midi(65)), 0.01);
  EXPECT_DOUBLE_EQ(effort_at(tenor, Midi(51)), 0.01);
  EXPECT_DOUBLE_EQ(effort_at(tenor, Midi(70)), 1);
  EXPECT_DOUBLE_EQ(effort_at(tenor, Midi(48)), 1);
  EXPECT_DOUBLE_EQ(effort_at(tenor, Midi(72)), 7);
  EXPECT_DOUBLE_EQ(effort_at(tenor, Midi(46)), 3);
}

TEST(Effort, NeverFallsOnTheWayOut) {
  for (double p = 58; p < 127; p += 0.25) {
    EXPECT_LT(effort_at(tenor, Midi(p)), effort_at(tenor, Midi(p + 0.25)));
  }
  for (double p = 58; p > 0; p -= 0.25) {
    EXPECT_LT(effort_at(tenor, Midi(p)), effort_at(tenor, Midi(p - 0.25)));
  }
}

TEST(Effort, ARangeWithoutWidthIsStillARange) {
  const Reach point{{Midi(60), Midi(60), Semitones(0)}, {Midi(60), Midi(60), Semitones(0)}};
  EXPECT_EQ(effort_at(point, Midi(60)), 0);
  EXPECT_DOUBLE_EQ(effort_at(point, Midi(61)), 1);
  EXPECT_DOUBLE_EQ(effort_at(point, Midi(59)), 1);
}

TEST(Effort, APeakCostsFromHalfASemitoneBeyondTheFullEnd) {
  const SingerCost singer(tenor);
  const auto peak = [&](int midi, EndsKind kind) {
    IndexedSong song = note(60, kind);
    song.highest = static_cast<std::uint8_t>(midi);
    return singer.of(song, 0) - singer.of(note(60), 0);
  };
  EXPECT_EQ(peak(70, EndsKind::transcribed), 0u);
  EXPECT_EQ(peak(71, EndsKind::transcribed), 19584u);  // 0.15·½·1024·255
  EXPECT_EQ(peak(75, EndsKind::transcribed_falsetto), 0u);
  EXPECT_EQ(peak(76, EndsKind::transcribed_falsetto), 19584u);
  // Of a collected top: 1/9 of 1½ and 2/9 of ½ semitone are over.
  EXPECT_EQ(peak(70, EndsKind::collected), 10880u);
}

TEST(Effort, ACostIsTheSameInTheQueryAsForTheSinger) {
  const SingerCost singer(tenor);
  Query query;
  singer.fill(query);
  set_keys(query, -6, 6, 0);
  for (int kind = 0; kind < ends_kinds; ++kind) {
    IndexedSong song = note(66, static_cast<EndsKind>(kind));
    if (kind >= static_cast<int>(EndsKind::top_only)) {
      song.weights = {};
      song.lowest = end_unknown;
    }
    for (int key = -6; key <= 6; ++key) {
      EXPECT_EQ(cost_of(song, query, key), singer.of(song, key) + key_price(key)) << kind << " in " << key;
    }
  }
}

TEST(Effort, ATopAloneFitsWorseTheHigherItLiesAndHasAnUncertainty) {
  const SingerCost singer(tenor);
  for (int top = 68; top < 78; ++top) {
    EXPECT_GT(singer.of_top(top, false).mean, singer.of_top(top + 1, false).mean) << top;
  }
  EXPECT_GT(singer.of_top(68, false).mean, 50);
  EXPECT_LT(singer.of_top(74, false).mean, 10);
  EXPECT_GT(singer.of_top(68, false).deviation, 15);
  EXPECT_GT(singer.of_top(72, true).mean, singer.of_top(72, false).mean) << "a falsetto top may lie higher";
}

TEST(Effort, TheOriginalKeyIsFreeAndFarKeysCostMore) {
  EXPECT_EQ(key_price(0), 0u);
  for (int key = 0; key < 12; ++key) {
    EXPECT_LT(key_price(key), key_price(key + 1));
    EXPECT_EQ(key_price(key), key_price(-key));
  }
  EXPECT_DOUBLE_EQ(fit_of(0), 100);
  EXPECT_NEAR(fit_of(point), 99, 0.01);
}

}  // namespace
}  // namespace orakgarak::songs
