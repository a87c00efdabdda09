// Speed of the pitch network alone: samples at its own rate in memory, one thread. Prints times real time for
// each instruction set, by processor time. bench/network_speed.py runs it beside SwiftF0 as its package runs
// it.
//
//   bench_network_speed [--runs N] FILE     mono float samples at 16 kHz without a header
//   bench_network_speed --sing FILE         writes five minutes of the demo singer, for others to hear
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <vector>

#include "samples.h"
#include "voice/network.h"

using namespace orakgarak;
using namespace orakgarak::voice;

namespace {

double times_real_time(std::span<const float> samples, InstructionSet set) {
  const std::clock_t start = std::clock();
  std::size_t frames = 0;
  const auto count = [&](const NetworkFrame&) { ++frames; };
  Network network(set);
  network.push(samples, count);
  network.finish(count);
  const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  return static_cast<double>(frames) * network_hop / network_rate.value / took;
}

double median_times_real_time(std::span<const float> samples, InstructionSet set, int runs) {
  times_real_time(samples.first(samples.size() / 100), set);  // tables are made, code is loaded
  std::vector<double> all;
  for (int run = 0; run < runs; ++run) all.push_back(times_real_time(samples, set));
  std::ranges::sort(all);
  return all[all.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const char* names[] = {"baseline", "avx2", "avx512"};
  int runs = 1;
  int at = 1;
  const bool to_sing = argc > 1 && std::string_view(argv[1]) == "--sing";
  if (to_sing) ++at;
  if (argc > 2 && std::string_view(argv[1]) == "--runs") {
    runs = std::atoi(argv[2]);
    at += 2;
  }
  if (at + 1 != argc || runs < 1) {
    std::fprintf(stderr, "usage: bench_network_speed [--runs N] FILE | --sing FILE\n");
    return 2;
  }
  if (to_sing) {
    if (bench::write_samples(argv[at], bench::sing_five_minutes(network_rate))) return 0;
    std::fprintf(stderr, "%s cannot be written\n", argv[at]);
    return 3;
  }
  const std::vector<float> samples = bench::read_samples(argv[at]);
  if (samples.empty()) {
    std::fprintf(stderr, "%s holds no samples\n", argv[at]);
    return 3;
  }
  for (InstructionSet set : available_instruction_sets())
    std::printf("%s %.1f\n", names[static_cast<std::size_t>(set)],
                median_times_real_time(samples, set, runs));
}
