#include <cstdint>

#include "check_song.h"
#include "formats/musicxml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak;
  const auto song = formats::read_musicxml({reinterpret_cast<const char*>(data), size});
  if (song) fuzz::check_song(*song);
  return 0;
}
