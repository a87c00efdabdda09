// The same rules with eight at once: some share a store, some have their own.
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "suite.h"

namespace orakgarak::uploads {
namespace {

using enum State;

constexpr int threads = 8;

TEST_P(UploadStoreContract, DuplicateMovesAndHintsFromEightThreadsGiveOneTransitionAndOneJob) {
  const Upload upload = new_upload();
  std::atomic<int> moved = 0, queued = 0;
  in_threads(*place, store(), threads, [&](UploadStore& own, int) {
    for (int i = 0; i < 1000 / threads; ++i) {
      const auto move = own.move(step(upload, uploaded));
      if (move)
        ++moved;
      else
        EXPECT_EQ(move.error().code, "stale_version") << move.error().detail;
      if (ok(own.enqueue(upload.id, a_job(Stage::check), noon))) ++queued;
    }
  });
  EXPECT_EQ(moved, 1);
  EXPECT_EQ(queued, 1);
  EXPECT_EQ(ok(store().history(upload.id)).size(), 2U);
  EXPECT_EQ(due().size(), 3U);  // two transitions, one job
}

TEST_P(UploadStoreContract, AJobIsClaimedByOneOfEightThreads) {
  constexpr std::size_t jobs = 200;
  for (std::size_t i = 0; i < jobs; ++i) ok(store().enqueue(new_upload().id, a_job(Stage::check), noon));
  std::mutex mutex;
  std::multiset<JobId> claimed;
  in_threads(*place, store(), threads, [&](UploadStore& own, int i) {
    const Stage stages[] = {Stage::check};
    while (auto claim = ok(own.claim(stages, "worker " + std::to_string(i), noon, noon + minutes{1}))) {
      const std::lock_guard lock(mutex);
      claimed.insert(claim->job.id);
    }
  });
  EXPECT_EQ(claimed.size(), jobs);
  EXPECT_EQ(std::set(claimed.begin(), claimed.end()).size(), jobs);
}

TEST_P(UploadStoreContract, AnOwnersSequenceIsDenseAndInTheOrderOfCommits) {
  std::atomic<bool> writing = true;
  std::vector<OwnerEvent> read;
  std::jthread reader([&, own = place->open()] {
    // Whoever reads on from the last number misses none: nothing is committed later with a lower one.
    for (bool last_round = false; !last_round;) {
      last_round = !writing;
      const auto events = own->owner_events(owner, static_cast<std::int64_t>(read.size()), all);
      ASSERT_TRUE(events) << events.error().detail;
      for (const OwnerEvent& event : *events) {
        ASSERT_EQ(event.sequence, static_cast<std::int64_t>(read.size()) + 1);
        read.push_back(event);
      }
    }
  });
  in_threads(*place, store(), threads, [&](UploadStore& own, int) {
    for (int i = 0; i < 20; ++i) bring_to(own, audio_converted, Kind::take, owner);
  });
  writing = false;
  reader.join();
  EXPECT_EQ(read.size(), std::size_t{threads} * 20 * 4);
  std::map<UploadId, std::int64_t> versions;
  for (const OwnerEvent& event : read) EXPECT_EQ(event.entry.version, ++versions[event.upload]);
}

TEST_P(UploadStoreContract, EraseAndMoveAtOnceLeaveNoHalf) {
  for (int round = 0; round < 20; ++round) {
    const Upload upload = new_upload();
    in_threads(*place, store(), 2, [&](UploadStore& own, int i) {
      if (i == 0)
        ok(own.erase(upload.id, noon));
      else
        (void)own.move(step(upload, uploaded));
    });
    EXPECT_EQ(place->tables_mentioning(upload.id.text()), std::vector<std::string>{"removals"});
  }
}

TEST_P(UploadStoreContract, EightThreadsMayOpenANewDatabaseAtOnce) {
  opened.reset();
  place = GetParam().make();
  std::atomic<int> inserted = 0;
  std::vector<std::jthread> openers;
  for (int i = 0; i < threads; ++i)
    openers.emplace_back([&] {
      try {
        ok(place->open()->insert(declared(owner)));
        ++inserted;
      } catch (const std::exception& thrown) {
        ADD_FAILURE() << thrown.what();
      }
    });
  openers.clear();
  EXPECT_EQ(inserted, threads);
}

}  // namespace
}  // namespace orakgarak::uploads
