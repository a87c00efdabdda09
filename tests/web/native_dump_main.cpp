// What the native core makes of samples, for comparison with WebAssembly.
//   native_dump sing VOICE RATE SEED        f32 samples of the demo singer
//   native_dump analyse RATE CHUNK          reads f32 samples from standard input, pushes CHUNK at a time (0
//   = all
//                                           at once; more than 0 also makes provisional frames), and writes
//                                           four u32 counts (provisional frames, frames, numbers, bytes of
//                                           codes), then each of these
//   native_dump network [plain]             reads f32 samples at 16 kHz, and writes what the pitch network
//   hears:
//                                           96 f32 a frame (95 likelihoods, voicing)
//   native_dump songs [SONG]                reads four u32 counts (numbers and bytes of texts of a catalogue,
//                                           and of a request: song_packet.h) and then each of these; writes
//                                           two u32 counts (numbers, bytes of codes) and the answer, of one
//                                           song in all keys where SONG is its index
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "report_packet.h"
#include "song_packet.h"
#include "voice/demo_singer.h"
#include "voice/engine.h"
#include "voice/network_reference.h"

namespace {

using namespace orakgarak;

template <class T>
bool put(std::span<const T> values) {
  return values.empty() || std::fwrite(values.data(), sizeof(T), values.size(), stdout) == values.size();
}

std::vector<float> read_samples() {
  std::vector<float> samples;
  std::array<float, 65536> part;
  while (std::size_t got = std::fread(part.data(), sizeof(float), part.size(), stdin))
    samples.insert(samples.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(got));
  return samples;
}

int sing(unsigned voice_type, double rate, std::uint32_t seed) {
  if (voice_type > static_cast<unsigned>(voice::VoiceType::soprano)) return 2;
  auto type = static_cast<voice::VoiceType>(voice_type);
  auto take = voice::sing(type, voice::demo_melody(type), Hertz(rate), seed);
  return put(std::span<const float>(take.audio.samples)) ? 0 : 1;
}

int analyse(double rate, std::size_t chunk) {
  auto engine = voice::Engine::create(Hertz(rate), {.live = chunk > 0});
  if (!engine) {
    std::fprintf(stderr, "%s\n", engine.error().detail.c_str());
    return 2;
  }
  std::vector<float> samples = read_samples();
  std::vector<voice::PitchFrame> provisional;
  std::span<const float> rest(samples);
  while (!rest.empty()) {
    std::size_t count = chunk == 0 ? rest.size() : std::min(chunk, rest.size());
    auto known = engine->push(rest.first(count));
    provisional.insert(provisional.end(), known.begin(), known.end());
    rest = rest.subspan(count);
  }
  voice::VoiceReport report = engine->finish();
  web::ReportPacket packet = web::pack(report);
  const std::uint32_t counts[] = {
      static_cast<std::uint32_t>(provisional.size()), static_cast<std::uint32_t>(report.frames.size()),
      static_cast<std::uint32_t>(packet.numbers.size()), static_cast<std::uint32_t>(packet.codes.size())};
  bool written = put(std::span<const std::uint32_t>(counts)) &&
                 put(std::span<const voice::PitchFrame>(provisional)) &&
                 put(std::span<const voice::PitchFrame>(report.frames)) &&
                 put(std::span<const double>(packet.numbers)) && put(std::span<const char>(packet.codes));
  return written ? 0 : 1;
}

bool put(const voice::NetworkFrame& frame) {
  return put(std::span<const float>(frame.likelihood)) && put(std::span<const float>(&frame.voicing, 1));
}

int hear(bool plainly) {
  const std::vector<float> samples = read_samples();
  bool written = true;
  const auto write = [&](const voice::NetworkFrame& frame) { written = put(frame) && written; };
  if (plainly) {
    for (const voice::NetworkFrame& frame : voice::run_network_plainly(samples)) write(frame);
  } else {
    voice::Network network;
    network.push(samples, write);
    network.finish(write);
  }
  return written ? 0 : 1;
}

template <class T>
bool get(std::span<T> values) {
  return values.empty() || std::fread(values.data(), sizeof(T), values.size(), stdin) == values.size();
}

int choose_songs(const char* song) {
  std::array<std::uint32_t, 4> counts{};
  if (!get(std::span<std::uint32_t>(counts))) return 2;
  std::vector<double> songs(counts[0]), request(counts[2]);
  std::string song_texts(counts[1], '\0'), request_texts(counts[3], '\0');
  if (!get(std::span<double>(songs)) || !get(std::span<char>(song_texts)) ||
      !get(std::span<double>(request)) || !get(std::span<char>(request_texts)))
    return 2;
  auto all = web::unpack_songs(songs, song_texts);
  if (!all) return 2;
  const auto matcher = songs::Matcher::create(*std::move(all));
  const auto answer =
      song == nullptr ? web::match_packet(matcher, request, request_texts)
                      : web::keys_packet(matcher, std::strtoul(song, nullptr, 10), request, request_texts);
  if (!answer) {
    std::fprintf(stderr, "%s\n", answer.error().detail.c_str());
    return 2;
  }
  const std::uint32_t sizes[] = {static_cast<std::uint32_t>(answer->numbers.size()),
                                 static_cast<std::uint32_t>(answer->codes.size())};
  return put(std::span<const std::uint32_t>(sizes)) && put(std::span<const double>(answer->numbers)) &&
                 put(std::span<const char>(answer->codes))
             ? 0
             : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "sing" && argc == 5)
    return sing(static_cast<unsigned>(std::atoi(argv[2])), std::atof(argv[3]),
                static_cast<std::uint32_t>(std::atoi(argv[4])));
  if (what == "analyse" && argc == 4)
    return analyse(std::atof(argv[2]), static_cast<std::size_t>(std::atol(argv[3])));
  if (what == "network" && argc == 2) return hear(false);
  if (what == "network" && argc == 3 && std::string_view(argv[2]) == "plain") return hear(true);
  if (what == "songs" && argc <= 3) return choose_songs(argc == 3 ? argv[2] : nullptr);
  std::fputs(
      "usage: native_dump sing VOICE RATE SEED | native_dump analyse RATE CHUNK < samples.f32 | native_dump "
      "network [plain] < samples.f32 | native_dump songs [SONG] < packets\n",
      stderr);
  return 2;
}
