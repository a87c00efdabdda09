// Speed of taking a known backing out of a take, beside the analysis of the same take: five minutes of the
// demo singer over chords that come back late, 60 ppm fast and through a room, in memory, one thread, by
// processor time. Ends with 1 when a promise is broken.
#include <cstdio>
#include <ctime>
#include <vector>

#include "voice/backing.h"
#include "voice/engine.h"
#include "voice/testing/backing.h"

using namespace orakgarak;
using namespace orakgarak::voice;

namespace {

constexpr double seconds = 300, least_times_real = 20;
constexpr Hertz rate(backing_rate);

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::vector<float> sing_five_minutes() {
  std::vector<float> samples;
  for (std::uint32_t seed = 1; samples.size() < seconds * backing_rate; ++seed) {
    const auto take = sing(VoiceType::tenor, demo_melody(VoiceType::tenor), rate, seed).audio.samples;
    samples.insert(samples.end(), take.begin(), take.end());
  }
  samples.resize(static_cast<std::size_t>(seconds * backing_rate));
  return samples;
}

}  // namespace

int main() {
  const auto voice = sing_five_minutes();
  const auto backing = band(Seconds(seconds));
  auto take = sounds::mixed(
      voice, played(backing, {.lag = -0.137 * backing_rate, .drift = 60e-6, .level = 0.1}, voice.size()));
  double begun = processor_seconds();
  const auto echo = find_backing_echo(take, backing);
  if (!echo) {
    std::printf("the backing was not found: %s\n", echo.error().detail.c_str());
    return 1;
  }
  EchoSubtractor(rate, echo->samples).run(take);
  const double removing = processor_seconds() - begun;

  auto engine = Engine::create(rate);
  begun = processor_seconds();
  engine->push(take);
  const auto report = engine->finish();
  const double analysing = processor_seconds() - begun;

  std::printf(
      "| taking a known backing out ≥ %.0f × | %.0f × real time, %.0f dB gone | %.1f times the %.0f × "
      "analysis "
      "that follows |\n",
      least_times_real, seconds / removing, echo->removed.value, removing / analysing, seconds / analysing);
  return seconds / removing < least_times_real || !report.range.lowest;
}
