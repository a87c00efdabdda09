#include "recordings.h"

#include <cstring>

#include "app/wav_file.h"
#include "commands/sounds.h"
#include "media/testing/recordings.h"
#include "voice/demo_singer.h"

namespace orakgarak::uploads {
namespace {

std::string text_of(const media::testing::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

const std::string& sung_wav() {
  static const std::string wav = app::wav_bytes(
      voice::sing(voice::VoiceType::tenor, voice::demo_melody(voice::VoiceType::tenor), Hertz(16000)).audio);
  return wav;
}

std::string sung_as(const std::vector<std::string>& words, const std::string& name) {
  return text_of(media::testing::encoded(media::testing::text_bytes(sung_wav()), words, name));
}
std::string by_ffmpeg(const std::vector<std::string>& words, const std::string& name) {
  return text_of(media::testing::made_by_ffmpeg(words, name));
}

std::string silent_wav(double seconds) { return commands::wav(commands::silence(seconds)); }
std::string spoken_wav() { return commands::wav(commands::speech(20)); }
std::string piano_wav() { return commands::wav(commands::piano(20)); }

std::string sung_over_a_piano_wav() {
  auto both =
      voice::sing(voice::VoiceType::tenor, voice::demo_melody(voice::VoiceType::tenor), Hertz(16000)).audio;
  const auto piano = commands::piano(20);
  const std::size_t late = 6400;
  for (std::size_t i = late; i < both.samples.size() && i - late < piano.size(); ++i)
    both.samples[i] += piano[i - late];
  return app::wav_bytes(both);
}

std::string long_wav(int seconds) {
  const auto tone = by_ffmpeg(
      {"-f", "lavfi", "-i", "sine=300:r=8000:d=" + std::to_string(seconds), "-c:a", "pcm_u8"}, "a.wav");
  return tone;
}

std::string lying_wav(unsigned data_bytes) {
  std::string wav = sung_wav();
  std::memcpy(wav.data() + 40, &data_bytes, sizeof data_bytes);
  return wav;
}

}  // namespace orakgarak::uploads
