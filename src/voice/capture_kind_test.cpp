#include "voice/capture_kind.h"

#include <gtest/gtest.h>

#include "voice/testing/track.h"

namespace orakgarak::voice {
namespace {

double speech(const DrawnTrack& drawn) { return speech_likeness(drawn.frames(), drawn.notes().notes); }

/// Syllables of 0.2 s that each fall by some semitones, around one pitch.
DrawnTrack sentence(double midi, double fall, int syllables = 12) {
  DrawnTrack drawn;
  for (int i = 0; i < syllables; ++i)
    drawn.line(midi + fall / 2 + i % 3, midi - fall / 2 + i % 3, 0.2).rest(0.05);
  return drawn;
}

/// Notes of half a second on a scale, as steady as a singer holds them.
DrawnTrack song(double midi) {
  DrawnTrack drawn;
  drawn.jitter(12);
  for (int step : {0, 2, 4, 5, 7, 5, 4, 2}) drawn.hold(midi + step, 0.5).rest(0.05);
  return drawn;
}

TEST(Speech, GlidesAndSongHolds) {
  EXPECT_GT(speech(sentence(50, 5)), 0.9);
  EXPECT_LT(speech(song(50)), 0.1);
}

TEST(Speech, MovesByDegreesToSinging) {
  double before = 1;
  for (int held : {0, 4, 8, 12}) {  // more and more syllables become notes
    DrawnTrack drawn = sentence(50, 5, 12 - held);
    for (int i = 0; i < held; ++i) drawn.jitter(12).hold(52, 0.5).rest(0.05);
    const double now = speech(drawn);
    EXPECT_LE(now, before);
    before = now;
  }
  EXPECT_LT(before, 0.1);
}

TEST(Speech, VibratoIsSinging) {
  DrawnTrack drawn;
  for (int i = 0; i < 6; ++i) drawn.hold(57, 0.8, 5.5, 60).rest(0.1);
  EXPECT_LT(speech(drawn), 0.2);
}

TEST(Speech, HighUpLessHoldingIsEnough) {
  // The same movement an octave and a half higher: nobody speaks up there.
  EXPECT_LT(speech(sentence(76, 3)), speech(sentence(50, 3)) / 2);
}

TEST(Speech, CannotBeToldFromLessThanASecondAndAHalf) {
  EXPECT_EQ(speech(sentence(50, 5, 7)), 0);    // 1.4 s of voice
  EXPECT_GT(speech(sentence(50, 5, 8)), 0.9);  // 1.6 s
  EXPECT_EQ(speech_likeness({}, {}), 0);
}

/// Notes of 0.5 s, one after the other, each as unsteady as asked.
std::vector<Note> notes(double instability_cents, int count = 6) {
  std::vector<Note> out;
  for (int i = 0; i < count; ++i)
    out.push_back(
        {{Seconds(0.5 * i), Seconds(0.5 * i + 0.5)}, Midi(60), Cents(instability_cents), std::nullopt});
  return out;
}

/// Levels for those notes: each begins at −20 dB and falls, with a ripple that no string has.
std::vector<float> contour(double fall_db_per_second, double ripple_db = 0, int count = 6) {
  std::vector<float> out;
  for (int i = 0; i < 50 * count; ++i)
    out.push_back(static_cast<float>(-20 - fall_db_per_second * 0.01 * (i % 50) + (i % 2 ? ripple_db : 0)));
  return out;
}

TEST(Instrument, HoldsAPitchAsNoVoiceDoes) {
  EXPECT_GT(instrument_likeness(notes(2), contour(0)), 0.9);
  EXPECT_LT(instrument_likeness(notes(10), contour(0)), 0.1);
}

TEST(Instrument, AStringThatDecaysIsBelievedWithALittleMoreUnsteadiness) {
  EXPECT_LT(instrument_likeness(notes(6), contour(0)), 0.5);
  EXPECT_GT(instrument_likeness(notes(6), contour(20)), 0.5);
  EXPECT_LT(instrument_likeness(notes(6), contour(20, 1)), 0.5);  // goes up as often as down
  EXPECT_LT(instrument_likeness(notes(10), contour(20)), 0.1);    // a voice that fades
}

TEST(Instrument, FewUnsteadyNotesDoNotHideIt) {
  auto mostly = notes(2, 5);
  mostly.push_back({{Seconds(2.5), Seconds(3)}, Midi(60), Cents(40), std::nullopt});
  EXPECT_GT(instrument_likeness(mostly, contour(0)), 0.9);
}

TEST(Instrument, NotesCountByTheirLength) {
  // Two long notes of a voice among many short ones that had no time to waver.
  auto mixed = notes(2, 4);
  for (Note& n : mixed) n.span.end = n.span.start + Seconds(0.1);
  for (int i = 2; i < 4; ++i)
    mixed.push_back({{Seconds(2.0 * i), Seconds(2.0 * i + 1)}, Midi(60), Cents(15), std::nullopt});
  EXPECT_LT(instrument_likeness(mixed, std::vector<float>(800, -20)), 0.1);
}

TEST(Instrument, CannotBeToldFromLessThanASecond) {
  EXPECT_EQ(instrument_likeness(notes(2, 1), contour(0)), 0);
  EXPECT_GT(instrument_likeness(notes(2, 2), contour(0)), 0.9);
  EXPECT_EQ(instrument_likeness({}, {}), 0);
}

TEST(Instrument, LevelsMayEndBeforeTheNotes) {
  EXPECT_GT(instrument_likeness(notes(2), contour(20, 0, 1)), 0.9);
}

/// A steady sound of two seconds at 440 Hz with a second harmonic so far below the first.
bool pure(double second_below_db, bool bright = false) {
  constexpr Hertz f0(440);
  const auto sound = [&](Hertz rate) {
    const double second = 0.1 * sounds::amplitude(Decibels(-second_below_db));
    sounds::Samples out = sounds::mixed(sounds::sine(f0, rate, Seconds(2), 0.1),
                                        sounds::sine(f0 * 2, rate, Seconds(2), second));
    return bright ? sounds::mixed(out, sounds::sine(Hertz(3500), rate, Seconds(2), 0.05)) : out;
  };
  const std::vector<PitchFrame> frames(195, {f0, 0.9F, 0.99F, -23});
  BandSpectra bands;
  bands.push(sound(timbre_rate));
  bands.finish();
  return is_pure_tone(frames, measure_harmonics(frames, sound(analysis_rate)), bands);
}

TEST(PureTone, HasNothingButAFundamental) {
  EXPECT_TRUE(pure(100));
  EXPECT_TRUE(pure(36));
  EXPECT_FALSE(pure(34));
  EXPECT_FALSE(pure(10));
}

TEST(PureTone, HasNothingHigherUpEither) { EXPECT_FALSE(pure(100, true)); }

TEST(PureTone, OfNothingIsNone) { EXPECT_FALSE(is_pure_tone({}, {}, BandSpectra())); }

}  // namespace
}  // namespace orakgarak::voice
