#include "songs/shape.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>

namespace orakgarak::songs {
namespace {

int sum(const IndexedSong& song) { return std::accumulate(song.weights.begin(), song.weights.end(), 0); }

TEST(Shape, WeightsAreThe255PartsOfTheSecondsLargestRemaindersFirst) {
  Song song;
  song.seconds_per_semitone = {{60, 1}, {62, 1}, {64, 1}};  // 85 each, nothing left over
  EXPECT_EQ(weigh(song)->weights[62], 85);
  song.seconds_per_semitone = {{60, 1}, {62, 1}};  // 127½ each: the lower takes the odd part
  EXPECT_EQ(weigh(song)->weights[60], 128);
  EXPECT_EQ(weigh(song)->weights[62], 127);
  song.seconds_per_semitone = {{60, 1000}, {72, 1}};  // 0.25 parts: too short to weigh, yet still the peak
  EXPECT_EQ(weigh(song)->weights[72], 0);
  EXPECT_EQ(weigh(song)->highest, 72);
  EXPECT_EQ(sum(*weigh(song)), weight_sum);
}

TEST(Shape, KnowsWhatASongIsKnownBy) {
  Song song;
  EXPECT_EQ(evidence_of(song), Evidence::none);
  EXPECT_FALSE(weigh(song));
  song.lowest = Midi(50);
  EXPECT_EQ(evidence_of(song), Evidence::none) << "a lowest note alone tells nothing of the top";
  song.highest = Midi(70);
  EXPECT_EQ(evidence_of(song), Evidence::ends);
  EXPECT_EQ(weigh(song)->kind, EndsKind::collected);
  EXPECT_EQ(sum(*weigh(song)), weight_sum);
  EXPECT_GT(weigh(song)->weights[60], weigh(song)->weights[51]) << "most is sung in the middle";
  song.lowest.reset();
  song.highest_is_falsetto = true;
  EXPECT_EQ(evidence_of(song), Evidence::top);
  EXPECT_EQ(weigh(song)->kind, EndsKind::top_only_falsetto);
  EXPECT_EQ(sum(*weigh(song)), 0);
  song.seconds_per_semitone = {{-1, 5}, {200, 5}, {60, -3}};
  EXPECT_EQ(evidence_of(song), Evidence::top) << "seconds outside MIDI or below nothing are no transcription";
}

TEST(Shape, AStretchedShapeHasOneShareForEachSemitone) {
  for (const int semitones : {0, 1, 5, 23, 24, 60}) {
    const std::vector<double> shares = stretched(starter_shape, semitones);
    EXPECT_EQ(shares.size(), static_cast<std::size_t>(semitones) + 1);
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-12);
  }
}

/// The constants are what the catalogue says; bench_catalogue_shape prints them anew.
TEST(Shape, TheStarterShapeIsThatOfTheCatalogue) {
  std::ifstream file(ORAK_SOURCE_DIR "/catalog/pop-classics.jsonl");
  std::vector<IndexedSong> songs;
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    Song song;
    for (const auto& [midi, seconds] : json["seconds_per_semitone"].items()) {
      song.seconds_per_semitone[std::stoi(midi)] = seconds;
    }
    songs.push_back(*weigh(song));
  }
  ASSERT_EQ(songs.size(), 393u);
  const AverageShape shape = average_shape(songs);
  EXPECT_EQ(shape.lengths, starter_shape.lengths);
  for (std::size_t i = 0; i < shape.between_ends.size(); ++i) {
    // Written with five decimals.
    EXPECT_NEAR(shape.between_ends[i], starter_shape.between_ends[i], 0.5e-5) << i;
  }
}

}  // namespace
}  // namespace orakgarak::songs
