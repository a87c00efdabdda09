// What other processes commit is heard, and when it may not have been, that is said.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "../postgres_place.h"

namespace orakgarak::storage {
namespace {

using namespace std::chrono_literals;
using uploads::OwnerId;

const Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{12}};

uploads::NewUpload an_upload_of(const OwnerId& owner) {
  const auto id = uploads::UploadId::make(noon);
  return {.id = id,
          .owner = owner,
          .declared = {.content_type = {}, .sha256 = {}, .file_name = {}},
          .object_key = id.text(),
          .now = noon,
          .expires = noon,
          .traceparent = {}};
}

/// What was heard so far, and a wait for more.
class Ear {
 public:
  PostgresWatch watch() {
    return {.moved = [this](const OwnerId& owner) { note([&] { moved.push_back(owner); }); },
            .outbox = [this] { note([&] { ++outbox; }); },
            .missed = [this] { note([&] { ++missed; }); }};
  }
  /// Waits until it is so; the server may be busy.
  bool hears(const std::function<bool()>& so) {
    std::unique_lock lock(mutex_);
    return heard_.wait_for(lock, 60s, so);
  }
  bool has(const OwnerId& owner) const { return std::ranges::find(moved, owner) != moved.end(); }

  std::vector<OwnerId> moved;
  int outbox = 0, missed = 0;

 private:
  void note(const std::function<void()>& change) {
    const std::lock_guard lock(mutex_);
    change();
    heard_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable heard_;
};

class PostgresWatches : public testing::Test {
 protected:
  void end_listeners() const {
    database.run(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND "
        "query LIKE 'LISTEN%'");
  }
  PostgresDatabase database;
};

TEST_F(PostgresWatches, TheTransitionOfAnotherProcessIsHeard) {
  database.open();
  const OwnerId owner = OwnerId::make(noon);
  int start[2];
  ASSERT_EQ(pipe(start), 0);
  const pid_t child = fork();  // before this process has a thread
  if (child == 0) {
    char byte = 0;
    if (read(start[0], &byte, 1) != 1) _exit(2);
    _exit(postgres_uploads(database.open())->insert(an_upload_of(owner)) ? 0 : 1);
  }
  Ear ear;
  const auto watching = watch_postgres({.url = database.url()}, ear.watch());
  ASSERT_TRUE(ear.hears([&] { return ear.missed == 1; })) << "it listens from here on";
  ASSERT_EQ(write(start[1], ".", 1), 1);
  EXPECT_TRUE(ear.hears([&] { return ear.has(owner) && ear.outbox >= 1; }));
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  for (const int end : start) close(end);
}

TEST_F(PostgresWatches, WhatIsRolledBackIsNotHeard) {
  const auto store = postgres_uploads(database.open());
  Ear ear;
  const auto watching = watch_postgres({.url = database.url()}, ear.watch());
  ASSERT_TRUE(ear.hears([&] { return ear.missed == 1; }));
  auto refused = an_upload_of(OwnerId::make(noon));
  refused.declared.size = 2;
  refused.quota.total_bytes = 1;
  EXPECT_FALSE(store->insert(refused));
  const OwnerId after = OwnerId::make(noon);
  ASSERT_TRUE(store->insert(an_upload_of(after)));
  EXPECT_TRUE(ear.hears([&] { return ear.has(after); }));
  EXPECT_FALSE(ear.has(refused.owner));
}

TEST_F(PostgresWatches, AfterALostConnectionAnyMayHaveBeenMissedAndTheNextIsHeard) {
  const auto store = postgres_uploads(database.open());
  Ear ear;
  const auto watching = watch_postgres({.url = database.url()}, ear.watch());
  for (int round = 1; round <= 3; ++round) {
    ASSERT_TRUE(ear.hears([&] { return ear.missed == round; }));
    const OwnerId owner = OwnerId::make(noon);
    ASSERT_TRUE(store->insert(an_upload_of(owner)));
    EXPECT_TRUE(ear.hears([&] { return ear.has(owner); }));
    end_listeners();
  }
}

TEST_F(PostgresWatches, WhatOthersSayOnItsChannelHarmsNobody) {
  const auto store = postgres_uploads(database.open());
  Ear ear;
  const auto watching = watch_postgres({.url = database.url()}, ear.watch());
  ASSERT_TRUE(ear.hears([&] { return ear.missed == 1; }));
  database.run("SELECT pg_notify('orakgarak_moved', 'nobody'), pg_notify('orakgarak_moved', '')");
  const OwnerId owner = OwnerId::make(noon);
  ASSERT_TRUE(store->insert(an_upload_of(owner)));
  EXPECT_TRUE(ear.hears([&] { return ear.has(owner); }));
  EXPECT_EQ(ear.moved.size(), 1U);
}

TEST_F(PostgresWatches, ItEndsAtOnceAlsoWhereNoServerIs) {
  Ear ear;
  for (const std::string& url : {std::string("postgres://app@127.0.0.1:1/x"), database.url()}) {
    const auto before = std::chrono::steady_clock::now();
    watch_postgres({.url = url}, ear.watch());
    EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
  }
}

}  // namespace
}  // namespace orakgarak::storage
