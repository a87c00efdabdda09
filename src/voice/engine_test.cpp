#include "voice/engine.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "voice/demo_singer.h"
#include "voice/network_tiles.h"

namespace orakgarak::voice {
namespace {

const AudioBuffer& tenor() {
  static const AudioBuffer audio = [] {
    auto melody = demo_melody(VoiceType::tenor);
    melody.resize(std::min<std::size_t>(melody.size(), 8));
    return sing(VoiceType::tenor, melody, Hertz(16000)).audio;
  }();
  return audio;
}

VoiceReport report_in_cuts(std::size_t first_cut) {
  Engine engine = *Engine::create(tenor().rate);
  std::span<const float> rest = tenor().samples;
  for (std::size_t cut = first_cut; !rest.empty(); cut = cut * 31 % 4099 + 1) {
    engine.push(rest.first(std::min(cut, rest.size())));
    rest = rest.subspan(std::min(cut, rest.size()));
  }
  return engine.finish();
}

TEST(Engine, ReportDoesNotDependOnTheCuts) {
  const VoiceReport whole = report_in_cuts(tenor().samples.size()), pieces = report_in_cuts(1);
  ASSERT_EQ(whole.frames.size(), pieces.frames.size());
  for (std::size_t i = 0; i < whole.frames.size(); ++i) {
    ASSERT_EQ(whole.frames[i].f0.value, pieces.frames[i].f0.value) << i;
    ASSERT_EQ(whole.frames[i].confidence, pieces.frames[i].confidence) << i;
    ASSERT_EQ(whole.frames[i].level_db, pieces.frames[i].level_db) << i;
  }
  EXPECT_EQ(whole.tessitura.seconds, pieces.tessitura.seconds);
  ASSERT_TRUE(whole.range.highest && pieces.range.highest);
  EXPECT_EQ(whole.range.highest->pitch, pieces.range.highest->pitch);
  EXPECT_EQ(whole.notes.notes.size(), pieces.notes.notes.size());
}

TEST(Engine, LiveFramesComeAtMost80MillisecondsAfterTheirSound) {
  Engine engine = *Engine::create(tenor().rate, {.live = true});
  std::size_t frames = 0, voiced = 0;
  for (std::size_t i = 0; i < 32000; ++i) {  // two seconds, sample by sample
    for (const PitchFrame& f : engine.push(std::span(tenor().samples).subspan(i, 1))) {
      ++frames;
      voiced += f.voiced();
    }
    const double now = static_cast<double>(i + 1) / 16000;
    if (now > 0.080) {
      ASSERT_GE(static_cast<double>(frames), (now - 0.080) / frame_hop.value) << "after " << now << " s";
    }
  }
  EXPECT_GT(voiced, 50U);
}

TEST(Engine, InvalidSamplesCountAsSilence) {
  std::vector<float> broken(tenor().samples), zeroed(tenor().samples);
  for (std::size_t i = 100; i < broken.size(); i += 1000) {
    constexpr float invalid[] = {std::numeric_limits<float>::quiet_NaN(),
                                 -std::numeric_limits<float>::infinity(), 1.1e6F};
    broken[i] = invalid[i / 1000 % 3];
    zeroed[i] = 0;
  }
  Engine a = *Engine::create(tenor().rate), b = *Engine::create(tenor().rate);
  a.push(broken);
  b.push(zeroed);
  const VoiceReport got = a.finish(), expected = b.finish();
  for (std::size_t i = 0; i < expected.frames.size(); ++i)
    ASSERT_EQ(got.frames[i].f0.value, expected.frames[i].f0.value) << i;
}

TEST(Engine, DigitalSilenceAfterAToneHasNoPitch) {
  // The offset filter rings on below the smallest normal float for half a second; the ratios of those numbers
  // are not numbers.
  std::vector<float> tone(3 * 8000);
  for (std::size_t i = 0; i < 8000; ++i) tone[i] = static_cast<float>(i % 40) / 40 - 0.5F;
  Engine engine = *Engine::create(Hertz(8000), {.live = true});
  for (const PitchFrame& f : engine.push(tone)) EXPECT_FALSE(f.f0.value != f.f0.value);
  const VoiceReport report = engine.finish();
  EXPECT_NEAR(report.frames[50].f0.value, 200, 0.5);
  for (std::size_t i = 110; i < report.frames.size(); ++i) EXPECT_FALSE(report.frames[i].voiced()) << i;
}

TEST(Engine, RefusesRatesItCannotUse) {
  for (double rate : {0.0, 7999.0, 384001.0, 1e6, 44100.5, std::numeric_limits<double>::quiet_NaN()}) {
    const auto engine = Engine::create(Hertz(rate));
    ASSERT_FALSE(engine) << rate;
    EXPECT_EQ(engine.error().code, "sample_rate");
  }
  EXPECT_TRUE(Engine::create(Hertz(8000)));
  EXPECT_TRUE(Engine::create(Hertz(384000)));
}

TEST(Engine, AnEmptyTakeIsNoSinging) {
  Engine engine = *Engine::create(Hertz(48000));
  const VoiceReport report = engine.finish();
  ASSERT_FALSE(report.range.lowest);
  EXPECT_EQ(report.range.lowest.error(), RangeDecline::not_singing);
}

TEST(Engine, EveryInstructionSetGivesTheSameReport) {
  std::vector<VoiceReport> reports;
  for (InstructionSet set : available_instruction_sets()) {
    Engine engine = *Engine::create(tenor().rate, {.instruction_set = set});
    engine.push(tenor().samples);
    reports.push_back(engine.finish());
  }
  for (const VoiceReport& r : reports)
    for (std::size_t i = 0; i < r.frames.size(); ++i) {
      ASSERT_EQ(r.frames[i].f0.value, reports[0].frames[i].f0.value) << i;
      ASSERT_EQ(r.frames[i].periodicity, reports[0].frames[i].periodicity) << i;
    }
}

TEST(Engine, TheReportDoesNotDependOnTheWayThroughTheNetwork) {
  int ways = 0;
  Engine usual = *Engine::create(tenor().rate),
         other = *Engine::create(tenor().rate, {.network_maker = [&] {
                                   ++ways;
                                   return std::make_unique<NetworkInChunks>(hear_on_processor, 100);
                                 }});
  usual.push(tenor().samples);
  other.push(tenor().samples);
  const VoiceReport a = usual.finish(), b = other.finish();
  EXPECT_EQ(ways, 1);
  ASSERT_EQ(a.frames.size(), b.frames.size());
  for (std::size_t i = 0; i < a.frames.size(); ++i) {
    ASSERT_EQ(a.frames[i].f0.value, b.frames[i].f0.value) << i;
    ASSERT_EQ(a.frames[i].confidence, b.frames[i].confidence) << i;
    ASSERT_EQ(a.frames[i].judge, b.frames[i].judge) << i;
  }
}

}  // namespace
}  // namespace orakgarak::voice
