#include "people/social.h"

#include <array>

namespace orakgarak::people {

std::string_view to_string(AlbumState state) {
  switch (state) {
    case AlbumState::draft:
      return "draft";
    case AlbumState::published:
      return "published";
    case AlbumState::unlisted:
      return "unlisted";
  }
  return "?";
}

std::optional<AlbumState> parse_album_state(std::string_view text) {
  for (const auto state : std::array{AlbumState::draft, AlbumState::published, AlbumState::unlisted})
    if (text == to_string(state)) return state;
  return std::nullopt;
}

}  // namespace orakgarak::people
