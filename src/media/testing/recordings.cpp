#include "media/testing/recordings.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <numbers>
#include <stdexcept>

namespace orakgarak::media::testing {
namespace {

void append(Bytes& to, std::string_view tag) {
  for (const char c : tag) to.push_back(static_cast<std::byte>(c));
}

void append(Bytes& to, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void run_ffmpeg(std::vector<std::string> words) {
  words.insert(words.begin(), {"ffmpeg", "-nostdin", "-v", "error", "-y"});
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  if (::posix_spawnp(&pid, "ffmpeg", nullptr, nullptr, argv.data(), environ) != 0)
    throw std::runtime_error("the ffmpeg command is missing; install it");
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0) throw std::runtime_error("ffmpeg failed to make " + words.back());
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "orakgarak-media-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Bytes read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(in)), {});
  return text_bytes(all);
}

void write_file(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

Bytes text_bytes(std::string_view text) {
  Bytes bytes;
  append(bytes, text);
  return bytes;
}

Bytes wav(const WavFields& fields, std::span<const std::byte> data) {
  const std::uint32_t block = fields.channels * fields.bits / 8U;
  const auto size = fields.data_bytes.value_or(static_cast<std::uint32_t>(data.size()));
  Bytes bytes;
  append(bytes, "RIFF");
  append(bytes, 36 + size, 4);
  append(bytes, "WAVEfmt ");
  append(bytes, 16, 4);
  append(bytes, fields.format, 2);
  append(bytes, fields.channels, 2);
  append(bytes, fields.rate, 4);
  append(bytes, fields.rate * block, 4);
  append(bytes, std::max(block, 1U), 2);
  append(bytes, fields.bits, 2);
  append(bytes, "data");
  append(bytes, size, 4);
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

Bytes wav(std::span<const float> mono, std::uint32_t rate) {
  return wav({.format = 3, .rate = rate, .bits = 32, .data_bytes = {}}, std::as_bytes(mono));
}

std::vector<float> rising_tone(double seconds, std::uint32_t rate) {
  std::vector<float> tone(static_cast<std::size_t>(seconds * rate));
  for (std::size_t i = 0; i < tone.size(); ++i) {
    const double t = static_cast<double>(i) / rate;
    tone[i] = static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * (200 + 650 * t / seconds) * t));
  }
  return tone;
}

Bytes encoded(const Bytes& source, const std::vector<std::string>& words, const std::string& name) {
  const TemporaryFolder folder;
  write_file(folder / "source.wav", source);
  std::vector<std::string> all{"-i", (folder / "source.wav").string()};
  all.insert(all.end(), words.begin(), words.end());
  all.push_back((folder / name).string());
  run_ffmpeg(all);
  return read_file(folder / name);
}

Bytes made_by_ffmpeg(const std::vector<std::string>& words, const std::string& name) {
  const TemporaryFolder folder;
  std::vector<std::string> all = words;
  all.push_back((folder / name).string());
  run_ffmpeg(all);
  return read_file(folder / name);
}

Likeness compare(std::span<const float> decoded, std::span<const float> original) {
  constexpr int most_lag = 3000;         // more than any codec's delay
  constexpr std::size_t window = 16384;  // enough of the rising tone to be unmistakable
  const std::size_t from = original.size() / 2;
  const auto at = [](std::span<const float> samples, std::size_t i) {
    return i < samples.size() ? samples[i] : 0.0F;
  };
  Likeness best{0, -1e9};
  double best_sum = -1e9;
  for (int lag = -most_lag; lag <= most_lag; ++lag) {
    double sum = 0;
    for (std::size_t i = from; i < from + window; i += 4)
      sum += static_cast<double>(at(decoded, i + static_cast<std::size_t>(lag))) * at(original, i);
    if (sum > best_sum) {
      best_sum = sum;
      best.lag = lag;
    }
  }
  double signal = 0, noise = 1e-30;
  for (std::size_t i = most_lag; i + most_lag < original.size(); ++i) {
    const double difference =
        static_cast<double>(at(decoded, i + static_cast<std::size_t>(best.lag))) - original[i];
    signal += static_cast<double>(original[i]) * original[i];
    noise += difference * difference;
  }
  best.snr_db = 10 * std::log10(signal / noise);
  return best;
}

}  // namespace orakgarak::media::testing
