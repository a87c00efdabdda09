#include "voice/intonation.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace orakgarak::voice {
namespace {

std::vector<Note> scale(int count, double offset_cents, double drift_cents_per_minute = 0,
                        double error_cents = 0) {
  constexpr int steps[] = {0, 2, 4, 5, 7, 9, 11};
  std::mt19937 random(5);
  std::normal_distribution<double> error(0, 1);
  std::vector<Note> notes;
  for (int i = 0; i < count; ++i) {
    Seconds start(0.6 * i), end = start + Seconds(0.5);
    double off = offset_cents + drift_cents_per_minute * start.value / 60 + error_cents * error(random);
    notes.push_back({{start, end}, Midi(55 + steps[i % 7] + off / 100), Cents(5), {}});
  }
  return notes;
}

TEST(Intonation, NeedsFiveNotes) {
  EXPECT_FALSE(measure_intonation(scale(4, 0)));
  EXPECT_TRUE(measure_intonation(scale(5, 0)));
}

TEST(Intonation, FindsTheSingersOwnTuning) {
  for (double offset : {-49.0, -20.0, 0.0, 33.0, 50.0}) {
    auto found = measure_intonation(scale(30, offset));
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->tuning.value, offset, 1e-6);
    EXPECT_NEAR(found->mean_distance.value, 0, 1e-6);
    EXPECT_EQ(found->notes, 30);
  }
}

TEST(Intonation, ATuningAtTheTurnOfTheSemitoneIsOneTuning) {
  auto notes = scale(20, 48);
  for (std::size_t i = 0; i < notes.size(); i += 2)
    notes[i].pitch = notes[i].pitch + Semitones(0.04);  // 52 = −48
  auto found = measure_intonation(notes);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->mean_distance.value, 2, 0.01);  // half are 2 cents above the grid, half below
}

TEST(Intonation, DistanceGrowsWithTheErrorsOfTheNotes) {
  // The mean of |error| of a normal error is 0.8 of its deviation; 200 notes know it to about 5 per cent.
  EXPECT_NEAR(measure_intonation(scale(200, 10, 0, 10))->mean_distance.value, 8, 0.8);
  EXPECT_NEAR(measure_intonation(scale(400, 10, 0, 300))->mean_distance.value, 25, 2);  // chance
}

TEST(Intonation, MeasuresDrift) {
  for (double drift : {-30.0, 0.0, 20.0})
    EXPECT_NEAR(measure_intonation(scale(100, 10, drift))->drift_per_minute.value, drift, 0.5);
}

TEST(Intonation, TellsNoDriftFromUnderTenSeconds) {
  EXPECT_EQ(measure_intonation(scale(16, 0, 40))->drift_per_minute, Cents(0));
  EXPECT_NE(measure_intonation(scale(19, 0, 40))->drift_per_minute, Cents(0));
}

TEST(Tessitura, CountsSecondsAtTheNearestSemitone) {
  std::vector<PitchFrame> frames(300);
  for (std::size_t i = 0; i < 100; ++i) frames[i].f0 = to_hertz(Midi(60.4));
  for (std::size_t i = 100; i < 150; ++i) frames[i].f0 = to_hertz(Midi(60.6));
  auto t = measure_tessitura(frames);
  EXPECT_FLOAT_EQ(t.seconds[60], 1.0f);
  EXPECT_FLOAT_EQ(t.seconds[61], 0.5f);
  EXPECT_FLOAT_EQ(std::accumulate(t.seconds.begin(), t.seconds.end(), 0.0f), 1.5f);
}

TEST(Tessitura, StaysInsideItsTableForAnyPitch) {
  std::vector<PitchFrame> frames(2);
  frames[0].f0 = Hertz(1);
  frames[1].f0 = Hertz(1e6);
  auto t = measure_tessitura(frames);
  EXPECT_FLOAT_EQ(t.seconds[0], 0.01f);
  EXPECT_FLOAT_EQ(t.seconds[127], 0.01f);
}

}  // namespace
}  // namespace orakgarak::voice
