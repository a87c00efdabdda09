// What the JSONL reader accepts, it writes and reads back as the same songs.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "formats/song_catalogue.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak::formats;
  const auto first = read_song_jsonl({reinterpret_cast<const char*>(data), size});
  if (!first) return 0;
  const std::string written = write_song_jsonl(first->songs);
  const auto second = read_song_jsonl(written);
  if (!second || !second->errors.empty() || write_song_jsonl(second->songs) != written) std::abort();
  return 0;
}
