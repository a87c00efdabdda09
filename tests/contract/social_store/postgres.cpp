// The suite on PostgreSQL, and that it finds what it shows by indexes.
#include <unistd.h>

#include "../postgres_place.h"
#include "suite.h"

namespace orakgarak::people {
namespace {

class PostgresPlace final : public Place {
 public:
  Stores open() override {
    const auto pool = database_.open();
    return {storage::postgres_social(pool), storage::postgres_people(pool), storage::postgres_uploads(pool)};
  }
  std::vector<std::string> tables_mentioning(const std::string& text) override {
    return database_.tables_mentioning(text);
  }

 private:
  PostgresDatabase database_{Apart::schema};
};

const Adapter postgres{"postgres", [] { return std::make_unique<PostgresPlace>(); }};

INSTANTIATE_TEST_SUITE_P(, SocialStoreContract, testing::Values(postgres),
                         [](const auto& info) { return info.param.name; });

/// 2,000 people with ten recordings and ten albums each.
void fill(const PostgresDatabase& database) {
  database.run("INSERT INTO guests SELECT gen_random_uuid(), 0, 1 FROM generate_series(1, 2000)");
  database.run(
      "INSERT INTO profiles SELECT owner, convert_to(owner::text, 'UTF8'), convert_to(owner::text, 'UTF8'), "
      "'', "
      "true, true, true, true, 0 FROM guests");
  database.run(
      "INSERT INTO uploads (id, owner, kind, content_type, size, sha256, file_name, object_key, state, "
      "version, "
      "created, changed, expires, traceparent, shown) SELECT gen_random_uuid(), owner, 'take', 'audio/webm', "
      "1, "
      "'', '', gen_random_uuid()::text, 'COMPLETED', 8, 0, 0, 0, '', true FROM guests, generate_series(1, "
      "10)");
  database.run(
      "INSERT INTO albums (id, owner, title, words, language, state, created, published) SELECT "
      "gen_random_uuid(), owner, 'a', '', '', 'published', 0, row_number() OVER () FROM uploads");
  database.run(
      "INSERT INTO album_tracks SELECT a.id, 0, u.id FROM (SELECT id, owner, row_number() OVER (PARTITION BY "
      "owner) n FROM albums) a JOIN (SELECT id, owner, row_number() OVER (PARTITION BY owner) n FROM "
      "uploads) u "
      "USING (owner, n)");
  database.run("ANALYZE");
}

std::int64_t count_scans(const PostgresDatabase& database, const std::string& of) {
  return std::stoll(
      database.run("SELECT sum(" + of +
                   ") FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname IN "
                   "('guests', 'profiles', 'uploads', 'albums', 'album_tracks')")[0]);
}

TEST(PostgresSocial, NothingThatIsShownOrChangedScansATable) {
  const PostgresDatabase database(Apart::schema);
  database.open();
  fill(database);
  const auto owner = *OwnerId::parse(database.run("SELECT owner FROM guests LIMIT 1")[0]);
  const auto scans = count_scans(database, "seq_scan"), by_index = count_scans(database, "idx_scan");
  {
    const auto store = storage::postgres_social(database.open());
    const Viewer viewer{.person = owner};
    const auto take = ok(store->recordings(owner, {}, 50)).at(0).id;
    const auto album = ok(store->albums(owner, {}, 50)).at(0).id;
    ok(store->shown_recordings(owner, take, 50));
    ok(store->published_albums(owner, album, 50));
    ok(store->recording(take, viewer));
    ok(store->album(album, viewer));
    ok(store->person(ok(store->profile(owner)).nickname, viewer));
    ok(store->put_profile(owner, *parse_nickname("kim"), "", {}, noon));
    ok(store->change_recording(owner, take, "a", true));
    ok(store->edit_album(album, owner, {.title = "b", .tracks = {take}}));
    ok(store->set_album_state(album, owner, AlbumState::draft, "", noon));
    ok(store->remove_album(album, owner));
  }
  // What a connection counted is told when it ends.
  for (int i = 0; i < 1000 && count_scans(database, "idx_scan") == by_index; ++i) ::usleep(10'000);
  EXPECT_GT(count_scans(database, "idx_scan"), by_index + 12);
  EXPECT_EQ(count_scans(database, "seq_scan"), scans);
}

}  // namespace
}  // namespace orakgarak::people
