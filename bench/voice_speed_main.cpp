// Speed of the voice core: five minutes of song at 44.1 kHz in memory, one thread, resampling included.
// Prints times real time for pitch alone and for the whole report, for each instruction set.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

#include "voice/demo_singer.h"
#include "voice/engine.h"

using namespace orakgarak;
using namespace orakgarak::voice;

namespace {

constexpr double minutes = 5;
constexpr int runs = 5;

std::vector<float> song() {
  const AudioBuffer take = sing(VoiceType::tenor, demo_melody(VoiceType::tenor), Hertz(44100)).audio;
  std::vector<float> out;
  const auto wanted = static_cast<std::size_t>(minutes * 60 * 44100);
  while (out.size() < wanted) out.insert(out.end(), take.samples.begin(), take.samples.end());
  out.resize(wanted);
  return out;
}

double best_times_real_time(const std::vector<float>& samples, const EngineOptions& options) {
  double best = 0;
  for (int run = 0; run < runs; ++run) {
    const std::clock_t start = std::clock();  // processor time: other work on the machine does not count
    auto engine = Engine::create(Hertz(44100), options);
    for (std::size_t i = 0; i < samples.size(); i += 65536)
      engine->push(std::span(samples).subspan(i, std::min<std::size_t>(65536, samples.size() - i)));
    const VoiceReport report = engine->finish();
    const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    if (report.frames.empty()) return 0;
    best = std::max(best, minutes * 60 / took);
  }
  return best;
}

const char* name(InstructionSet set) {
  switch (set) {
    case InstructionSet::baseline:
      return "baseline";
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::avx512:
      return "avx512";
  }
  return "";
}

}  // namespace

int main() {
  const std::vector<float> samples = song();
  std::printf("%-10s %12s %12s   (x real time, best of %d)\n", "set", "pitch", "report", runs);
  for (InstructionSet set : available_instruction_sets())
    std::printf("%-10s %12.0f %12.0f\n", name(set),
                best_times_real_time(samples, {.pitch_only = true, .instruction_set = set}),
                best_times_real_time(samples, {.instruction_set = set}));
}
