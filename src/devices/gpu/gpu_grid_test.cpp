// The GPU itself, where there is one.
#include "devices/gpu/gpu_grid.h"

#include <gmock/gmock.h>

#include <cstring>

#include "voice/demo_singer.h"
#include "voice/testing/host_grid.h"

namespace orakgarak::devices {
namespace {

TEST(Gpu, IsThereOrSaysWhyNot) {
  const auto gpu = open_gpu();
  if (gpu) {
    EXPECT_GT((*gpu)->memory_bytes(), 0U);
    EXPECT_FALSE((*gpu)->name().empty());
    return;
  }
  EXPECT_EQ(gpu.error().code, "no_gpu");
  EXPECT_THAT(gpu.error().detail, testing::HasSubstr("the processor hears every take"));
}

#ifdef ORAK_CUDA
TEST(Gpu, HearsTheSameBitsAsTheProcessor) {
  const auto gpu = open_gpu();
  if (!gpu) GTEST_SKIP() << gpu.error().detail;
  const auto melody = voice::demo_melody(voice::VoiceType::tenor);
  const auto samples = voice::sing(voice::VoiceType::tenor, melody, voice::network_rate).audio.samples;
  std::vector<voice::NetworkFrame> mine, its;
  voice::NetworkInChunks on_gpu([&](const voice::NetworkChunk& chunk, std::span<voice::NetworkFrame> out) {
    // The same chunk three times: a tile of many takes.
    const voice::NetworkChunk* const chunks[] = {&chunk, &chunk, &chunk};
    std::vector<voice::NetworkFrame> first(out.size()), second(out.size());
    const std::span<voice::NetworkFrame> outs[] = {first, second, out};
    const auto tile = voice::lay_out_tile(chunks);
    std::vector<voice::NetworkFrame> frames(tile.centres.size());
    std::string why;
    ASSERT_EQ((*gpu)->run(tile, frames, why), NetworkGrid::Ran::done) << why;
    voice::pick_kept(chunks, frames, outs);
    EXPECT_EQ(std::memcmp(first.data(), out.data(), out.size_bytes()), 0);
    EXPECT_EQ(std::memcmp(second.data(), out.data(), out.size_bytes()), 0);
  });
  voice::Network processor;
  const auto keep = [](std::vector<voice::NetworkFrame>& to) {
    return [&to](const voice::NetworkFrame& frame) { to.push_back(frame); };
  };
  on_gpu.push(samples, keep(mine));
  on_gpu.finish(keep(mine));
  processor.push(samples, keep(its));
  processor.finish(keep(its));
  ASSERT_EQ(mine.size(), its.size());
  for (std::size_t t = 0; t < mine.size(); ++t)
    ASSERT_EQ(std::memcmp(&mine[t], &its[t], sizeof(voice::NetworkFrame)), 0) << t;
}
#endif

}  // namespace
}  // namespace orakgarak::devices
