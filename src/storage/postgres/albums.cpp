#include "people/social_errors.h"
#include "storage/postgres/social_store.h"

namespace orakgarak::storage::postgres {

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

Album read_album(Row& row) {
  return {.id = row.id<AlbumId>(),
          .owner = row.id<OwnerId>(),
          .nickname = row.written(),
          .title = row.written(),
          .text = row.written(),
          .language = row.text(),
          .cover = row.unless_null(1, [&] { return row.id<UploadId>(); }),
          .state = read_state(row),
          .track_count = static_cast<std::size_t>(row.integer()),
          .tracks = {},
          .created = row.time(),
          .published = row.unless_null(1, [&] { return row.time(); })};
}

std::vector<Recording> select_tracks(Connection& db, const AlbumId& album) {
  return all_rows(
      query(db,
            "SELECT u.id, u.owner, u.title, u.shown, u.created FROM album_tracks t JOIN uploads u "
            "ON u.id = t.recording WHERE t.album = $1 ORDER BY t.place",
            album),
      read_recording);
}

std::optional<Album> select_album(Connection& db, const AlbumId& id) {
  auto album =
      first_row(query(db, "SELECT " ORAK_ALBUM_COLUMNS " FROM albums a WHERE a.id = $1", id), read_album);
  if (album) album->tracks = select_tracks(db, id);
  return album;
}

/// Nobody else changes it, or what it is made of, until this transaction ends. False where it is none of this
/// owner's.
bool hold_album(Connection& db, const AlbumId& id, const OwnerId& owner) {
  return any_row(query(db, "SELECT 1 FROM albums WHERE id = $1 AND owner = $2 FOR NO KEY UPDATE", id, owner));
}

/// And it stays until this transaction ends.
bool has_completed(Connection& db, const OwnerId& owner, uploads::Kind kind, const UploadId& upload) {
  return any_row(query(db,
                       "SELECT 1 FROM uploads WHERE id = $1 AND owner = $2 AND kind = $3 AND state = "
                       "'COMPLETED' FOR KEY SHARE",
                       upload, owner, kind));
}

/// Whether all that the album is made of is its owner's.
Result<void> check_parts(Connection& db, const OwnerId& owner, const AlbumWords& words) {
  for (const UploadId& track : words.tracks)
    if (!has_completed(db, owner, uploads::Kind::take, track)) return not_your_recording();
  if (words.cover && !has_completed(db, owner, uploads::Kind::album_cover, *words.cover))
    return not_your_picture();
  return {};
}

void put_tracks(Connection& db, const AlbumId& album, const std::vector<UploadId>& tracks) {
  change(db, "DELETE FROM album_tracks WHERE album = $1", album);
  for (std::size_t place = 0; place < tracks.size(); ++place)
    change(db, "INSERT INTO album_tracks (album, place, recording) VALUES ($1, $2, $3)", album,
           static_cast<std::int64_t>(place), tracks[place]);
}

std::size_t count_albums(Connection& db, const OwnerId& owner) {
  return first_row(query(db, "SELECT count(*) FROM albums WHERE owner = $1", owner),
                   [](Row& row) { return static_cast<std::size_t>(row.integer()); })
      .value();
}

}  // namespace

Result<Album> PostgresSocial::add_album(const AlbumId& id, const OwnerId& owner, const AlbumWords& words,
                                        Time now) {
  return pool_->write([&](Connection& db) -> Result<Album> {
    if (!keep_person(db, owner)) return guest_gone();
    if (count_albums(db, owner) >= most_albums) return too_many_albums();
    if (auto own = check_parts(db, owner, words); !own) return std::unexpected(std::move(own.error()));
    change(
        db,
        "INSERT INTO albums (id, owner, title, words, language, cover, state, created) VALUES ($1, $2, $3, "
        "$4, $5, $6, 'draft', $7)",
        id, owner, Written{words.title}, Written{words.text}, words.language, words.cover, now);
    put_tracks(db, id, words.tracks);
    return select_album(db, id).value();
  });
}

Result<Album> PostgresSocial::edit_album(const AlbumId& id, const OwnerId& owner, const AlbumWords& words) {
  return pool_->write([&](Connection& db) -> Result<Album> {
    if (!hold_album(db, id, owner)) return no_such_album();
    if (auto own = check_parts(db, owner, words); !own) return std::unexpected(std::move(own.error()));
    change(db, "UPDATE albums SET title = $1, words = $2, language = $3, cover = $4 WHERE id = $5",
           Written{words.title}, Written{words.text}, words.language, words.cover, id);
    put_tracks(db, id, words.tracks);
    return select_album(db, id).value();
  });
}

Result<Album> PostgresSocial::set_album_state(const AlbumId& id, const OwnerId& owner, AlbumState state,
                                              const std::string& link_hash, Time now) {
  return pool_->write([&](Connection& db) -> Result<Album> {
    if (!hold_album(db, id, owner)) return no_such_album();
    const auto before = select_album(db, id).value();
    if (state != AlbumState::draft && before.tracks.empty()) return album_empty();
    if (state == AlbumState::published && before.nickname.empty()) return nickname_needed();
    const bool published = state == AlbumState::published, unlisted = state == AlbumState::unlisted;
    change(db,
           "UPDATE albums SET state = $1, link_hash = $2, published = coalesce(published, $3) WHERE id = $4",
           std::string(to_string(state)), unlisted ? std::optional(link_hash) : std::nullopt,
           published ? std::optional(now) : std::nullopt, id);
    return select_album(db, id).value();
  });
}

Result<void> PostgresSocial::remove_album(const AlbumId& id, const OwnerId& owner) {
  return pool_->once([&](Connection& db) -> Result<void> {
    if (change(db, "DELETE FROM albums WHERE id = $1 AND owner = $2", id, owner) == 0) return no_such_album();
    return {};
  });
}

Result<Album> PostgresSocial::album(const AlbumId& id, const Viewer& viewer) {
  return pool_->read([&](Connection& db) -> Result<Album> {
    auto found =
        first_row(query(db,
                        "SELECT " ORAK_ALBUM_COLUMNS
                        " FROM albums a WHERE a.id = $1 AND (a.owner = $2 OR a.state = 'published' OR "
                        "a.state = 'unlisted' AND a.link_hash = $3)",
                        id, viewer.person, viewer.link_hash),
                  read_album);
    if (!found) return no_such_album();
    found->tracks = select_tracks(db, id);
    if (found->tracks.empty() && found->owner != viewer.person) return no_such_album();
    return *std::move(found);
  });
}

Result<std::vector<Album>> PostgresSocial::albums(const OwnerId& owner, const std::optional<AlbumId>& before,
                                                  std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<Album>> {
    return all_rows(query(db,
                          "SELECT " ORAK_ALBUM_COLUMNS
                          " FROM albums a WHERE a.owner = $1 AND a.id < $2 ORDER BY a.id DESC LIMIT $3",
                          owner, id_before(before), rows(limit)),
                    read_album);
  });
}

Result<std::vector<Album>> PostgresSocial::published_albums(const OwnerId& owner,
                                                            const std::optional<AlbumId>& before,
                                                            std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<Album>> {
    return all_rows(
        query(
            db,
            "SELECT " ORAK_ALBUM_COLUMNS
            " FROM albums a WHERE a.owner = $1 AND a.state = 'published' AND a.id < $2 AND EXISTS (SELECT 1 "
            "FROM album_tracks t WHERE t.album = a.id) ORDER BY a.id DESC LIMIT $3",
            owner, id_before(before), rows(limit)),
        read_album);
  });
}

}  // namespace orakgarak::storage::postgres
