#include <cstdint>

#include "check_song.h"
#include "formats/ultrastar.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak;
  const auto songs = formats::read_ultrastar({reinterpret_cast<const char*>(data), size});
  if (!songs) return 0;
  for (const formats::ImportedSong& song : *songs) fuzz::check_song(song);
  return 0;
}
