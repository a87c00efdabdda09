// Any bytes through what the picture child does, here without its sandbox. Seeds: fuzz/make_seeds.sh.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/picture_header.h"
#include "media/pictures/picture_maker.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak::media;
  const auto file = std::as_bytes(std::span(data, size));
  PictureTask task{.parent = 1, .longest_side = 64, .limits = {}};
  task.limits.pixels = 1'000'000;
  const auto made = scale_picture(file, task);
  if (!made) {
    if (made.error().code == PictureFailureCode::none) std::abort();
    return 0;
  }
  // What the parent checks of an answer must hold for every picture that is made.
  const auto answer = decode_picture_answer(encode_picture(*made), task.longest_side);
  if (!answer || !*answer) std::abort();
  return 0;
}
