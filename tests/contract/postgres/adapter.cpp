// What is PostgreSQL's own: opening, migrating, a pool, and servers that do not do what they should. What
// every store keeps is in tests/contract/upload_store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <thread>

#include "../postgres_place.h"
#include "storage/postgres/migrate.h"
#include "storage/postgres/pool.h"

namespace orakgarak::storage {
namespace {

using namespace std::chrono_literals;
using namespace postgres;
using testing::HasSubstr;
using testing::Not;

const Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{12}};

std::string code(const auto& result) { return result ? "" : result.error().code; }

uploads::NewUpload an_upload() {
  const auto id = uploads::UploadId::make(noon);
  return {.id = id,
          .owner = uploads::OwnerId::make(noon),
          .declared = {.content_type = {}, .sha256 = {}, .file_name = {}},
          .object_key = id.text(),
          .now = noon,
          .expires = noon,
          .traceparent = {}};
}

class Postgres : public testing::Test {
 protected:
  PostgresOptions options() const { return {.url = database.url()}; }
  std::shared_ptr<PostgresPool> pool(PostgresOptions options) const {
    auto opened = open_postgres(options);
    if (!opened) throw std::runtime_error(opened.error().detail);
    return *std::move(opened);
  }
  std::shared_ptr<PostgresPool> pool() const { return pool(options()); }

  /// Ends every session of the program, as a server does that is stopped.
  void end_sessions() const {
    database.run(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND "
        "application_name = 'orakgarak'");
  }
  std::string count_sessions() const {
    return database.run(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = "
        "'orakgarak'")[0];
  }
  std::string with(const std::string& part, const std::string& instead) const {
    std::string url = database.url();
    return url.replace(url.find(part), part.size(), instead);
  }

  PostgresDatabase database;
};

Result<std::int64_t> one(Connection& db, const std::string& sql) {
  return first_row(query(db, sql), [](Row& row) { return row.integer(); }).value();
}

TEST_F(Postgres, WhatCannotBeOpenedIsNamedAndRefusedForGood) {
  for (const auto& [url, says] :
       {std::pair{with(database.name(), "nowhere"), "create it"},
        std::pair{with("secret", "wrong-word"), "check the user, the password"},
        std::pair{with("app:secret", "nobody:secret"), "check the user, the password"},
        std::pair{with(":secret", ""), "check the user, the password"}}) {
    const auto opened = open_postgres({.url = url});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "store_unusable") << opened.error().detail;
    EXPECT_EQ(opened.error().kind, ErrorKind::rejected);
    EXPECT_THAT(opened.error().detail, HasSubstr(says));
  }
}

TEST_F(Postgres, AServerThatIsNotThereIsWaitedForByTheCaller) {
  const auto opened = open_postgres({.url = "postgres://app:secret@127.0.0.1:1/x"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "store_unavailable");
  EXPECT_EQ(opened.error().kind, ErrorKind::retry);
  EXPECT_THAT(opened.error().detail, HasSubstr("x on 127.0.0.1:1 "));
}

TEST_F(Postgres, AServerThatTakesConnectionsAndSaysNothingCostsThePatienceAlone) {
  const int silent = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(silent, 8), 0);
  ASSERT_EQ(getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const auto before = std::chrono::steady_clock::now();
  const auto opened =
      open_postgres({.url = "postgres://app@127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/x",
                     .patience = 200ms});
  EXPECT_EQ(code(opened), "store_unavailable");
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
  close(silent);
}

TEST_F(Postgres, NoErrorTellsThePassword) {
  std::vector<std::string> details;
  for (const std::string& url :
       {with("secret", "hush-hush"), with(":secret", ":hush-hush").replace(0, 8, "postgresql"),
        std::string("postgres://app:hush/hush@127.0.0.1/x"),
        std::string("postgres://app:hush@hush@127.0.0.1/x"),
        std::string("postgres://app:hush?hush@127.0.0.1/x"),
        std::string("postgres://app:hush%hush@127.0.0.1/x"),
        std::string("postgres://app:hush#hush@127.0.0.1:1/x"),
        std::string("host=127.0.0.1 password=hush-hush"),
        std::string("postgres://app@127.0.0.1:1/x?password=hush-hush"),
        std::string("postgres://app:hush@127.0.0.1:1/x?nonsense=hush")}) {
    const auto opened = open_postgres({.url = url});
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().detail, Not(HasSubstr("hush")));
    for (const auto& hop : opened.error().hops) EXPECT_THAT(hop.doing, Not(HasSubstr("hush")));
  }
}

TEST_F(Postgres, SessionsAreHeldToTheirTimes) {
  const auto shown = [](Connection& db) -> Result<std::string> {
    return first_row(query(db,
                           "SELECT concat_ws(' ', current_setting('statement_timeout'), "
                           "current_setting('idle_in_transaction_session_timeout'), "
                           "current_setting('application_name'), current_setting('client_encoding'), "
                           "current_setting('default_transaction_isolation'))"),
                     [](Row& row) { return row.text(); })
        .value();
  };
  EXPECT_EQ(pool()->read(shown).value(), "10s 10s orakgarak UTF8 read committed");
  EXPECT_EQ(pool({.url = database.url(), .statement = 1234ms})->read(shown).value(),
            "1234ms 1234ms orakgarak UTF8 read committed");
}

TEST_F(Postgres, MigrationsRunOnceInTheirOrderAndAllOrNone) {
  constexpr Migration first{"001_a", "CREATE TABLE a (x int)"}, second{"002_b", "ALTER TABLE a RENAME TO b"},
      wrong{"002_b", "CREATE TABLE half (x int); CREATE TABLE a (x int)"};
  const Migration one[] = {first}, both[] = {first, second}, broken[] = {first, wrong};
  const auto address = Address::parse(database.url()).value();
  const auto run = [&](std::span<const Migration> known) {
    Connection db(address, options());
    return migrate(db, known);
  };
  const auto there = [&](const std::string& table) {
    return !database.run("SELECT 1 WHERE to_regclass('" + table + "') IS NOT NULL").empty();
  };
  EXPECT_TRUE(run(one));
  EXPECT_THROW((void)run(broken), StatementFailed);
  EXPECT_FALSE(there("half"));
  EXPECT_EQ(database.run("SELECT max(version) FROM schema_version")[0], "1");
  EXPECT_TRUE(run(both));
  EXPECT_TRUE(run(both));
  EXPECT_TRUE(there("b"));
  EXPECT_EQ(code(run(one)), "store_newer");
}

TEST_F(Postgres, EveryMigrationIsNumberedByItsPlace) {
  int place = 0;
  for (const Migration& migration : migrations()) {
    ++place;
    EXPECT_EQ(std::stoi(migration.name), place) << migration.name;
  }
  EXPECT_GT(place, 0);
}

TEST_F(Postgres, ProcessesThatStartAtOnceMigrateOnce) {
  std::array<pid_t, 4> children{};
  for (pid_t& child : children) {
    child = fork();
    if (child != 0) continue;
    const auto opened = open_postgres(options());
    if (!opened) std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
    _exit(opened ? 0 : 1);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(database.run("SELECT count(*) FROM schema_version")[0], std::to_string(migrations().size()));
}

TEST_F(Postgres, ADatabaseOfANewerProgramIsRefusedAndLeftAlone) {
  pool();
  database.run("INSERT INTO schema_version VALUES (99, '099_later')");
  const auto opened = open_postgres(options());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "store_newer");
  EXPECT_EQ(opened.error().kind, ErrorKind::rejected);
  EXPECT_THAT(opened.error().detail, HasSubstr("99"));
}

TEST_F(Postgres, ADatabaseThatIsNotInUtf8IsRefused) {
  const std::string name = database.name() + "_latin";
  database.run("CREATE DATABASE " + name + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  const auto opened = open_postgres({.url = with(database.name(), name)});
  EXPECT_EQ(code(opened), "store_unusable");
  EXPECT_THAT(opened.error().detail, HasSubstr("LATIN1"));
  database.run("DROP DATABASE " + name + " WITH (FORCE)");
}

TEST_F(Postgres, AUserWithoutRightsIsToldSo) {
  const std::string user = database.name() + "_user";
  database.run("CREATE ROLE " + user + " LOGIN PASSWORD 'word'");
  const auto opened = open_postgres({.url = with("app:secret", user + ":word")});
  EXPECT_EQ(code(opened), "store_unusable");
  EXPECT_THAT(opened.error().detail, HasSubstr("permission denied"));
  EXPECT_THAT(opened.error().detail, HasSubstr("give its user the right"));
  database.run("DROP ROLE " + user);
}

TEST_F(Postgres, APoolThatIsExhaustedBeyondItsPatienceSaysSoAndRecovers) {
  const auto small = pool({.url = database.url(), .connections = 2, .patience = 2s});
  std::latch lent(3), enough(1);
  std::vector<std::jthread> users;
  for (int i = 0; i < 2; ++i)
    users.emplace_back([&] {
      EXPECT_TRUE(small->read([&](Connection& db) {
        lent.arrive_and_wait();
        enough.wait();
        return one(db, "SELECT 1::bigint");
      }));
    });
  lent.arrive_and_wait();
  EXPECT_EQ(postgres_load(*small).busy, 2);
  EXPECT_EQ(postgres_load(*small).most, 2);
  const auto refused = small->read([](Connection& db) { return one(db, "SELECT 1::bigint"); });
  ASSERT_EQ(code(refused), "store_unavailable");
  EXPECT_EQ(refused.error().kind, ErrorKind::retry);
  EXPECT_THAT(refused.error().detail, HasSubstr("All 2 connections"));
  EXPECT_EQ(count_sessions(), "2");
  enough.count_down();
  users.clear();
  EXPECT_TRUE(small->read([](Connection& db) { return one(db, "SELECT 1::bigint"); }));
  EXPECT_EQ(postgres_load(*small).busy, 0);
  EXPECT_EQ(postgres_load(*small).idle, 2);
}

TEST_F(Postgres, WhoWaitsForAConnectionGetsTheNextThatIsFree) {
  const auto single = pool({.url = database.url(), .connections = 1});
  std::atomic<int> done = 0;
  std::vector<std::jthread> users;
  for (int i = 0; i < 8; ++i)
    users.emplace_back([&] {
      for (int round = 0; round < 20; ++round)
        done += single->read([](Connection& db) { return one(db, "SELECT 1::bigint"); }) ? 1 : 0;
    });
  users.clear();
  EXPECT_EQ(done, 160);
  EXPECT_EQ(count_sessions(), "1");
}

TEST_F(Postgres, AStatementBeyondItsTimeEndsAndItsConnectionWorksOn) {
  const auto hasty = pool({.url = database.url(), .connections = 1, .statement = 300ms});
  const auto slow =
      hasty->write([](Connection& db) { return one(db, "SELECT 1::bigint FROM pg_sleep(60)"); });
  ASSERT_EQ(code(slow), "store_unavailable");
  EXPECT_THAT(slow.error().detail, HasSubstr("a statement took longer than it may"));
  EXPECT_TRUE(hasty->write([](Connection& db) { return one(db, "SELECT 1::bigint"); }));
}

TEST_F(Postgres, AServerThatStopsAnsweringIsGivenUp) {
  const auto hasty = pool({.url = database.url(), .connections = 1, .patience = 2s, .statement = 300ms});
  const auto stuck = hasty->read([](Connection& db) {
    db.execute("SET statement_timeout = 0");  // as if the server could not
    return one(db, "SELECT 1::bigint FROM pg_sleep(60)");
  });
  EXPECT_EQ(code(stuck), "store_unavailable");
  EXPECT_THAT(stuck.error().detail, HasSubstr("did not answer in time"));
}

TEST_F(Postgres, ATransactionThatIsLeftOpenIsEndedByTheServer) {
  const auto hasty = pool({.url = database.url(), .statement = 300ms});
  const auto left = hasty->write([&](Connection& db) {
    for (int i = 0; i < 500 && count_sessions() != "0"; ++i) std::this_thread::sleep_for(10ms);
    return one(db, "SELECT 1::bigint");
  });
  EXPECT_EQ(code(left), "store_unavailable");
  EXPECT_TRUE(hasty->write([](Connection& db) { return one(db, "SELECT 1::bigint"); }));
}

TEST_F(Postgres, AfterTheServerHasRestartedTheNextCallsWork) {
  const auto store = postgres_uploads(pool());
  const auto upload = an_upload();
  ASSERT_TRUE(store->insert(upload));
  for (int round = 0; round < 5; ++round) {
    end_sessions();
    EXPECT_EQ(code(store->find(upload.id)), "");
    end_sessions();
    EXPECT_EQ(code(store->insert(an_upload())), "");
  }
}

TEST_F(Postgres, AConnectionThatBreaksAmidATransactionUndoesItAndIsReplaced) {
  const auto shared = pool();
  const auto broken = shared->write([&](Connection& db) -> Result<int> {
    change(db, "INSERT INTO closed_owners (owner, at) VALUES ($1, 1)", uploads::OwnerId::make(noon));
    end_sessions();
    return static_cast<int>(change(db, "DELETE FROM closed_owners"));
  });
  EXPECT_EQ(code(broken), "store_unavailable");
  EXPECT_THAT(broken.error().detail, Not(HasSubstr("may have been done")));
  EXPECT_EQ(
      shared->read([](Connection& db) { return one(db, "SELECT count(*) FROM closed_owners"); }).value(), 0);
}

TEST_F(Postgres, AConnectionThatBreaksInTheCommitLeavesItOpenWhatHappened) {
  const auto broken = pool()->write([&](Connection& db) -> Result<int> {
    change(db, "INSERT INTO closed_owners (owner, at) VALUES ($1, 1)", uploads::OwnerId::make(noon));
    end_sessions();
    return 1;
  });
  EXPECT_EQ(code(broken), "store_unavailable");
  EXPECT_EQ(broken.error().kind, ErrorKind::retry);
  EXPECT_THAT(broken.error().detail, HasSubstr("It may have been done"));
}

TEST_F(Postgres, TwoTransactionsThatCrossBothComeToAnEnd) {
  const auto shared = pool();
  ASSERT_TRUE(shared->write([](Connection& db) -> Result<int> {
    db.execute(
        "SET LOCAL statement_timeout = 0; INSERT INTO closed_owners "
        "SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, 0 FROM generate_series(0, 1) n");
    return 0;
  }));
  std::atomic<int> tries = 0;
  std::latch both(2);
  const auto cross = [&](int first) {
    bool met = false;
    return shared->write([&](Connection& db) -> Result<int> {
      ++tries;
      db.execute("SET LOCAL deadlock_timeout = '20ms'");
      for (const int n : {first, 1 - first}) {
        change(db, "UPDATE closed_owners SET at = at + 1 WHERE owner = $1",
               uploads::OwnerId::parse("00000000-0000-0000-0000-00000000000" + std::to_string(n)).value());
        if (!met) both.arrive_and_wait();
        met = true;
      }
      return 0;
    });
  };
  std::jthread other([&] { EXPECT_EQ(code(cross(1)), ""); });
  EXPECT_EQ(code(cross(0)), "");
  other.join();
  EXPECT_GT(tries, 2) << "one of them was tried again";
  EXPECT_EQ(database.run("SELECT sum(at) FROM closed_owners")[0], "4") << "and none was done twice";
}

TEST_F(Postgres, ASerialisationFailureIsTriedAgainSoOftenAndNoMore) {
  int tries = 0;
  const auto never = pool()->write([&](Connection& db) -> Result<int> {
    ++tries;
    db.execute("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
    return 0;
  });
  EXPECT_EQ(code(never), "store_unavailable");
  EXPECT_EQ(tries, 8);
}

TEST_F(Postgres, AServerThatTakesNoChangesAnyMoreIsLookedForAnew) {
  const auto single = pool({.url = database.url(), .connections = 1});
  const auto store = postgres_uploads(single);
  (void)single->read([](Connection& db) -> Result<int> {
    db.execute("SET default_transaction_read_only = on");  // as on a server that is a standby by now
    return 0;
  });
  EXPECT_EQ(code(store->insert(an_upload())), "");
}

TEST_F(Postgres, AStatementPreparedBeforeTheSchemaChangedIsPreparedAnew) {
  const auto single = pool({.url = database.url(), .connections = 1});
  database.run("CREATE TABLE t (a bigint); INSERT INTO t VALUES (7)");
  const auto read = [&] { return single->read([](Connection& db) { return one(db, "SELECT * FROM t"); }); };
  EXPECT_EQ(read().value(), 7);
  database.run("ALTER TABLE t ADD COLUMN b bigint");
  EXPECT_EQ(read().value(), 7);
}

TEST_F(Postgres, TextThatPostgresqlCannotKeepIsRefusedForGoodAndNothingHappens) {
  const auto store = postgres_uploads(pool());
  for (const std::string& text : {std::string("a\0b", 3), std::string("\xFF"), std::string("\xED\xA0\x80")}) {
    auto upload = an_upload();
    upload.declared.content_type = text;
    const auto refused = store->insert(upload);
    ASSERT_EQ(code(refused), "unstorable_text");
    EXPECT_EQ(refused.error().kind, ErrorKind::rejected);
    EXPECT_EQ(code(store->find(upload.id)), "no_such_upload");
    upload.declared.content_type = "audio/webm";
    upload.declared.file_name = text;  // what people wrote is bytes
    ASSERT_EQ(code(store->insert(upload)), "");
    EXPECT_EQ(store->find(upload.id)->declared.file_name, text);
  }
}

TEST_F(Postgres, AWordThatThisProgramDoesNotKnowIsAnErrorNotAGuess) {
  const auto store = postgres_uploads(pool());
  const auto upload = an_upload();
  ASSERT_TRUE(store->insert(upload));
  database.run("UPDATE uploads SET state = 'DREAMING'");
  EXPECT_EQ(code(store->find(upload.id)), "store_unavailable");
}

TEST_F(Postgres, EverySearchHasItsIndex) {
  const auto shared = pool();
  constexpr const char* id = "'00000000-0000-0000-0000-000000000000'";
  for (const char* sql : {
           "SELECT 1 FROM uploads WHERE owner = {0} AND id < {0} ORDER BY id DESC LIMIT 10",
           "SELECT 1 FROM uploads WHERE state = 'UPLOADED' AND id < {0} ORDER BY id DESC LIMIT 10",
           "SELECT 1 FROM uploads WHERE state = 'PENDING' AND expires <= 1 ORDER BY expires LIMIT 10",
           "SELECT 1 FROM uploads WHERE NOT gone AND state IN ('FAILED', 'EXPIRED') AND changed < 1 "
           "ORDER BY changed LIMIT 10",
           "SELECT 1 FROM uploads WHERE state = 'PENDING' AND id > {0} AND created < 1 ORDER BY id LIMIT 10",
           "SELECT 1 FROM history WHERE owner = {0} AND owner_sequence > 1 ORDER BY owner_sequence LIMIT 10",
           "SELECT 1 FROM history WHERE upload = {0} ORDER BY version",
           "SELECT 1 FROM jobs WHERE stage = 'check' AND priority = 'live' AND run_after <= 1 "
           "ORDER BY run_after, id LIMIT 1",
           "SELECT 1 FROM jobs WHERE upload = {0}",
           "SELECT 1 FROM dead_letters ORDER BY at, job LIMIT 10",
           "DELETE FROM dead_letters WHERE upload = {0}",
           "SELECT 1 FROM decisions ORDER BY id DESC LIMIT 10",
           "DELETE FROM outbox WHERE upload = {0}",
           "SELECT 1 FROM outbox WHERE available_at <= 1 ORDER BY available_at LIMIT 1",
           "SELECT 1 FROM removals WHERE try_after <= 1 ORDER BY try_after, id LIMIT 10",
           "SELECT count(*), min(at) FROM uploads_made WHERE owner = {0} AND at >= 1",
           "DELETE FROM closed_owners WHERE at < 1",
           "SELECT 1 FROM guests WHERE seen < 1 AND (account IS NULL OR seen = 0) ORDER BY seen, owner LIMIT "
           "10",
           "DELETE FROM sessions WHERE expires <= 1",
           "DELETE FROM sessions WHERE owner = {0}",
       }) {
    std::string plan = "EXPLAIN " + std::string(sql);
    for (auto at = plan.find("{0}"); at != std::string::npos; at = plan.find("{0}")) plan.replace(at, 3, id);
    // Of empty tables the planner would rather read all.
    const auto steps =
        psql(database.url() + "?options=-cenable_seqscan%3Doff%20-cenable_bitmapscan%3Doff", plan);
    const std::string text = testing::PrintToString(steps);
    EXPECT_THAT(text, HasSubstr("Index")) << sql;
    EXPECT_THAT(text, Not(HasSubstr("Seq Scan"))) << sql;
    EXPECT_THAT(text, Not(HasSubstr("Sort"))) << sql;
  }
}

}  // namespace
}  // namespace orakgarak::storage
