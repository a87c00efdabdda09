// The GPU's arithmetic, thread by thread on the host, beside the pass of the processor: bit for bit.
#include "voice/network_grid.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>

#include "voice/demo_singer.h"
#include "voice/network_tiles.h"
#include "voice/testing/host_grid.h"
#include "voice/testing/sounds.h"

namespace orakgarak::voice {
namespace {

using Samples = std::vector<float>;

std::vector<NetworkFrame> all_of(NetworkRun& run, std::span<const float> samples, std::size_t cut = 100000) {
  std::vector<NetworkFrame> out;
  const auto keep = [&](const NetworkFrame& f) { out.push_back(f); };
  for (; !samples.empty(); samples = samples.subspan(std::min(cut, samples.size())))
    run.push(samples.first(std::min(cut, samples.size())), keep);
  run.finish(keep);
  return out;
}

std::vector<NetworkFrame> heard(std::span<const float> samples) {
  Network network;
  return all_of(network, samples);
}

void hear_on_grid(std::span<const NetworkChunk* const> chunks, std::span<const std::span<NetworkFrame>> out) {
  static const HostGrid grid;
  const NetworkTile tile = lay_out_tile(chunks);
  std::vector<NetworkFrame> frames(tile.centres.size());
  grid.run(tile, frames);
  pick_kept(chunks, frames, out);
}

std::vector<NetworkFrame> heard_on_grid(std::span<const float> samples,
                                        std::int64_t most_frames = chunk_frames, std::size_t cut = 100000) {
  NetworkInChunks run(
      [](const NetworkChunk& chunk, std::span<NetworkFrame> out) {
        const NetworkChunk* const chunks[] = {&chunk};
        const std::span<NetworkFrame> outs[] = {out};
        hear_on_grid(chunks, outs);
      },
      most_frames);
  return all_of(run, samples, cut);
}

void expect_same_bits(const std::vector<NetworkFrame>& a, const std::vector<NetworkFrame>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t t = 0; t < a.size(); ++t)
    ASSERT_EQ(std::memcmp(&a[t], &b[t], sizeof(NetworkFrame)), 0) << "frame " << t << " of " << a.size();
}

Samples part_of_demo(VoiceType voice, std::size_t first, std::size_t count) {
  const auto take = sing(voice, demo_melody(voice), network_rate).audio.samples;
  return {take.begin() + static_cast<std::ptrdiff_t>(first),
          take.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

TEST(NetworkGrid, HearsTheSameBitsAsTheNetwork) {
  for (const Samples& take : {part_of_demo(VoiceType::tenor, 8000, 40000),
                              sounds::mixed(part_of_demo(VoiceType::alto, 20000, 20000),
                                            sounds::noise(network_rate, Seconds(1.25), 0.3))})
    expect_same_bits(heard_on_grid(take), heard(take));
}

TEST(NetworkGrid, WhatIsFarTooLoudIsCutAlike) {
  auto take = part_of_demo(VoiceType::tenor, 8000, 12000);
  for (float& s : take) s *= 1000;
  expect_same_bits(heard_on_grid(take), heard(take));
}

TEST(NetworkGrid, TheTakesOfATileDoNotHearEachOther) {
  const std::vector<Samples> takes{part_of_demo(VoiceType::tenor, 8000, 5000), Samples{}, Samples(300, 0.5F),
                                   part_of_demo(VoiceType::alto, 9000, 256 * 20 + 255), Samples(4000)};
  // Each take is one chunk, kept until all are there.
  std::vector<Samples> samples;
  std::vector<NetworkChunk> chunks;
  for (const Samples& take : takes) {
    NetworkInChunks run([&](const NetworkChunk& chunk, std::span<NetworkFrame>) {
      samples.emplace_back(chunk.samples.begin(), chunk.samples.end());
      chunks.push_back(chunk);
    });
    all_of(run, take);
  }
  std::vector<const NetworkChunk*> all;
  std::vector<std::vector<NetworkFrame>> frames;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    chunks[i].samples = samples[i];
    all.push_back(&chunks[i]);
    frames.emplace_back(static_cast<std::size_t>(chunks[i].keep));
  }
  ASSERT_EQ(chunks.size(), takes.size());
  hear_on_grid(all, std::vector<std::span<NetworkFrame>>(frames.begin(), frames.end()));
  for (std::size_t i = 0; i < takes.size(); ++i) expect_same_bits(frames[i], heard(takes[i]));
}

TEST(NetworkGrid, TheFramesDependOnNoChunkAndNoCut) {
  const auto take = part_of_demo(VoiceType::tenor, 8000, 256 * 70 + 9);
  const auto whole = heard(take);
  for (const std::int64_t most :
       {2 * network_context + 1, std::int64_t{33}, std::int64_t{70}, std::int64_t{71}})
    expect_same_bits(heard_on_grid(take, most), whole);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{255}, std::size_t{4097}})
    expect_same_bits(heard_on_grid(take, 33, cut), whole);
}

TEST(NetworkInChunks, OverTheProcessorGivesTheSameBits) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{511}, std::size_t{4000},
                                  std::size_t{256 * 70 + 255}, std::size_t{256 * 71}})
    for (const std::int64_t most :
         {2 * network_context + 1, std::int64_t{33}, std::int64_t{70}, chunk_frames}) {
      const auto take = part_of_demo(VoiceType::alto, 9000, count);
      NetworkInChunks run(hear_on_processor, most);
      expect_same_bits(all_of(run, take), heard(take));
    }
}

TEST(NetworkTiles, HaveTheRoomThatTheyTake) {
  for (const std::int64_t count : {1, 3}) {
    const Samples longest(static_cast<std::size_t>((chunk_frames - 1) * network_hop) + 2048);
    const NetworkChunk chunk{.samples = longest, .frames = chunk_frames};
    const std::vector<const NetworkChunk*> chunks(static_cast<std::size_t>(count), &chunk);
    const NetworkTile tile = lay_out_tile(chunks);
    grid::Work work;
    EXPECT_EQ(grid::lay_out(work, nullptr, std::ssize(tile.centres), std::ssize(tile.samples)),
              tile_bytes(count));
  }
}

}  // namespace
}  // namespace orakgarak::voice
