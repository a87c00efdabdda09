#include "songs/felt.h"

#include <gmock/gmock.h>

#include <cmath>

#include "songs/catalogue.h"
#include "songs/matcher.h"
#include "songs/profile.h"

namespace orakgarak::songs {
namespace {

const Time noon{std::chrono::days(20'000)};

/// Comfortable from 48 to 62, full from 45 to 67.
SungTake a_take(Time when = noon) {
  const auto end = [](double midi) { return SungEnd{Midi(midi), Semitones(0.3)}; };
  SungTake take;
  take.lowest = end(45);
  take.comfortable_low = end(48);
  take.comfortable_high = end(62);
  take.highest = end(67);
  take.when = when;
  return take;
}

FeltSong word(Felt felt, double low, double high, Time when = noon, std::string song = "song") {
  return {std::move(song), felt, {Midi(low), Midi(high)}, when};
}

SingerProfile after(std::vector<FeltSong> words) { return merge_takes(std::vector{a_take()}, words); }
double high_after(std::vector<FeltSong> words) {
  return after(std::move(words)).comfortable_high->pitch.value;
}
double low_after(std::vector<FeltSong> words) { return after(std::move(words)).comfortable_low->pitch.value; }

TEST(Demand, IsTheSemitoneBeyondWhichATenthOfTheSingingLies) {
  Song song;
  song.seconds_per_semitone = {{50, 5}, {52, 7}, {60, 76}, {64, 7}, {67, 5}};
  const Demand demand = demand_of(song, -2).value();
  EXPECT_EQ(demand.low, Midi(52 - 2));   // 5 % below it, 12 % with it
  EXPECT_EQ(demand.high, Midi(64 - 2));  // 5 % above it, 12 % with it
}

TEST(Demand, OfASongKnownOnlyByItsTopIsThatOfTheAverageShape) {
  Song song;
  song.highest = Midi(67);
  const Demand demand = demand_of(song, 0).value();
  EXPECT_LT(demand.high, Midi(67));
  EXPECT_GT(demand.high, Midi(60));
  EXPECT_LT(demand.low, demand.high);
  EXPECT_EQ(demand_of(song, 3)->high, demand.high + Semitones(3));
  EXPECT_FALSE(demand_of(Song(), 0));
}

TEST(Felt, WithoutWordsNothingMoves) {
  const SingerProfile profile = after({});
  EXPECT_EQ(profile.comfortable_high->pitch, Midi(62));
  EXPECT_EQ(profile.comfortable_high->moved, Semitones());
  EXPECT_TRUE(profile.comfortable_high->moved_by.empty());
}

TEST(Felt, TooHardLowersWhatIsComfortableAndNamesTheSong) {
  const SingerProfile profile = after({word(Felt::too_hard, 50, 62, noon, "a")});
  EXPECT_EQ(profile.comfortable_high->pitch, Midi(61));
  EXPECT_EQ(profile.comfortable_high->moved, Semitones(-1));
  EXPECT_EQ(profile.comfortable_high->moved_by, std::vector<std::string>{"a"});
  EXPECT_NEAR(profile.comfortable_high->uncertainty.value, std::sqrt(0.09 + 0.25), 1e-12);
  EXPECT_EQ(profile.highest->pitch, Midi(67)) << "what was reached was reached";
  EXPECT_EQ(profile.comfortable_low->pitch, Midi(48));
}

TEST(Felt, TooHardIsOfTheLowEndOnlyWhereTheSongGoesBelowItMore) {
  EXPECT_EQ(low_after({word(Felt::too_hard, 47, 58)}), 48.5);
  EXPECT_EQ(high_after({word(Felt::too_hard, 47, 58)}), 62);
  EXPECT_EQ(low_after({word(Felt::too_hard, 47, 63)}), 48) << "as far above: the high end";
  EXPECT_EQ(high_after({word(Felt::too_hard, 49, 60)}), 59) << "within both: the high end";
}

TEST(Felt, TheLowerTheSongThatWasTooHardTheLowerTheEnd) {
  double before = 70;
  for (const double high : {66.0, 63.0, 62.0, 61.0, 60.5, 60.0}) {
    const double end = high_after({word(Felt::too_hard, 55, high)});
    EXPECT_LE(end, before) << high;
    EXPECT_LT(end, 62) << high;
    before = end;
  }
}

TEST(Felt, ASongBeyondTheFullRangeThatWasTooHardIsNoNews) {
  EXPECT_EQ(high_after({word(Felt::too_hard, 50, 67)}), 61.5);
  EXPECT_EQ(high_after({word(Felt::too_hard, 50, 67.5)}), 62);
}

TEST(Felt, FitsAndEasyRaiseTheEndToWhatTheSongAsks) {
  EXPECT_EQ(high_after({word(Felt::fits, 50, 64)}), 64);
  EXPECT_EQ(high_after({word(Felt::easy, 50, 64)}), 65);
  EXPECT_EQ(high_after({word(Felt::easy, 50, 60)}), 62) << "well inside: it says nothing of the end";
  EXPECT_EQ(low_after({word(Felt::easy, 47, 60)}), 46);
  EXPECT_EQ(low_after({word(Felt::fits, 47, 60)}), 47);
}

TEST(Felt, NoEndMovesMoreThanThreeSemitones) {
  EXPECT_EQ(high_after({word(Felt::easy, 50, 90)}), 65);
  EXPECT_EQ(high_after({word(Felt::too_hard, 52, 54)}), 59);
  std::vector<FeltSong> words;
  for (int i = 0; i < 50; ++i) words.push_back(word(Felt::too_hard, 50, 66, noon, std::to_string(i)));
  EXPECT_EQ(high_after(words), 59);
}

TEST(Felt, AnEasySongBeyondTheFullRangeWidensIt) {
  SungTake take = a_take();
  take.highest = SungEnd{Midi(63), Semitones(0.3)};
  const SingerProfile profile =
      merge_takes(std::vector{take}, std::vector{word(Felt::fits, 50, 64, noon, "a")});
  EXPECT_EQ(profile.highest->pitch, Midi(64));
  EXPECT_EQ(profile.highest->moved, Semitones(1));
  EXPECT_EQ(profile.highest->moved_by, std::vector<std::string>{"a"});
}

TEST(Felt, OfWordsThatContradictEachOtherTheLatestWins) {
  const FeltSong hard = word(Felt::too_hard, 50, 61, noon, "hard"),
                 easy = word(Felt::easy, 50, 63, noon + std::chrono::seconds(1), "easy");
  const SingerProfile profile = after({hard, easy});
  EXPECT_NEAR(profile.comfortable_high->pitch.value, 64, 1e-5);
  EXPECT_EQ(profile.comfortable_high->moved_by, std::vector<std::string>{"easy"})
      << "the other is taken back";
  EXPECT_EQ(high_after({hard, easy}), high_after({easy, hard})) << "by time, not by place";
  FeltSong later = hard;
  later.when = noon + std::chrono::hours(1);
  EXPECT_NEAR(high_after({later, easy}), 60, 1e-2);
}

TEST(Felt, OldWordsFade) {
  const std::vector words{word(Felt::too_hard, 50, 61)};
  const auto later = [&](int days) {
    return merge_takes(std::vector{a_take(noon + std::chrono::days(days))}, words)
        .comfortable_high->pitch.value;
  };
  EXPECT_EQ(later(0), 60);
  EXPECT_NEAR(later(90), 61, 1e-12);
  EXPECT_GT(later(900), 61.99);
}

TEST(Felt, TheEndsDoNotPassEachOther) {
  SungTake take = a_take();
  take.comfortable_low = SungEnd{Midi(61), Semitones(0.3)};
  const SingerProfile profile =
      merge_takes(std::vector{take}, std::vector{word(Felt::too_hard, 61, 61), word(Felt::too_hard, 61, 61)});
  EXPECT_LE(profile.comfortable_low->pitch, profile.comfortable_high->pitch);
}

TEST(Felt, WhereNoTakeToldAComfortableEndWordsMakeNone) {
  SungTake take = a_take();
  take.comfortable_high.reset();
  const std::vector words{word(Felt::too_hard, 50, 60), word(Felt::easy, 50, 66)};
  EXPECT_FALSE(merge_takes(std::vector{take}, words).comfortable_high);
  EXPECT_FALSE(merge_takes({}, words).comfortable_high);
}

TEST(Felt, AfterTooHardTheSameKeyFitsLessAndTheReasonSaysSo) {
  Song song;
  song.title = "Song";
  song.artist = "Singer";
  song.seconds_per_semitone = {{52, 30}, {57, 60}, {62, 20}};
  const Matcher matcher = Matcher::create({song});
  const std::size_t it = matcher.find(song_id(song)).value();
  const std::vector words{FeltSong{song_id(song), Felt::too_hard, demand_of(song, 0).value(), noon}};
  const SingerProfile before = after({}), now = after(words);
  EXPECT_LT(matcher.fit_in_keys(now, it, 0, 0)->at(0).fit, matcher.fit_in_keys(before, it, 0, 0)->at(0).fit);
  const auto codes = [&](const SingerProfile& singer) {
    std::vector<ReasonCode> all;
    const auto answer = matcher.match(singer);
    for (const Reason& reason : answer->songs.at(0).reasons) all.push_back(reason.code);
    return all;
  };
  EXPECT_THAT(codes(now), testing::Contains(ReasonCode::high_end_lowered));
  EXPECT_THAT(codes(before), testing::Not(testing::Contains(ReasonCode::high_end_lowered)));
}

}  // namespace
}  // namespace orakgarak::songs
