// Takes an hour through the pitch network: a GPU that 16 threads share (devices/gpu) beside two threads of
// the processor. Every take is five minutes of the demo singer at 16 kHz in memory. Says so where there is no
// GPU.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

#include "devices/gpu/grid_network.h"
#include "devices/shared_device.h"
#include "samples.h"

using namespace orakgarak;

namespace {

double takes_an_hour(int threads, int takes, const voice::NetworkMaker& maker,
                     const std::vector<float>& samples) {
  const auto start = std::chrono::steady_clock::now();
  {
    std::atomic<int> left = takes;
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i)
      all.emplace_back([&] {
        while (left-- > 0) {
          const auto run = maker();
          const auto drop = [](const voice::NetworkFrame&) {};
          run->push(samples, drop);
          run->finish(drop);
        }
      });
  }
  return takes * 3600 / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main() {
  const auto gpu = devices::open_gpu();
  if (!gpu) {
    std::printf("not measured: %s\n", gpu.error().detail.c_str());
    return 0;
  }
  const auto memory =
      devices::open_device({.file = {}, .name = (*gpu)->name(), .budget = (*gpu)->memory_bytes() / 2});
  if (!memory) {
    std::printf("not measured: %s\n", memory.error().detail.c_str());
    return 3;
  }
  devices::GridNetwork network({.grid = **gpu, .memory = **memory});
  const std::vector<float> samples = bench::sing_five_minutes(voice::network_rate);
  const voice::NetworkMaker processor = [] { return std::make_unique<voice::Network>(); };
  takes_an_hour(devices::most_chunks, devices::most_chunks, network.maker(), samples);  // it is warm
  const double on_gpu = takes_an_hour(devices::most_chunks, 160, network.maker(), samples);
  const double on_processor = takes_an_hour(2, 10, processor, samples);
  const auto counts = network.counts();
  std::printf(
      "%s: %.0f takes an hour, %.1f chunks a tile, %llu chunks over the processor\n", (*gpu)->name().c_str(),
      on_gpu,
      static_cast<double>(counts.on_grid) / static_cast<double>(std::max<std::uint64_t>(1, counts.tiles)),
      static_cast<unsigned long long>(counts.on_processor));
  std::printf("two threads of the processor: %.0f takes an hour\nratio %.1f\n", on_processor,
              on_gpu / on_processor);
}
