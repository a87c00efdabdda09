// Speed of the voice core: five minutes of singing at 44.1 kHz in memory, one thread, resampling included.
// Prints times real time for pitch by autocorrelation alone and for the whole report, which rests on the
// network too (bench_network_speed is that alone), for each instruction set, by processor
// time, so that other work on the machine counts little. bench/voice_speed.py runs it beside other trackers.
//
//   bench_voice_speed [--runs N] [FILE]    FILE: mono float samples at 44.1 kHz without a header, in place of
//                                          the demo singer
//   bench_voice_speed --sing FILE          writes what the demo singer sings, for others to hear
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "samples.h"
#include "voice/engine.h"

using namespace orakgarak;
using namespace orakgarak::voice;

namespace {

constexpr Hertz rate(44100);
constexpr std::size_t block_samples = 65536;

struct Arguments {
  int runs = 5;
  std::string samples_file, sing_into;
  bool understood = true;
};

Arguments read_arguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--runs" && i + 1 < argc) {
      arguments.runs = std::atoi(argv[++i]);
    } else if (word == "--sing" && i + 1 < argc) {
      arguments.sing_into = argv[++i];
    } else if (!word.starts_with("--") && arguments.samples_file.empty()) {
      arguments.samples_file = word;
    } else {
      arguments.understood = false;
    }
  }
  arguments.understood = arguments.understood && arguments.runs > 0;
  return arguments;
}

double seconds_of_processor() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double times_real_time(std::span<const float> samples, const EngineOptions& options) {
  const double start = seconds_of_processor();
  auto engine = Engine::create(rate, options);
  for (auto left = samples; !left.empty(); left = left.subspan(std::min(block_samples, left.size())))
    engine->push(left.first(std::min(block_samples, left.size())));
  const VoiceReport report = engine->finish();
  const double took = seconds_of_processor() - start;
  return report.duration.value / took;
}

double median_times_real_time(std::span<const float> samples, const EngineOptions& options, int runs) {
  times_real_time(samples.first(samples.size() / 100), options);  // tables are made, code is loaded
  std::vector<double> all;
  for (int run = 0; run < runs; ++run) all.push_back(times_real_time(samples, options));
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
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

void print_speeds(const std::vector<float>& samples, int runs) {
  std::printf("%-10s %12s %12s   (x real time, median of %d)\n", "set", "pitch", "report", runs);
  for (InstructionSet set : available_instruction_sets())
    std::printf(
        "%-10s %12.0f %12.0f\n", name(set),
        median_times_real_time(samples, {.pitch_only = true, .network = false, .instruction_set = set}, runs),
        median_times_real_time(samples, {.instruction_set = set}, runs));
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = read_arguments(argc, argv);
  if (!arguments.understood) {
    std::fprintf(stderr, "usage: bench_voice_speed [--runs N] [FILE] | --sing FILE\n");
    return 2;
  }
  const std::vector<float> samples = arguments.samples_file.empty()
                                         ? bench::sing_five_minutes(rate)
                                         : bench::read_samples(arguments.samples_file);
  if (samples.empty()) {
    std::fprintf(stderr, "%s holds no samples\n", arguments.samples_file.c_str());
    return 3;
  }
  if (!arguments.sing_into.empty()) {
    if (bench::write_samples(arguments.sing_into, samples)) return 0;
    std::fprintf(stderr, "%s cannot be written\n", arguments.sing_into.c_str());
    return 3;
  }
  print_speeds(samples, arguments.runs);
}
