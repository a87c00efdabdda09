#include "http/catalogue.h"

#include <fmt/format.h>

#include "formats/song_catalogue.h"
#include "formats/text_utf8.h"
#include "songs/catalogue.h"
#include "uploads/sha256.h"

namespace orakgarak::http {

Catalogue::Catalogue(songs::Matcher matcher) : matcher_(std::move(matcher)) {
  const auto songs = matcher_.songs();
  for (std::size_t i = 0; i < songs.size(); ++i) {
    ids_.push_back(songs::song_id(songs[i]));
    names_.push_back(songs::plain_name(songs[i].title) + '\n' + songs::plain_name(songs[i].artist));
    // A line begins with '{': the id goes before its other fields.
    lines_ += fmt::format(R"({{"id":"{}",)", ids_[i]);
    lines_ += formats::write_song_jsonl(songs.subspan(i, 1)).substr(1);
  }
  tag_ = fmt::format("\"{}\"", uploads::to_hex(uploads::sha256(lines_)).substr(0, 32));
}

std::optional<std::size_t> Catalogue::find(std::string_view id) const { return matcher_.find(id); }

std::vector<std::size_t> Catalogue::search(std::string_view text, std::size_t from, std::size_t limit) const {
  const auto tidy = formats::tidy_name(text);
  const auto plain = songs::plain_name(tidy);
  std::vector<std::size_t> found;
  for (std::size_t i = from; i < names_.size() && found.size() < limit; ++i) {
    // Nothing but signs, "!!!": as it is written.
    const bool hit = plain.empty() ? song(i).title.contains(tidy) || song(i).artist.contains(tidy)
                                   : names_[i].contains(plain);
    if (hit) found.push_back(i);
  }
  return found;
}

}  // namespace orakgarak::http
