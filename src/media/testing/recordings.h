#pragma once
// Recordings made at test time: WAV by hand, everything else by the ffmpeg command.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orakgarak::media::testing {

using Bytes = std::vector<std::byte>;

/// A folder of this test alone, removed at its end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

Bytes read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, std::span<const std::byte> bytes);
Bytes text_bytes(std::string_view text);

struct WavFields {
  std::uint16_t format = 1;  ///< 1 PCM, 3 float
  std::uint16_t channels = 1;
  std::uint32_t rate = 44100;
  std::uint16_t bits = 16;
  std::optional<std::uint32_t> data_bytes;  ///< what the header says; the truth if not given
};
Bytes wav(const WavFields& fields, std::span<const std::byte> data);
/// 32-bit float.
Bytes wav(std::span<const float> mono, std::uint32_t rate);

/// A rising tone between 200 and 1,500 Hz: every stretch of it sounds like no other, so that a shift shows.
std::vector<float> rising_tone(double seconds, std::uint32_t rate);

/// source (a WAV) as `ffmpeg -i source WORDS… name` makes it; extra inputs may be among the words.
Bytes encoded(const Bytes& source, const std::vector<std::string>& words, const std::string& name);
/// Any file that `ffmpeg WORDS… name` makes.
Bytes made_by_ffmpeg(const std::vector<std::string>& words, const std::string& name);

/// How `decoded` lies on `original`.
struct Likeness {
  int lag;        ///< samples by which `decoded` comes later
  double snr_db;  ///< at that lag
};
Likeness compare(std::span<const float> decoded, std::span<const float> original);

}  // namespace orakgarak::media::testing
