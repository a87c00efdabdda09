// Several processes on one database, and one that is killed. No store is open while this forks.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <nlohmann/json.hpp>

#include "suite.h"

namespace orakgarak::uploads {
namespace {

using enum State;

struct Child {
  pid_t pid = -1;
  int says = -1;  ///< what it writes can be read here
};

/// Runs `body(fd)` in a child that ends with 0, or with 1 where it throws.
Child in_child(const std::function<void(int)>& body) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t pid = fork();
  if (pid != 0) {
    close(ends[1]);
    return {pid, ends[0]};
  }
  close(ends[0]);
  try {
    body(ends[1]);
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "child: %s\n", thrown.what());
    _exit(1);
  }
  _exit(0);
}

int wait_for(const Child& child) {
  int status = 0;
  waitpid(child.pid, &status, 0);
  close(child.says);
  return status;
}

/// Reads until `count` bytes have come or the other end is closed.
std::size_t read_bytes(int fd, std::size_t count) {
  std::size_t got = 0;
  char byte = 0;
  while (got < count && read(fd, &byte, 1) == 1) ++got;
  return got;
}

void say_done(int fd) {
  if (write(fd, ".", 1) != 1) throw std::runtime_error("nobody listens");
}

TEST_P(UploadStoreContract, TwoProcessesOnOneDatabaseMoveEachUploadOnce) {
  constexpr std::size_t count = 200;
  std::vector<Upload> uploads;
  for (std::size_t i = 0; i < count; ++i) uploads.push_back(new_upload());
  opened.reset();
  const auto race = [&](int fd) {
    const auto own = place->open();
    for (const Upload& upload : uploads) {
      const auto moved = own->move(step(upload, uploaded));
      if (moved)
        say_done(fd);
      else if (moved.error().code != "stale_version")
        throw std::runtime_error(moved.error().detail);
    }
  };
  const Child first = in_child(race), second = in_child(race);
  const std::size_t moved = read_bytes(first.says, count) + read_bytes(second.says, count);
  EXPECT_EQ(wait_for(first), 0);
  EXPECT_EQ(wait_for(second), 0);
  EXPECT_EQ(moved, count);
  opened = place->open();
  EXPECT_EQ(ok(store().list({.owner = {}, .state = uploaded, .kind = {}}, {}, all)).size(), count);
  EXPECT_EQ(ok(store().owner_events(owner, 0, all)).size(), 2 * count);
}

/// Uploads, history, sequence, jobs and outbox tell the same story. Gives the number of transitions.
std::size_t expect_consistent(UploadStore& store, const OwnerId& owner) {
  std::map<std::string, std::int64_t> told, asked;
  for (const OutboxRow& row : ok(store.outbox_due("check", noon, noon + minutes{1}, all))) {
    const auto event = nlohmann::json::parse(row.envelope);
    ++(event.at("type") == "orakgarak.upload.state_changed" ? told : asked)[row.key];
  }
  for (const Upload& upload : ok(store.list({}, std::nullopt, all))) {
    const auto history = ok(store.history(upload.id));
    EXPECT_EQ(static_cast<std::int64_t>(history.size()), upload.version);
    EXPECT_EQ(history.back().to, upload.state);
    EXPECT_EQ(told[upload.id.text()], upload.version);
    EXPECT_EQ(asked[upload.id.text()], upload.state == pending ? 0 : 1);
  }
  const auto events = ok(store.owner_events(owner, 0, all));
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].sequence, static_cast<int>(i) + 1);
  return events.size();
}

TEST_P(UploadStoreContract, AProcessKilledAmidThousandsOfMovesLeavesAConsistentDatabase) {
  opened.reset();
  std::size_t known = 0;
  for (const std::size_t acknowledged : {1U, 250U, 777U, 1500U}) {
    const Child child = in_child([&](int fd) {
      const auto own = place->open();
      for (;;) {
        const Upload upload = ok(own->insert(declared(owner)));
        say_done(fd);
        Move move = step(upload, uploaded);
        move.next = a_job(Stage::convert);
        const Upload moved = ok(own->move(move));
        say_done(fd);
        ok(own->move(step(moved, audio_converting)));
        say_done(fd);
      }
    });
    ASSERT_EQ(read_bytes(child.says, acknowledged), acknowledged);
    kill(child.pid, SIGKILL);
    known += acknowledged + read_bytes(child.says, all);
    EXPECT_TRUE(WIFSIGNALED(wait_for(child)));
    const auto reopened = place->open();
    const std::size_t kept = expect_consistent(*reopened, owner);
    EXPECT_GE(kept, known) << "what has returned is kept";
    known = kept;
  }
  opened = place->open();
  EXPECT_EQ(code_of(store().insert(declared(owner))), "no error") << "and it works on";
}

}  // namespace
}  // namespace orakgarak::uploads
