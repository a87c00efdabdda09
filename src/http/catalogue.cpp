#include "http/catalogue.h"

#include <fmt/format.h>

#include "formats/song_catalogue.h"
#include "songs/catalogue.h"
#include "uploads/sha256.h"

namespace orakgarak::http {

Catalogue::Catalogue(songs::Matcher matcher) : matcher_(std::move(matcher)), names_(matcher_.songs()) {
  const auto songs = matcher_.songs();
  for (std::size_t i = 0; i < songs.size(); ++i) {
    ids_.push_back(songs::song_id(songs[i]));
    // A line begins with '{': the id goes before its other fields.
    lines_ += fmt::format(R"({{"id":"{}",)", ids_[i]);
    lines_ += formats::write_song_jsonl(songs.subspan(i, 1)).substr(1);
  }
  tag_ = fmt::format("\"{}\"", uploads::to_hex(uploads::sha256(lines_)).substr(0, 32));
}

std::optional<std::size_t> Catalogue::find(std::string_view id) const { return matcher_.find(id); }

}  // namespace orakgarak::http
