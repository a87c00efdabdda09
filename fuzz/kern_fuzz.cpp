#include <cstdint>

#include "check_song.h"
#include "formats/kern.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak;
  const auto song = formats::read_kern({reinterpret_cast<const char*>(data), size});
  if (song) fuzz::check_song(*song);
  return 0;
}
