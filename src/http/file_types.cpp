#include "http/file_types.h"

#include <algorithm>
#include <array>

namespace orakgarak::http {
namespace {

using Name = std::string_view;

// Each with what browsers and systems call it beside its registered name.
constexpr std::array audio{
    Name("audio/webm"),   Name("audio/ogg"),   Name("audio/mp4"),      Name("audio/x-m4a"),
    Name("audio/m4a"),    Name("audio/mpeg"),  Name("audio/mp3"),      Name("audio/wav"),
    Name("audio/x-wav"),  Name("audio/wave"),  Name("audio/vnd.wave"), Name("audio/flac"),
    Name("audio/x-flac"), Name("audio/aac"),   Name("audio/aacp"),     Name("audio/aiff"),
    Name("audio/x-aiff"), Name("audio/x-caf"), Name("audio/opus"),     Name("application/ogg"),
    Name("video/webm"),   Name("video/mp4"),   Name("video/ogg"),      Name("video/quicktime")};
constexpr std::array images{Name("image/png"), Name("image/jpeg"), Name("image/webp")};

}  // namespace

std::vector<std::string_view> taken_types(uploads::Kind kind) {
  return uploads::medium_of(kind) == uploads::Medium::audio
             ? std::vector<std::string_view>(audio.begin(), audio.end())
             : std::vector<std::string_view>(images.begin(), images.end());
}

std::optional<std::string> taken_type(uploads::Kind kind, std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  type.erase(type.find_last_not_of(' ') + 1);
  std::ranges::transform(type, type.begin(),
                         [](char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto taken = taken_types(kind);
  return std::ranges::find(taken, type) == taken.end() ? std::nullopt : std::optional(std::move(type));
}

}  // namespace orakgarak::http
