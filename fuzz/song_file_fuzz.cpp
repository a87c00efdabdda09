// The entry that takes any file: the first byte of the input picks the name, the rest is the file.
#include <cstdint>

#include "check_song.h"
#include "formats/song_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak;
  constexpr std::string_view names[] = {"",      "A - B.mid", "x.csv", "x.txt",
                                        "x.krn", "x.jsonl",   "x.xml", "\xFF - .kar"};
  if (size == 0) return 0;
  const auto file = formats::read_song_file({reinterpret_cast<const char*>(data) + 1, size - 1},
                                            names[data[0] % std::size(names)]);
  if (!file) return 0;
  for (const formats::ImportedSong& song : file->songs) {
    fuzz::require(!song.facts.title.empty());
    if (!song.reason.empty()) fuzz::check_song(song);
  }
  return 0;
}
