// Each fault on the far side of its limit, and nothing on the near side.
#include "voice/capture.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "voice/testing/capture.h"

namespace orakgarak::voice {
namespace {

using sounds::Samples;

/// Ten seconds of a singer's phrases at −20 dBFS.
const DrawnTrack& phrases() {
  static const DrawnTrack drawn = [] {
    DrawnTrack d;
    for (int i = 0; i < 5; ++i) d.jitter(12).hold(62 + 2 * i, 1).rest(1);
    return d;
  }();
  return drawn;
}
const Samples& recording() {
  static const Samples sound = recorded(phrases());
  return sound;
}
constexpr Seconds length{10};

std::string faults_of(const Samples& sound) { return faults(captured(phrases(), sound)); }
std::string faults_with(const Samples& other) { return faults_of(sounds::mixed(recording(), other)); }

TEST(Capture, OfASingerInAQuietRoomHasNoFault) {
  const CaptureQuality quality = captured(phrases(), recording());
  EXPECT_EQ(faults(quality), "");
  EXPECT_NEAR(quality.active_level.value, -20, 0.5);
  EXPECT_GT(quality.snr.value, 45);
  EXPECT_GE(quality.bandwidth.value, 7600);
  EXPECT_EQ(quality.hum.value, -200);
  EXPECT_EQ(quality.clipped_share, 0);
}

TEST(Capture, SilenceIsAPeakBelowMinus70Decibels) {
  const auto with_peak = [](double db) {
    const float peak = *std::ranges::max_element(recording(), {}, [](float x) { return std::abs(x); });
    return faults_of(sounds::scaled(recording(), sounds::amplitude(Decibels(db)) / std::abs(peak)));
  };
  EXPECT_EQ(with_peak(-70.5), "silence!");
  EXPECT_EQ(with_peak(-69.5), "too_quiet");
  EXPECT_EQ(faults_of(Samples(160000)), "silence!");
}

TEST(Capture, VoiceOfLessThan300MillisecondsIsNoVoiceAndLessThan700TooLittle) {
  const auto held = [](double seconds) {
    return faults(captured(DrawnTrack().rest(1).jitter(12).hold(62, seconds).rest(1)));
  };
  EXPECT_EQ(held(0.28), "no_voice!");
  EXPECT_EQ(held(0.32), "too_little!");
  EXPECT_EQ(held(0.68), "too_little!");
  EXPECT_EQ(held(0.72), "");
}

TEST(Capture, TooQuietIsBelowMinus50Decibels) {
  EXPECT_EQ(faults_of(sounds::scaled(recording(), sounds::amplitude(Decibels(-29)))), "");
  EXPECT_EQ(faults_of(sounds::scaled(recording(), sounds::amplitude(Decibels(-31)))), "too_quiet");
}

TEST(Capture, ClippedIsFromFiveSamplesInTenThousand) {
  const auto with_flat = [](int runs) {  // of eight samples, 0.5 ms, at the highest level of the take
    Samples sound = recording();
    for (int i = 0; i < runs; ++i) std::fill_n(sound.begin() + 5000 + 12000 * i, 8, 0.9F);
    return captured(phrases(), sound);
  };
  EXPECT_NEAR(with_flat(11).clipped_share, 88 / 160000.0, 1e-9);
  EXPECT_EQ(faults(with_flat(9)), "");  // 0.045 %
  EXPECT_EQ(faults(with_flat(11)), "clipped");
}

TEST(Capture, NoisyIsBelow15DecibelsOfVoiceOverNoiseAndBlocksBelow5) {
  const auto at_snr = [](double db) {
    return faults_with(
        sounds::noise(timbre_rate, length, 1.41421356 * sounds::amplitude(Decibels(-20 - db)), 9));
  };
  // White noise up to 8 kHz, half of whose power lies in the 4 kHz that are listened to. The voice's level is
  // measured in the same band; both are good to a decibel.
  EXPECT_EQ(at_snr(17), "");
  EXPECT_EQ(at_snr(13), "noisy");
  EXPECT_EQ(at_snr(7), "noisy");
  EXPECT_EQ(at_snr(3), "noisy!");
}

TEST(Capture, ANarrowBandEndsBelow7600Hertz) {
  const auto up_to = [](double hertz) {
    const Samples voice = sounds::sound_of(phrases().frames(), timbre_rate, Hertz(hertz));
    return faults_of(sounds::mixed(voice, sounds::noise(timbre_rate, length, 1e-5)));
  };
  EXPECT_EQ(up_to(7900), "");
  EXPECT_EQ(up_to(7300), "narrow_band");
  EXPECT_EQ(up_to(3400), "narrow_band");
}

TEST(Capture, HumIsFromMinus40Decibels) {
  const auto hum = [](double db) {
    return faults_with(
        sounds::sine(Hertz(50), timbre_rate, length, 1.41421356 * sounds::amplitude(Decibels(-20 + db))));
  };
  EXPECT_EQ(hum(-42), "");
  EXPECT_EQ(hum(-38), "hum");
}

TEST(Capture, HumThatIsAllTheNoiseIsNotAlsoNoise) {
  // 10 dB below the voice it is louder than any noise in the room.
  EXPECT_EQ(faults_with(sounds::sine(Hertz(50), timbre_rate, length, 0.045)), "hum");
}

TEST(Capture, ReverberantIsADecayOf450Milliseconds) {
  const auto in_room = [](double rt60) {
    DrawnTrack sung, sounding;  // each note rings on for as long as the singer is silent
    for (int i = 0; i < 5; ++i) {
      sung.jitter(12).hold(62 + 2 * i, 0.5).rest(1.5);
      sounding.jitter(12).level(-20).hold(62 + 2 * i, 0.5);
      for (int t = 0; t < 150; ++t)
        sounding.level(static_cast<float>(-20 - 0.6 * t / rt60)).hold(62 + 2 * i, 0.01);
    }
    return faults(captured(sung, recorded(sounding)));
  };
  EXPECT_EQ(in_room(0.40), "");  // estimates are good to a tenth
  EXPECT_EQ(in_room(0.50), "reverberant");
}

/// Music beside the singer, at a level below hers.
Samples chord(double below_db) {
  DrawnTrack low, middle, high;
  for (auto [track, midi] : {std::pair(&low, 58.0), std::pair(&middle, 62.0), std::pair(&high, 65.0)})
    track->level(static_cast<float>(-25 - below_db)).hold(midi, 10);
  return sounds::mixed(sounds::mixed(sounds::sound_of(low.frames(), timbre_rate),
                                     sounds::sound_of(middle.frames(), timbre_rate)),
                       sounds::sound_of(high.frames(), timbre_rate));
}

TEST(Capture, MusicInThePausesIsAnAccompanimentAndBlocksWhereTheVoiceDrowns) {
  EXPECT_EQ(faults_with(chord(30)), "accompaniment");
  EXPECT_TRUE(faults_with(chord(0)).starts_with("accompaniment!"));
}

TEST(Capture, MusicInFewPausesIsNoAccompaniment) {
  Samples music = chord(30);
  std::fill(music.begin(), music.end() - 16000 * 3 / 10, 0.0F);  // a jingle of 0.3 s at the end
  EXPECT_EQ(faults_with(music), "");
}

TEST(Capture, AnInstrumentHoldsItsPitchWithin5CentsAndNoVoiceDoes) {
  const auto wavering = [](double cents) {
    DrawnTrack drawn;
    for (int i = 0; i < 5; ++i) drawn.jitter(cents).hold(62 + 2 * i, 1).rest(1);
    return faults(captured(drawn));
  };
  EXPECT_EQ(wavering(1), "instrument!");
  EXPECT_EQ(wavering(12), "");
}

TEST(Capture, APureToneIsNoVoice) {
  DrawnTrack drawn;
  drawn.rest(1).jitter(12).hold(72, 3).rest(1);
  const Samples whistle = sounds::sound_of(drawn.frames(), timbre_rate, Hertz(600));  // one harmonic
  EXPECT_EQ(faults(captured(drawn, sounds::mixed(whistle, sounds::noise(timbre_rate, Seconds(5), 1e-5)))),
            "pure_tone!");
  EXPECT_EQ(faults(captured(drawn)), "");
}

TEST(Capture, SpeechBlocksOnlyWhereItIsSure) {
  const auto talking = [](int syllables, int notes) {
    DrawnTrack drawn;
    drawn.rest(0.5);
    for (int i = 0; i < syllables; ++i) drawn.line(55 + i % 3, 50 + i % 3, 0.2).rest(0.1);
    for (int i = 0; i < notes; ++i) drawn.jitter(12).hold(52, 0.5).rest(0.3);
    return captured(drawn.rest(0.5));
  };
  EXPECT_EQ(faults(talking(15, 0)), "speech!");
  EXPECT_EQ(faults(talking(0, 6)), "");
  EXPECT_EQ(faults(talking(15, 3)), "speech");  // a third of the voiced time is held
}

TEST(Capture, OneInvalidSampleIsTold) {
  EXPECT_EQ(faults(captured(phrases(), recording(), 0)), "");
  const CaptureQuality broken = captured(phrases(), recording(), 7);
  EXPECT_EQ(faults(broken), "invalid_samples");
  EXPECT_EQ(broken.advice.front().value, 7);
}

}  // namespace
}  // namespace orakgarak::voice
