#pragma once
// What people show each other: a page of their own, recordings, albums. All of it is private until its owner
// says otherwise, item by item.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "people/people.h"
#include "people/written.h"

namespace orakgarak::people {

using AlbumId = Id<struct AlbumTag>;

/// What a person's page shows to others.
struct Shown {
  bool range = false, tessitura = false, colour = false, recordings = false;
  bool operator==(const Shown&) const = default;
};

struct PublicProfile {
  OwnerId owner;
  std::string nickname;
  std::string introduction;  ///< at most 300 characters
  Shown shown;
  Time since;  ///< when the first nickname was taken
};

/// A COMPLETED take, as something to listen to.
struct Recording {
  uploads::UploadId id;
  OwnerId owner;
  std::string title;   ///< at most 60 characters; empty where none was given
  bool shown = false;  ///< to others, where its owner's page shows recordings
  Time sung;
};

enum class AlbumState : std::uint8_t {
  draft,      ///< its owner's alone
  published,  ///< everybody's
  unlisted,   ///< of those who have its link
};
std::string_view to_string(AlbumState);  ///< "draft", "published", "unlisted"
std::optional<AlbumState> parse_album_state(std::string_view);

inline constexpr std::size_t most_tracks = 10;
inline constexpr std::size_t most_albums = 500;  ///< of one person

/// What its owner writes.
struct AlbumWords {
  std::string title;                            ///< 1 to 60 characters
  std::string text = {};                        ///< at most 1000 characters
  std::string language = {};                    ///< ISO 639-1; empty: not said
  std::optional<uploads::UploadId> cover = {};  ///< a COMPLETED picture of kind album_cover
  std::vector<uploads::UploadId> tracks = {};   ///< 1 to most_tracks recordings, each once, in their order
};

struct Album {
  AlbumId id;
  OwnerId owner;
  std::string nickname;  ///< its owner's; empty where there is none yet
  std::string title, text, language;
  std::optional<uploads::UploadId> cover;
  AlbumState state = AlbumState::draft;
  std::size_t track_count = 0;
  std::vector<Recording> tracks;  ///< in their order; only of an album that was asked for by itself
  Time created;
  std::optional<Time> published;  ///< for the first time
};

/// Who looks, and what they hold: another person's thing that they may not see is as good as none.
struct Viewer {
  std::optional<OwnerId> person = {};
  std::string link_hash = {};  ///< hash_of the token of a link; empty: they have none
};

}  // namespace orakgarak::people
