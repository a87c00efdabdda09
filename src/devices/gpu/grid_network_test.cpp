#include "devices/gpu/grid_network.h"

#include <gmock/gmock.h>

#include <atomic>
#include <cstring>
#include <latch>
#include <thread>

#include "devices/shared_device.h"
#include "voice/demo_singer.h"
#include "voice/testing/host_grid.h"

namespace orakgarak::devices {
namespace {

using voice::NetworkFrame;

/// A grid of the host's loops, with the faults of a GPU.
class LoopGrid final : public NetworkGrid {
 public:
  std::size_t room = most_chunks;      ///< chunks; larger tiles run out of memory
  std::atomic<int> fails_after{1000};  ///< tiles
  std::function<void()> before = [] {};

  std::string name() const override { return "loops"; }
  std::uint64_t memory_bytes() const override { return voice::tile_bytes(most_chunks); }
  Ran run(const voice::NetworkTile& tile, std::span<NetworkFrame> frames, std::string& why) override {
    before();
    const auto chunks = static_cast<std::size_t>(std::ranges::count(tile.centres, -1)) - 1;
    most = std::max(most, chunks);
    if (chunks > room) return Ran::out_of_memory;
    if (--fails_after < 0) {
      why = "an illegal memory access was encountered";
      return Ran::failed;
    }
    loops_.run(tile, frames);
    return Ran::done;
  }
  std::size_t most = 0;  ///< chunks that came at once

 private:
  voice::HostGrid loops_;
};

std::unique_ptr<uploads::Device> device_of(std::uint64_t bytes) {
  return *open_device({.file = {}, .name = "loops", .budget = bytes});
}

std::vector<float> take(int number) {
  const auto melody = voice::demo_melody(voice::VoiceType::tenor);
  static const auto sung = voice::sing(voice::VoiceType::tenor, melody, voice::network_rate).audio.samples;
  return {sung.begin() + number * 3000, sung.begin() + number * 3000 + 6000 + number * 100};
}

std::vector<NetworkFrame> hear(voice::NetworkRun& run, std::span<const float> samples) {
  std::vector<NetworkFrame> out;
  const auto keep = [&](const NetworkFrame& frame) { out.push_back(frame); };
  run.push(samples, keep);
  run.finish(keep);
  return out;
}

/// Takes 0 to `count` on as many threads: whether each has the bits of the processor.
bool all_have_the_processors_bits(GridNetwork& network, int count) {
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int number = 0; number < count; ++number)
      threads.emplace_back([&, number] {
        const auto samples = take(number);
        voice::Network processor;
        const auto mine = hear(*network.maker()(), samples), its = hear(processor, samples);
        if (mine.size() == its.size() &&
            std::memcmp(mine.data(), its.data(), mine.size() * sizeof(NetworkFrame)) == 0)
          ++right;
      });
  }
  return right == count;
}

TEST(GridNetwork, TakesOfManyThreadsHaveTheProcessorsBits) {
  LoopGrid grid;
  const auto device = device_of(grid.memory_bytes());
  GridNetwork network({.grid = grid, .memory = *device});
  EXPECT_TRUE(all_have_the_processors_bits(network, 5));
  const auto counts = network.counts();
  EXPECT_EQ(counts.on_grid, 5U);
  EXPECT_EQ(counts.on_processor, 0U);
  EXPECT_LE(counts.tiles, 5U);
}

TEST(GridNetwork, WhatWaitsWhileATileRunsGoesIntoTheNextTogether) {
  LoopGrid grid;
  const auto device = device_of(grid.memory_bytes());
  GridNetwork network({.grid = grid, .memory = *device});
  grid.before = [&, first = true]() mutable {
    // The first tile holds its own chunk or a few; it runs until all the others wait.
    if (std::exchange(first, false))
      while (network.counts().waiting < 5) std::this_thread::yield();
  };
  EXPECT_TRUE(all_have_the_processors_bits(network, 5));
  EXPECT_LE(network.counts().tiles, 2U);
  EXPECT_GE(grid.most, 3U);
}

TEST(GridNetwork, ATileThatRunsOutOfMemoryIsTriedSmaller) {
  LoopGrid grid;
  grid.room = 1;
  const auto device = device_of(grid.memory_bytes());
  GridNetwork network({.grid = grid, .memory = *device});
  grid.before = [&, first = true]() mutable {
    if (std::exchange(first, false))
      while (network.counts().waiting < 4) std::this_thread::yield();
  };
  EXPECT_TRUE(all_have_the_processors_bits(network, 4));
  EXPECT_EQ(network.counts().on_grid, 4U);
  EXPECT_GE(device->state()->ran_out, 1U);
  EXPECT_EQ(device->state()->granted, 0U);
}

TEST(GridNetwork, ATileTakesWhatTheBudgetHolds) {
  LoopGrid grid;
  const auto device = device_of(voice::tile_bytes(2));
  GridNetwork network({.grid = grid, .memory = *device});
  EXPECT_TRUE(all_have_the_processors_bits(network, 5));
  EXPECT_EQ(network.counts().on_grid, 5U);
  EXPECT_LE(grid.most, 2U);
}

TEST(GridNetwork, WhereNoTileFitsTheProcessorHears) {
  LoopGrid grid;
  const auto device = device_of(voice::tile_bytes(1) - 1);
  GridNetwork network({.grid = grid, .memory = *device});
  EXPECT_TRUE(all_have_the_processors_bits(network, 3));
  EXPECT_EQ(network.counts().on_processor, 3U);
}

TEST(GridNetwork, AGridThatFailedIsNotAskedAgainAndComplainedOfOnce) {
  LoopGrid grid;
  grid.fails_after = 1;
  const auto device = device_of(grid.memory_bytes());
  std::vector<Error> said;
  GridNetwork network(
      {.grid = grid, .memory = *device, .complain = [&](const Error& error) { said.push_back(error); }});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(all_have_the_processors_bits(network, 1));
  EXPECT_EQ(network.counts().on_grid, 1U);
  EXPECT_EQ(network.counts().on_processor, 3U);
  EXPECT_EQ(grid.fails_after, -1);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].code, "gpu_failed");
  EXPECT_THAT(said[0].detail, testing::HasSubstr("illegal memory access"));
}

}  // namespace
}  // namespace orakgarak::devices
