#include "people/social_errors.h"
#include "storage/postgres/postgres.h"
#include "storage/postgres/social_store.h"

namespace orakgarak::storage::postgres {

using namespace people;
using uploads::UploadId;

namespace {

#define ORAK_PROFILE_COLUMNS \
  "owner, nickname, introduction, shows_range, shows_tessitura, shows_colour, shows_recordings, since"
PublicProfile read_profile(Row& row) {
  return {.owner = row.id<OwnerId>(),
          .nickname = row.written(),
          .introduction = row.written(),
          .shown = {row.flag(), row.flag(), row.flag(), row.flag()},
          .since = row.time()};
}

/// Nobody else takes this nickname until this transaction ends: taken before all else of it.
void hold_nickname(Connection& db, const std::string& nickname_key) {
  query(db, "SELECT pg_advisory_xact_lock(hashtextextended('nickname ' || encode($1, 'hex'), 0))",
        Written{nickname_key});
}

bool is_taken(Connection& db, const std::string& nickname_key, const OwnerId& by_other_than) {
  return any_row(query(db, "SELECT 1 FROM profiles WHERE nickname_key = $1 AND owner <> $2",
                       Written{nickname_key}, by_other_than));
}

std::optional<PublicProfile> upsert_profile(Connection& db, const OwnerId& owner, const Nickname& nickname,
                                            const std::string& introduction, Shown shown, Time now) {
  return first_row(
      query(
          db,
          "INSERT INTO profiles (owner, nickname, nickname_key, introduction, shows_range, shows_tessitura, "
          "shows_colour, shows_recordings, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
          "ON CONFLICT (owner) DO UPDATE SET nickname = excluded.nickname, nickname_key = "
          "excluded.nickname_key, introduction = excluded.introduction, shows_range = "
          "excluded.shows_range, shows_tessitura = excluded.shows_tessitura, shows_colour = "
          "excluded.shows_colour, shows_recordings = excluded.shows_recordings "
          "RETURNING " ORAK_PROFILE_COLUMNS,
          owner, Written{nickname.shown}, Written{nickname.key}, Written{introduction}, shown.range,
          shown.tessitura, shown.colour, shown.recordings, now),
      read_profile);
}

}  // namespace

Recording read_recording(Row& row) {
  return {.id = row.id<UploadId>(),
          .owner = row.id<OwnerId>(),
          .title = row.written(),
          .shown = row.flag(),
          .sung = row.time()};
}

bool has_nickname(Connection& db, const OwnerId& owner) {
  return any_row(query(db, "SELECT 1 FROM profiles WHERE owner = $1", owner));
}

bool keep_person(Connection& db, const OwnerId& owner) {
  return any_row(query(db, "SELECT 1 FROM guests WHERE owner = $1 FOR KEY SHARE", owner));
}

Result<PublicProfile> PostgresSocial::put_profile(const OwnerId& owner, const Nickname& nickname,
                                                  const std::string& introduction, Shown shown, Time now) {
  return pool_->write([&](Connection& db) -> Result<PublicProfile> {
    hold_nickname(db, nickname.key);
    if (!keep_person(db, owner)) return guest_gone();
    if (is_taken(db, nickname.key, owner)) return nickname_taken();
    return upsert_profile(db, owner, nickname, introduction, shown, now).value();
  });
}

Result<PublicProfile> PostgresSocial::profile(const OwnerId& owner) {
  return pool_->read([&](Connection& db) -> Result<PublicProfile> {
    auto found = first_row(query(db, "SELECT " ORAK_PROFILE_COLUMNS " FROM profiles WHERE owner = $1", owner),
                           read_profile);
    if (!found) return no_profile();
    return *std::move(found);
  });
}

Result<PublicProfile> PostgresSocial::person(const std::string& nickname_key, const Viewer&) {
  return pool_->read([&](Connection& db) -> Result<PublicProfile> {
    auto found = first_row(query(db, "SELECT " ORAK_PROFILE_COLUMNS " FROM profiles WHERE nickname_key = $1",
                                 Written{nickname_key}),
                           read_profile);
    if (!found) return no_such_person();
    return *std::move(found);
  });
}

Result<std::vector<Recording>> PostgresSocial::recordings(const OwnerId& owner,
                                                          const std::optional<UploadId>& before,
                                                          std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<Recording>> {
    return all_rows(query(db,
                          "SELECT " ORAK_RECORDING_COLUMNS
                          " FROM uploads WHERE owner = $1 AND id < $2 AND kind = 'take' AND state = "
                          "'COMPLETED' ORDER BY id DESC LIMIT $3",
                          owner, id_before(before), rows(limit)),
                    read_recording);
  });
}

Result<std::vector<Recording>> PostgresSocial::shown_recordings(const OwnerId& owner,
                                                                const std::optional<UploadId>& before,
                                                                std::size_t limit) {
  return pool_->read([&](Connection& db) -> Result<std::vector<Recording>> {
    return all_rows(query(db,
                          "SELECT " ORAK_RECORDING_COLUMNS
                          " FROM uploads WHERE owner = $1 AND id < $2 AND shown AND EXISTS (SELECT 1 FROM "
                          "profiles p WHERE p.owner = $1 AND p.shows_recordings) ORDER BY id DESC LIMIT $3",
                          owner, id_before(before), rows(limit)),
                    read_recording);
  });
}

Result<Recording> PostgresSocial::recording(const UploadId& id, const Viewer& viewer) {
  return pool_->read([&](Connection& db) -> Result<Recording> {
    auto found = first_row(
        query(db,
              "SELECT " ORAK_RECORDING_COLUMNS
              " FROM uploads u WHERE id = $1 AND kind = 'take' AND state = 'COMPLETED' AND (owner = $2 OR "
              "shown AND EXISTS (SELECT 1 FROM profiles p WHERE p.owner = u.owner AND p.shows_recordings))",
              id, viewer.person),
        read_recording);
    if (!found) return no_such_recording();
    return *std::move(found);
  });
}

Result<Recording> PostgresSocial::change_recording(const OwnerId& owner, const UploadId& id,
                                                   const std::optional<std::string>& title,
                                                   std::optional<bool> shown) {
  return pool_->write([&](Connection& db) -> Result<Recording> {
    if (shown.value_or(false) && !has_nickname(db, owner)) return nickname_needed();
    auto changed = first_row(
        query(db,
              "UPDATE uploads SET title = coalesce($1, title), shown = coalesce($2, shown) WHERE id = $3 AND "
              "owner = $4 AND kind = 'take' AND state = 'COMPLETED' RETURNING " ORAK_RECORDING_COLUMNS,
              title.transform([](const std::string& text) { return Written{text}; }), shown, id, owner),
        read_recording);
    if (!changed) return no_such_recording();
    return *std::move(changed);
  });
}

}  // namespace orakgarak::storage::postgres

namespace orakgarak::storage {

std::unique_ptr<people::SocialStore> postgres_social(std::shared_ptr<PostgresPool> pool) {
  return std::make_unique<postgres::PostgresSocial>(std::move(pool));
}

}  // namespace orakgarak::storage
