#include "people/social_errors.h"
#include "storage/sqlite/social_store.h"
#include "storage/sqlite/store.h"

namespace orakgarak::storage {

using namespace people;
using uploads::UploadId;

namespace {

#define ORAK_ALBUM_COLUMNS                                                                              \
  "a.id, a.owner, coalesce((SELECT nickname FROM profiles p WHERE p.owner = a.owner), ''), a.title, "   \
  "a.words, a.language, a.cover, a.state, (SELECT count(*) FROM album_tracks t WHERE t.album = a.id), " \
  "a.created, a.published"

AlbumState read_state(Row& row) {
  const auto state = parse_album_state(row.text());
  if (!state) throw UnreadableRow("the state of an album is an unknown word");
  return *state;
}

std::optional<UploadId> read_cover(Row& row) {
  if (!row.is_null()) return row.id<UploadId>();
  row.skip(1);
  return std::nullopt;
}

Album read_album(Row& row) {
  return {.id = row.id<AlbumId>(),
          .owner = row.id<OwnerId>(),
          .nickname = row.text(),
          .title = row.text(),
          .text = row.text(),
          .language = row.text(),
          .cover = read_cover(row),
          .state = read_state(row),
          .track_count = static_cast<std::size_t>(row.integer()),
          .tracks = {},
          .created = row.time(),
          .published = row.is_null() ? std::nullopt : std::optional(row.time())};
}

std::vector<Recording> select_tracks(SQLite::Database& db, const AlbumId& album) {
  return all_rows(
      prepare(db,
              "SELECT u.id, u.owner, u.title, u.shown, u.created FROM album_tracks t JOIN uploads u "
              "ON u.id = t.recording WHERE t.album = ? ORDER BY t.place",
              album),
      read_recording);
}

std::optional<Album> select_album(SQLite::Database& db, const AlbumId& id) {
  auto album =
      first_row(prepare(db, "SELECT " ORAK_ALBUM_COLUMNS " FROM albums a WHERE a.id = ?", id), read_album);
  if (album) album->tracks = select_tracks(db, id);
  return album;
}

bool is_own(SQLite::Database& db, const AlbumId& id, const OwnerId& owner) {
  return prepare(db, "SELECT 1 FROM albums WHERE id = ? AND owner = ?", id, owner).executeStep();
}

bool has_completed(SQLite::Database& db, const OwnerId& owner, uploads::Kind kind, const UploadId& upload) {
  return prepare(db, "SELECT 1 FROM uploads WHERE id = ? AND owner = ? AND kind = ? AND state = 'COMPLETED'",
                 upload, owner, kind)
      .executeStep();
}

/// Whether all that the album is made of is its owner's.
Result<void> check_parts(SQLite::Database& db, const OwnerId& owner, const AlbumWords& words) {
  for (const UploadId& track : words.tracks)
    if (!has_completed(db, owner, uploads::Kind::take, track)) return not_your_recording();
  if (words.cover && !has_completed(db, owner, uploads::Kind::album_cover, *words.cover))
    return not_your_picture();
  return {};
}

void put_tracks(SQLite::Database& db, const AlbumId& album, const std::vector<UploadId>& tracks) {
  change(db, "DELETE FROM album_tracks WHERE album = ?", album);
  for (std::size_t place = 0; place < tracks.size(); ++place)
    change(db, "INSERT INTO album_tracks (album, place, recording) VALUES (?, ?, ?)", album,
           static_cast<std::int64_t>(place), tracks[place]);
}

std::size_t count_albums(SQLite::Database& db, const OwnerId& owner) {
  return first_row(prepare(db, "SELECT count(*) FROM albums WHERE owner = ?", owner),
                   [](Row& row) { return static_cast<std::size_t>(row.integer()); })
      .value();
}

}  // namespace

Result<Album> SqliteSocial::add_album(const AlbumId& id, const OwnerId& owner, const AlbumWords& words,
                                      Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<Album> {
    if (!prepare(db, "SELECT 1 FROM guests WHERE owner = ?", owner).executeStep()) return guest_gone();
    if (count_albums(db, owner) >= most_albums) return too_many_albums();
    if (auto own = check_parts(db, owner, words); !own) return std::unexpected(std::move(own.error()));
    change(
        db,
        "INSERT INTO albums (id, owner, title, words, language, cover, state, created) VALUES (?, ?, ?, ?, "
        "?, ?, 'draft', ?)",
        id, owner, words.title, words.text, words.language, words.cover, now);
    put_tracks(db, id, words.tracks);
    return select_album(db, id).value();
  });
}

Result<Album> SqliteSocial::edit_album(const AlbumId& id, const OwnerId& owner, const AlbumWords& words) {
  return database_->write([&](SQLite::Database& db) -> Result<Album> {
    if (!is_own(db, id, owner)) return no_such_album();
    if (auto own = check_parts(db, owner, words); !own) return std::unexpected(std::move(own.error()));
    change(db, "UPDATE albums SET title = ?, words = ?, language = ?, cover = ? WHERE id = ?", words.title,
           words.text, words.language, words.cover, id);
    put_tracks(db, id, words.tracks);
    return select_album(db, id).value();
  });
}

Result<Album> SqliteSocial::set_album_state(const AlbumId& id, const OwnerId& owner, AlbumState state,
                                            const std::string& link_hash, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<Album> {
    const auto before = select_album(db, id);
    if (!before || before->owner != owner) return no_such_album();
    if (state != AlbumState::draft && before->tracks.empty()) return album_empty();
    if (state == AlbumState::published && before->nickname.empty()) return nickname_needed();
    const bool published = state == AlbumState::published, unlisted = state == AlbumState::unlisted;
    change(db, "UPDATE albums SET state = ?, link_hash = ?, published = coalesce(published, ?) WHERE id = ?",
           std::string(to_string(state)), unlisted ? std::optional(link_hash) : std::nullopt,
           published ? std::optional(now) : std::nullopt, id);
    return select_album(db, id).value();
  });
}

Result<void> SqliteSocial::remove_album(const AlbumId& id, const OwnerId& owner) {
  return database_->write([&](SQLite::Database& db) -> Result<void> {
    if (change(db, "DELETE FROM albums WHERE id = ? AND owner = ?", id, owner) == 0) return no_such_album();
    return {};
  });
}

Result<Album> SqliteSocial::album(const AlbumId& id, const Viewer& viewer) {
  return database_->read([&](SQLite::Database& db) -> Result<Album> {
    auto found =
        first_row(prepare(db,
                          "SELECT " ORAK_ALBUM_COLUMNS
                          " FROM albums a WHERE a.id = ? AND (a.owner = ? OR a.state = 'published' OR "
                          "a.state = 'unlisted' AND a.link_hash = ?)",
                          id, viewer.person, viewer.link_hash),
                  read_album);
    if (!found || (found->track_count == 0 && found->owner != viewer.person)) return no_such_album();
    found->tracks = select_tracks(db, id);
    return *std::move(found);
  });
}

Result<std::vector<Album>> SqliteSocial::albums(const OwnerId& owner, const std::optional<AlbumId>& before,
                                                std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Album>> {
    return all_rows(prepare(db,
                            "SELECT " ORAK_ALBUM_COLUMNS
                            " FROM albums a WHERE a.owner = ?1 AND a.id < ?2 ORDER BY a.id DESC "
                            "LIMIT ?3",
                            owner, id_before(before), rows(limit)),
                    read_album);
  });
}

Result<std::vector<Album>> SqliteSocial::published_albums(const OwnerId& owner,
                                                          const std::optional<AlbumId>& before,
                                                          std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Album>> {
    return all_rows(
        prepare(db,
                "SELECT " ORAK_ALBUM_COLUMNS
                " FROM albums a WHERE a.owner = ?1 AND a.state = 'published' AND a.id < ?2 AND "
                "EXISTS (SELECT 1 FROM album_tracks t WHERE t.album = a.id) ORDER BY a.id DESC LIMIT ?3",
                owner, id_before(before), rows(limit)),
        read_album);
  });
}

}  // namespace orakgarak::storage
