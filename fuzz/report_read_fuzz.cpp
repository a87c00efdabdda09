// A stored report: whatever it holds, what is read of it is a take that merges into a profile.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "formats/report_read.h"
#include "songs/reach.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak;
  const auto take = formats::read_sung_take({reinterpret_cast<const char*>(data), size}, Time());
  if (!take) return 0;
  const songs::SingerProfile profile = songs::merge_takes(std::vector{*take, *take});
  if (profile.lowest && profile.highest && profile.lowest->pitch > profile.highest->pitch) std::abort();
  (void)songs::reach_of(profile);
  return 0;
}
