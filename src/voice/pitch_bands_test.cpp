#include "voice/pitch_bands.h"

#include <gtest/gtest.h>

namespace orakgarak::voice {
namespace {

constexpr Seconds coarse_hop{0.04};

/// What a coarse pass sang: one candidate a frame.
class Sung {
 public:
  Sung& hold(double hertz, double seconds, float strength = 0.95F) {
    CandidateFrame frame;
    frame.items[0] = {static_cast<float>(math::log2(hertz)), strength};
    frame.count = 1;
    frames_.insert(frames_.end(), count(seconds), frame);
    path_.insert(path_.end(), count(seconds), 0);
    return *this;
  }
  Sung& rest(double seconds) {
    frames_.resize(frames_.size() + count(seconds));
    path_.resize(frames_.size(), -1);
    return *this;
  }
  /// Frequencies between which the band at a time lies.
  std::pair<double, double> around(double seconds) const {
    const Band band = singing_bands(frames_, path_, coarse_hop).at(count(seconds));
    return {math::exp2(band.low), math::exp2(band.high)};
  }
  std::pair<double, double> cluster() const {
    const Band band = main_cluster(frames_, path_);
    return {math::exp2(band.low), math::exp2(band.high)};
  }

 private:
  static std::size_t count(double seconds) {
    return static_cast<std::size_t>(seconds / coarse_hop.value + 0.5);
  }
  std::vector<CandidateFrame> frames_;
  std::vector<std::int8_t> path_;
};

TEST(PitchBands, WhereNothingIsSungEverythingIsLookedAt) {
  EXPECT_TRUE(singing_bands({}, {}, coarse_hop).empty());
  const auto [low, high] = Sung().rest(4).around(2);
  EXPECT_NEAR(low, lowest_pitch.value, 0.01);  // octaves are kept as floats
  EXPECT_NEAR(high, highest_pitch.value, 0.1);
}

TEST(PitchBands, ReachBelowAndAboveWhatIsSungButNotToTheNextOctaves) {
  const auto [low, high] = Sung().hold(300, 4).around(2);
  EXPECT_LT(low, 225);   // five semitones of room
  EXPECT_GT(low, 150);   // the octave below is left out
  EXPECT_GT(high, 400);  // five semitones of room
  EXPECT_LT(high, 600);  // the octave above is left out
}

TEST(PitchBands, StayWithinTheRangeOfPitches) {
  EXPECT_NEAR(Sung().hold(55, 4).around(2).first, lowest_pitch.value, 0.01);
  EXPECT_NEAR(Sung().hold(1500, 4).around(2).second, highest_pitch.value, 0.1);
}

TEST(PitchBands, AreLocalSoThatAWideRangingSingerKeepsSoftLowNotes) {
  const Sung sung = Sung().hold(90, 4).hold(700, 4);
  EXPECT_LT(sung.around(1).second, 180);
  EXPECT_GT(sung.around(7).first, 350);
  EXPECT_LT(sung.around(4).first, 90);
  EXPECT_GT(sung.around(4).second, 700);
}

TEST(PitchBands, FarFromAnySingingTheWholeTakeCounts) {
  const auto [low, high] = Sung().hold(100, 3).hold(400, 3).rest(10).around(14);
  EXPECT_LT(low, 100);
  EXPECT_GT(high, 400);
  EXPECT_LT(high, 1600);
}

TEST(PitchBands, OneStrayFrameDoesNotWidenThem) {
  EXPECT_LT(Sung().hold(200, 2).hold(1000, 0.04).hold(200, 2).around(2).second, 400);
}

TEST(PitchCluster, OfNothingIsEverything) {
  const auto [low, high] = Sung().rest(1).cluster();
  EXPECT_NEAR(low, lowest_pitch.value, 0.01);
  EXPECT_NEAR(high, highest_pitch.value, 0.1);
}

TEST(PitchCluster, IsTheSingerWhoSingsMost) {
  const auto [low, high] = Sung().hold(110, 3).hold(440, 5).hold(660, 4).cluster();
  EXPECT_GT(low, 220);
  EXPECT_LT(low, 440);
  EXPECT_GT(high, 660);
}

TEST(PitchCluster, AWeakSourceCountsForLess) {
  const auto [low, high] = Sung().hold(110, 6, 0.5F).hold(440, 4, 0.95F).cluster();
  EXPECT_GT(low, 110);
  EXPECT_GT(high, 440);
}

}  // namespace
}  // namespace orakgarak::voice
