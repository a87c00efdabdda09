// What the CSV reader accepts is a song that the catalogue format can hold.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "formats/song_catalogue.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak::formats;
  const auto csv = read_song_csv({reinterpret_cast<const char*>(data), size});
  if (!csv) return 0;
  const std::string written = write_song_jsonl(csv->songs);
  const auto again = read_song_jsonl(written);
  if (!again || again->songs.size() != csv->songs.size() || write_song_jsonl(again->songs) != written)
    std::abort();
  return 0;
}
