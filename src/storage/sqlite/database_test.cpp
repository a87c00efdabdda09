// What is SQLite's own: opening, migrating, and disks that do not do what they should. What every store
// keeps is in tests/contract/upload_store.
#include "storage/sqlite/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

#include "storage/sqlite/rows.h"
#include "storage/sqlite/uploads.h"

namespace orakgarak::storage {
namespace {

using testing::HasSubstr;

const Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{12}};

class SqliteDatabase : public testing::Test {
 protected:
  SqliteDatabase() {
    std::string name = std::filesystem::temp_directory_path() / "orakXXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test");
    folder = name;
    file = folder / "uploads.db";
  }
  ~SqliteDatabase() override { std::filesystem::remove_all(folder); }

  /// A connection past the adapter.
  SQLite::Database raw() const { return {file.string(), SQLite::OPEN_READWRITE, 10'000}; }

  static uploads::NewUpload an_upload() {
    const auto id = uploads::UploadId::make(noon);
    return {.id = id,
            .owner = uploads::OwnerId::make(noon),
            .kind = uploads::Kind::take,
            .declared = {},
            .object_key = id.text(),
            .now = noon,
            .expires = noon,
            .traceparent = {}};
  }

  std::filesystem::path folder, file;
};

std::string code(const auto& result) { return result ? "" : result.error().code; }

TEST_F(SqliteDatabase, CommitsSurviveLossOfPower) {
  const auto database = Database::open(file);
  const auto pragma = [&](const char* sql) {
    return (*database)->read(
        [&](SQLite::Database& db) -> Result<std::string> { return db.execAndGet(sql).getString(); });
  };
  EXPECT_EQ(pragma("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(pragma("PRAGMA synchronous"), "2");  // FULL
  EXPECT_EQ(pragma("PRAGMA foreign_keys"), "1");
  EXPECT_EQ(pragma("PRAGMA secure_delete"), "1");
}

TEST_F(SqliteDatabase, IsReadableByItsOwnerAlone) {
  const auto store = open_sqlite_uploads(file);
  ASSERT_TRUE(store);
  for (const char* end : {"", "-wal", "-shm"})
    EXPECT_EQ(std::filesystem::status(file.string() + end).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << end;
}

TEST_F(SqliteDatabase, AMissingFolderAFolderAndAnotherFileAreNamedAndRefused) {
  for (const auto& path : {folder / "missing" / "uploads.db", folder}) {
    const auto store = open_sqlite_uploads(path);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, "store_unusable");
    EXPECT_EQ(store.error().kind, ErrorKind::rejected);
    EXPECT_THAT(store.error().detail, HasSubstr(path.string()));
    EXPECT_THAT(store.error().detail, HasSubstr("check that its folder exists"));
  }
  std::ofstream(file) << std::string(4096, 'x');
  EXPECT_EQ(code(open_sqlite_uploads(file)), "store_unusable");
}

TEST_F(SqliteDatabase, AFileThatMayNotBeWrittenIsRefused) {
  ASSERT_TRUE(open_sqlite_uploads(file));
  ASSERT_EQ(chmod(file.c_str(), 0444) + chmod(folder.c_str(), 0555), 0);
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && setuid(65534) != 0) _exit(2);  // root may write everything
    const auto store = open_sqlite_uploads(file);
    _exit(code(store) == "store_unusable" && store.error().kind == ErrorKind::rejected ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_EQ(chmod(folder.c_str(), 0755), 0);
  EXPECT_EQ(status, 0);
}

TEST_F(SqliteDatabase, ADiskThatTakesNoMoreIsAnErrorToTryAgainAndNothingHasHappened) {
  const auto store = open_sqlite_uploads(file).value();
  ASSERT_TRUE(store->insert(an_upload()));
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit usual{};
  getrlimit(RLIMIT_FSIZE, &usual);
  const rlimit full{1, usual.rlim_max};
  setrlimit(RLIMIT_FSIZE, &full);
  const auto refused = an_upload();
  const auto result = store->insert(refused);
  setrlimit(RLIMIT_FSIZE, &usual);
  std::signal(SIGXFSZ, before);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::retry);
  EXPECT_EQ(result.error().code, "store_unavailable");
  EXPECT_THAT(result.error().detail, HasSubstr(file.string()));
  EXPECT_EQ(code(store->find(refused.id)), "no_such_upload");
  EXPECT_TRUE(store->insert(refused));
}

TEST_F(SqliteDatabase, ADatabaseOfANewerProgramIsRefusedAndLeftAlone) {
  ASSERT_TRUE(open_sqlite_uploads(file));
  raw().exec("INSERT INTO schema_version VALUES (99, '099_later')");
  const auto store = open_sqlite_uploads(file);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, "store_newer");
  EXPECT_EQ(store.error().kind, ErrorKind::rejected);
  EXPECT_THAT(store.error().detail, HasSubstr("99"));
}

TEST_F(SqliteDatabase, MigrationsRunOnceInTheirOrderAndAllOrNone) {
  constexpr Migration first{"001_a", "CREATE TABLE a (x)"}, second{"002_b", "ALTER TABLE a RENAME TO b"},
      wrong{"002_b", "CREATE TABLE half (x); CREATE TABLE a (x)"};
  const Migration one[] = {first}, both[] = {first, second}, broken[] = {first, wrong};
  ASSERT_TRUE(Database::open(file, one));
  EXPECT_FALSE(Database::open(file, broken));
  EXPECT_FALSE(raw().tableExists("half"));
  EXPECT_EQ(raw().execAndGet("SELECT max(version) FROM schema_version").getInt(), 1);
  ASSERT_TRUE(Database::open(file, both));
  ASSERT_TRUE(Database::open(file, both));
  EXPECT_TRUE(raw().tableExists("b"));
  EXPECT_EQ(code(Database::open(file, one)), "store_newer");
}

TEST_F(SqliteDatabase, EveryMigrationIsNumberedByItsPlace) {
  int place = 0;
  for (const Migration& migration : sqlite_migrations()) {
    ++place;
    EXPECT_EQ(std::stoi(migration.name), place) << migration.name;
  }
  EXPECT_GT(place, 0);
}

TEST_F(SqliteDatabase, AWordThatThisProgramDoesNotKnowIsAnErrorNotAGuess) {
  const auto store = open_sqlite_uploads(file).value();
  const auto upload = an_upload();
  ASSERT_TRUE(store->insert(upload));
  raw().exec("UPDATE uploads SET state = 'DREAMING'");
  EXPECT_EQ(code(store->find(upload.id)), "store_unavailable");
}

TEST_F(SqliteDatabase, AnOutboxRowWithALowerIdThanAPublishedOneIsStillDue) {
  const auto store = open_sqlite_uploads(file).value();
  const auto upload = an_upload();
  ASSERT_TRUE(store->insert(upload));
  raw().exec("UPDATE outbox SET id = 10");
  const std::int64_t published[] = {10};
  ASSERT_TRUE(store->outbox_published(published));
  SQLite::Database db = raw();
  change(db,
         "INSERT INTO outbox (id, upload, priority, available_at, envelope) VALUES (7, ?, 'live', 0, '{}')",
         upload.id);
  const auto due = store->outbox_due("relay", noon, noon, 10);
  ASSERT_EQ(due->size(), 1U);
  EXPECT_EQ(due->front().id, 7);
}

TEST_F(SqliteDatabase, EverySearchHasItsIndex) {
  ASSERT_TRUE(open_sqlite_uploads(file));
  for (const char* sql : {
           "SELECT 1 FROM uploads WHERE owner = '' AND id < '' ORDER BY id DESC",
           "SELECT 1 FROM uploads WHERE state = 'PENDING' AND expires <= 1 ORDER BY expires",
           "SELECT 1 FROM uploads WHERE gone = 0 AND state IN ('FAILED', 'EXPIRED') ORDER BY changed",
           "SELECT 1 FROM uploads WHERE state = 'PENDING' AND id > '' AND created < 1 ORDER BY id",
           "SELECT 1 FROM history WHERE owner = '' AND owner_sequence > 1 ORDER BY owner_sequence",
           "SELECT 1 FROM jobs WHERE priority = 'live' AND run_after <= 1 ORDER BY run_after, id",
           "DELETE FROM outbox WHERE upload = ''",
           "SELECT 1 FROM outbox WHERE available_at <= 1 ORDER BY available_at",
           "SELECT 1 FROM removals WHERE try_after <= 1 ORDER BY try_after, id",
           "SELECT count(*), min(at) FROM uploads_made WHERE owner = '' AND at >= 1",
           "SELECT 1 FROM guests WHERE seen < 1 AND (account IS NULL OR seen = 0) ORDER BY seen, owner",
           "DELETE FROM sessions WHERE expires <= 1",
           "DELETE FROM sessions WHERE owner = ''",
       }) {
    SQLite::Database db = raw();
    SQLite::Statement plan(db, std::string("EXPLAIN QUERY PLAN ") + sql);
    while (plan.executeStep()) {
      const std::string step = plan.getColumn(3);
      EXPECT_THAT(step, HasSubstr("SEARCH")) << sql;
      EXPECT_THAT(step, testing::Not(HasSubstr("TEMP B-TREE"))) << sql;
    }
  }
}

}  // namespace
}  // namespace orakgarak::storage
