#include "app/wav_file.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace orakgarak::app {
namespace {

void append(std::string& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
}

}  // namespace

std::string wav_bytes(const AudioBuffer& audio) {
  const auto rate = static_cast<std::uint32_t>(std::lround(audio.rate.value));
  const auto data_bytes = static_cast<std::uint32_t>(audio.samples.size() * 2);
  std::string bytes;
  bytes.reserve(44 + data_bytes);
  bytes += "RIFF";
  append(bytes, 36 + data_bytes, 4);
  bytes += "WAVEfmt ";
  append(bytes, 16, 4);
  append(bytes, 1, 2);  // integer PCM
  append(bytes, 1, 2);  // channels
  append(bytes, rate, 4);
  append(bytes, rate * 2, 4);
  append(bytes, 2, 2);
  append(bytes, 16, 2);
  bytes += "data";
  append(bytes, data_bytes, 4);
  for (const float sample : audio.samples)
    append(bytes, static_cast<std::uint16_t>(std::lround(std::clamp(sample, -1.0f, 1.0f) * 32767)), 2);
  return bytes;
}

}  // namespace orakgarak::app
