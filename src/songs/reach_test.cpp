#include "songs/reach.h"

#include <gtest/gtest.h>

#include <limits>

namespace orakgarak::songs {
namespace {

ProfileEnd end_at(double midi, double uncertainty = 0.3) { return {Midi(midi), Semitones(uncertainty)}; }

SingerProfile tenor() {
  SingerProfile singer;
  singer.lowest = end_at(48);
  singer.comfortable_low = end_at(51);
  singer.comfortable_high = end_at(65);
  singer.highest = end_at(70);
  return singer;
}

TEST(Reach, TakesWhatWasMeasured) {
  const Reach reach = *reach_of(tenor());
  EXPECT_EQ(reach.low.full, Midi(48));
  EXPECT_EQ(reach.low.comfortable, Midi(51));
  EXPECT_EQ(reach.high.comfortable, Midi(65));
  EXPECT_EQ(reach.high.full, Midi(70));
  EXPECT_EQ(reach.high.uncertainty, Semitones(0.3));
  EXPECT_FALSE(reach.low.assumed || reach.high.assumed);
}

TEST(Reach, AnUnknownTopStaysAtWhatIsComfortableAndIsSaidToBeAssumed) {
  SingerProfile singer = tenor();
  singer.highest.reset();
  const Reach reach = *reach_of(singer);
  EXPECT_EQ(reach.high.full, Midi(65));
  EXPECT_EQ(reach.high.uncertainty, Semitones(3));
  EXPECT_TRUE(reach.high.assumed);
  EXPECT_FALSE(reach.low.assumed);
}

TEST(Reach, WithoutAnyUpperEndStaysInsideWhatWasSungMost) {
  SingerProfile singer = tenor();
  singer.highest.reset();
  singer.comfortable_high.reset();
  singer.seconds[55] = 20;
  singer.seconds[62] = 10;
  singer.seconds[80] = 1;  // under a tenth of the seconds
  const Reach reach = *reach_of(singer);
  EXPECT_EQ(reach.high.full, Midi(62));
  EXPECT_EQ(reach.high.uncertainty, Semitones(4));
  EXPECT_TRUE(reach.high.assumed);
}

TEST(Reach, ADeclinedSideWithoutSingingIsAnOctaveFromTheOther) {
  SingerProfile singer;
  singer.lowest = end_at(48);
  singer.comfortable_low = end_at(51);
  const Reach reach = *reach_of(singer);
  EXPECT_EQ(reach.high.comfortable, Midi(63));
  EXPECT_EQ(reach.high.full, Midi(63));
  EXPECT_EQ(reach.high.uncertainty, Semitones(5));
  EXPECT_TRUE(reach.high.assumed);
}

TEST(Reach, AFullEndAloneLeavesThreeSemitonesToTheComfortableOne) {
  SingerProfile singer = tenor();
  singer.comfortable_high.reset();
  const Reach reach = *reach_of(singer);
  EXPECT_EQ(reach.high.comfortable, Midi(67));
  EXPECT_EQ(reach.high.uncertainty, Semitones(1.3));
  EXPECT_FALSE(reach.high.assumed);
}

TEST(Reach, ComfortableEndsThatWouldCrossMeetInTheMiddle) {
  SingerProfile singer;
  singer.lowest = end_at(60);
  singer.highest = end_at(62);
  const Reach reach = *reach_of(singer);
  EXPECT_EQ(reach.low.comfortable, Midi(61));
  EXPECT_EQ(reach.high.comfortable, Midi(61));
  EXPECT_EQ(reach.low.full, Midi(60));
  EXPECT_EQ(reach.high.full, Midi(62));
}

TEST(Reach, NothingToldIsAnError) {
  SingerProfile singer;
  singer.seconds[60] = 2.9F;  // the far side of the 3 s that a tessitura needs
  const auto reach = reach_of(singer);
  ASSERT_FALSE(reach);
  EXPECT_EQ(reach.error().code, "profile_empty");
}

TEST(Reach, EndsThatCrossOrAreNoPitchesAreAnError) {
  SingerProfile crossed = tenor();
  crossed.lowest = end_at(71);
  crossed.comfortable_low = end_at(71);
  ASSERT_FALSE(reach_of(crossed));
  EXPECT_EQ(reach_of(crossed).error().code, "profile_broken");
  for (const double broken :
       {-1.0, 128.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    SingerProfile singer = tenor();
    singer.highest = end_at(broken);
    ASSERT_FALSE(reach_of(singer)) << broken;
    EXPECT_EQ(reach_of(singer).error().code, "profile_broken") << broken;
  }
}

}  // namespace
}  // namespace orakgarak::songs
