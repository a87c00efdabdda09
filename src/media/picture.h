#pragma once
// The one way to read a picture. It is decoded, turned upright, scaled and encoded anew in a child process of
// its own (orakgarak-picture), locked in as the decoder of recordings is; nothing of the file comes through
// but its pixels.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"

namespace orakgarak::media {

struct PictureLimits {
  std::uint64_t file_bytes = 10ULL << 20;     ///< larger files are refused unread
  std::uint64_t pixels = 40'000'000;          ///< by its header: checked before any pixel is decoded
  std::uint64_t memory_bytes = 768ULL << 20;  ///< address space of the child
  Seconds cpu{20};                            ///< processor time of the child
  Seconds wait{60};                           ///< that the caller waits for the child
};

struct PictureOptions {
  PictureLimits limits;
  std::filesystem::path child = {};  ///< empty: `orakgarak-picture` beside the running program
};

/// A JPEG file without metadata.
struct Picture {
  std::vector<std::byte> jpeg;
  int width = 0, height = 0;
};

/// Reads PNG, JPEG or WebP, whatever its name says: the first frame where it moves, upright as its EXIF
/// orientation wants it, onto white where it is transparent, and no side longer than `longest_side` (16 to
/// 4096; smaller pictures keep their size). fd: open for reading, its offset unused. name: what to call it in
/// error details.
///
/// Errors, all `rejected` unless said otherwise: empty_file, file_too_large; not_image, image_too_large (its
///  pixels), damaged; decoder_memory, decoder_time, decoder_crashed; decoder_missing (kind not_found);
///  decoder_unavailable (kind retry)
Result<Picture> make_picture(int fd, const std::string& name, int longest_side,
                             const PictureOptions& options = {});

}  // namespace orakgarak::media
