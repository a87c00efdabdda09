#include "people/social_errors.h"
#include "storage/sqlite/social.h"
#include "storage/sqlite/social_store.h"
#include "storage/sqlite/store.h"

namespace orakgarak::storage {

using namespace people;
using uploads::UploadId;

namespace {

#define ORAK_PROFILE_COLUMNS \
  "owner, nickname, introduction, shows_range, shows_tessitura, shows_colour, shows_recordings, since"
PublicProfile read_profile(Row& row) {
  return {.owner = row.id<OwnerId>(),
          .nickname = row.text(),
          .introduction = row.text(),
          .shown = {row.flag(), row.flag(), row.flag(), row.flag()},
          .since = row.time()};
}

std::optional<PublicProfile> select_profile(SQLite::Database& db, const OwnerId& owner) {
  return first_row(prepare(db, "SELECT " ORAK_PROFILE_COLUMNS " FROM profiles WHERE owner = ?", owner),
                   read_profile);
}

bool is_taken(SQLite::Database& db, const std::string& nickname_key, const OwnerId& by_other_than) {
  return prepare(db, "SELECT 1 FROM profiles WHERE nickname_key = ? AND owner <> ?", nickname_key,
                 by_other_than)
      .executeStep();
}

void upsert_profile(SQLite::Database& db, const OwnerId& owner, const Nickname& nickname,
                    const std::string& introduction, Shown shown, Time now) {
  change(db,
         "INSERT INTO profiles (owner, nickname, nickname_key, introduction, shows_range, shows_tessitura, "
         "shows_colour, shows_recordings, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
         "ON CONFLICT (owner) DO UPDATE SET nickname = excluded.nickname, nickname_key = "
         "excluded.nickname_key, introduction = excluded.introduction, shows_range = excluded.shows_range, "
         "shows_tessitura = excluded.shows_tessitura, shows_colour = excluded.shows_colour, "
         "shows_recordings = excluded.shows_recordings",
         owner, nickname.shown, nickname.key, introduction, int{shown.range}, int{shown.tessitura},
         int{shown.colour}, int{shown.recordings}, now);
}

}  // namespace

Recording read_recording(Row& row) {
  return {.id = row.id<UploadId>(),
          .owner = row.id<OwnerId>(),
          .title = row.text(),
          .shown = row.flag(),
          .sung = row.time()};
}

bool has_nickname(SQLite::Database& db, const OwnerId& owner) {
  return prepare(db, "SELECT 1 FROM profiles WHERE owner = ?", owner).executeStep();
}

Result<PublicProfile> SqliteSocial::put_profile(const OwnerId& owner, const Nickname& nickname,
                                                const std::string& introduction, Shown shown, Time now) {
  return database_->write([&](SQLite::Database& db) -> Result<PublicProfile> {
    if (!prepare(db, "SELECT 1 FROM guests WHERE owner = ?", owner).executeStep()) return guest_gone();
    if (is_taken(db, nickname.key, owner)) return nickname_taken();
    upsert_profile(db, owner, nickname, introduction, shown, now);
    return select_profile(db, owner).value();
  });
}

Result<PublicProfile> SqliteSocial::profile(const OwnerId& owner) {
  return database_->read([&](SQLite::Database& db) -> Result<PublicProfile> {
    auto found = select_profile(db, owner);
    if (!found) return no_profile();
    return *std::move(found);
  });
}

Result<PublicProfile> SqliteSocial::person(const std::string& nickname_key, const Viewer&) {
  return database_->read([&](SQLite::Database& db) -> Result<PublicProfile> {
    auto found = first_row(
        prepare(db, "SELECT " ORAK_PROFILE_COLUMNS " FROM profiles WHERE nickname_key = ?", nickname_key),
        read_profile);
    if (!found) return no_such_person();
    return *std::move(found);
  });
}

Result<std::vector<Recording>> SqliteSocial::recordings(const OwnerId& owner,
                                                        const std::optional<UploadId>& before,
                                                        std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Recording>> {
    return all_rows(prepare(db,
                            "SELECT " ORAK_RECORDING_COLUMNS
                            " FROM uploads WHERE owner = ? AND id < ? AND kind = 'take' AND state = "
                            "'COMPLETED' ORDER BY id DESC LIMIT ?",
                            owner, id_before(before), rows(limit)),
                    read_recording);
  });
}

Result<std::vector<Recording>> SqliteSocial::shown_recordings(const OwnerId& owner,
                                                              const std::optional<UploadId>& before,
                                                              std::size_t limit) {
  return database_->read([&](SQLite::Database& db) -> Result<std::vector<Recording>> {
    return all_rows(
        prepare(db,
                "SELECT " ORAK_RECORDING_COLUMNS
                " FROM uploads WHERE owner = ?1 AND id < ?2 AND shown = 1 AND EXISTS (SELECT 1 FROM "
                "profiles WHERE owner = ?1 AND shows_recordings = 1) ORDER BY id DESC LIMIT ?3",
                owner, id_before(before), rows(limit)),
        read_recording);
  });
}

Result<Recording> SqliteSocial::recording(const UploadId& id, const Viewer& viewer) {
  return database_->read([&](SQLite::Database& db) -> Result<Recording> {
    auto found = first_row(
        prepare(db,
                "SELECT " ORAK_RECORDING_COLUMNS
                " FROM uploads u WHERE id = ? AND kind = 'take' AND state = 'COMPLETED' AND (owner = ? OR "
                "shown = 1 AND EXISTS (SELECT 1 FROM profiles p WHERE p.owner = u.owner AND "
                "p.shows_recordings = 1))",
                id, viewer.person),
        read_recording);
    if (!found) return no_such_recording();
    return *std::move(found);
  });
}

Result<Recording> SqliteSocial::change_recording(const OwnerId& owner, const UploadId& id,
                                                 const std::optional<std::string>& title,
                                                 std::optional<bool> shown) {
  return database_->write([&](SQLite::Database& db) -> Result<Recording> {
    if (shown.value_or(false) && !has_nickname(db, owner)) return nickname_needed();
    auto changed = first_row(
        prepare(db,
                "UPDATE uploads SET title = coalesce(?, title), shown = coalesce(?, shown) WHERE id = ? AND "
                "owner = ? AND kind = 'take' AND state = 'COMPLETED' RETURNING " ORAK_RECORDING_COLUMNS,
                title, shown.transform([](bool is) { return int{is}; }), id, owner),
        read_recording);
    if (!changed) return no_such_recording();
    return *std::move(changed);
  });
}

Result<std::unique_ptr<SocialStore>> open_sqlite_social(const std::filesystem::path& file) {
  auto database = Database::open(file);
  if (!database) return std::unexpected(std::move(database.error()));
  return std::make_unique<SqliteSocial>(*std::move(database));
}

}  // namespace orakgarak::storage
