#pragma once
// The songs of this server, loaded once: by id, by name, and as the lines that the page chooses from itself.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "songs/matcher.h"
#include "songs/search.h"

namespace orakgarak::http {

class Catalogue {
 public:
  explicit Catalogue(songs::Matcher matcher);

  const songs::Matcher& matcher() const { return matcher_; }
  const songs::Song& song(std::size_t index) const { return matcher_.songs()[index]; }
  const std::string& id(std::size_t index) const { return ids_[index]; }
  std::optional<std::size_t> find(std::string_view id) const;

  /// As songs::NameIndex::search.
  std::vector<std::size_t> search(std::string_view text) const { return names_.search(text); }

  /// JSON Lines as formats::write_song_jsonl has them, each with its `id`; and its entity tag, in quotes.
  const std::string& lines() const { return lines_; }
  const std::string& tag() const { return tag_; }

 private:
  songs::Matcher matcher_;
  songs::NameIndex names_;
  std::vector<std::string> ids_;
  std::string lines_, tag_;
};

}  // namespace orakgarak::http
