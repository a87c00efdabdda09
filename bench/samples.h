#pragma once
// What the benchmarks of the voice core hear: five minutes of the demo singer, or a file of 32-bit samples.
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "voice/demo_singer.h"

namespace orakgarak::bench {

/// Six voices in turn, each time another performance: the same singing as in bench/wasm_speed.mjs.
inline std::vector<float> sing_five_minutes(Hertz rate) {
  using voice::VoiceType;
  constexpr VoiceType voices[] = {VoiceType::bass, VoiceType::baritone, VoiceType::tenor,
                                  VoiceType::alto, VoiceType::mezzo,    VoiceType::soprano};
  const auto wanted = static_cast<std::size_t>(5 * 60 * rate.value);
  std::vector<float> samples;
  for (std::uint32_t i = 0; samples.size() < wanted; ++i) {
    const VoiceType voice = voices[i % std::size(voices)];
    const AudioBuffer take = voice::sing(voice, voice::demo_melody(voice), rate, i + 1).audio;
    samples.insert(samples.end(), take.samples.begin(), take.samples.end());
  }
  samples.resize(wanted);
  return samples;
}

/// Empty where the file cannot be read.
inline std::vector<float> read_samples(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  std::vector<float> samples(static_cast<std::size_t>(file.tellg()) / sizeof(float));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(samples.data()),
            static_cast<std::streamsize>(samples.size() * sizeof(float)));
  return samples;
}

inline bool write_samples(const std::string& path, const std::vector<float>& samples) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(samples.data()),
             static_cast<std::streamsize>(samples.size() * sizeof(float)));
  return static_cast<bool>(file.flush());
}

}  // namespace orakgarak::bench
