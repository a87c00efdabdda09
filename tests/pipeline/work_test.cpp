// Workers::work(): one job for one event, which is done with only when the job is.
#include <sqlite3.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "events/workers.h"
#include "pipeline.h"

namespace orakgarak::events {
namespace {

using namespace std::chrono_literals;
using namespace uploads;

class WorkOnEvents : public Pipeline {
 protected:
  /// A take whose check is asked for.
  Upload asked_for(int salt = 0) {
    now = system_now();
    const Upload take = announce(Kind::take, a_recording(salt));
    put(take, a_recording(salt));
    ok(object_arrived(*store, take.object_key, now));
    return take;
  }
  /// Whose own threads find nothing to do, so that only work() works.
  static WorkersOptions only_events(int threads = 1) {
    WorkersOptions options;
    options.threads = threads;
    options.stages = {Stage::thumbnail};
    options.look_every = 1h;
    return options;
  }
  /// `before` runs in each effect.
  Worker worker_with(const std::function<void()>& before) {
    Worker w = worker(*store, *objects);
    w.clock = system_now;
    w.effect = [before, effect = w.effect](Stage stage) -> StageEffect {
      return [before, effect, stage](const Upload& upload, const StillOurs& ours, StageMemory& memory) {
        before();
        return effect(stage)(upload, ours, memory);
      };
    };
    return w;
  }
};

TEST_F(WorkOnEvents, ReturnsWhenTheJobIsDone) {
  const Upload take = asked_for();
  const auto workers = start_workers(worker_with([] {}), only_events());
  EXPECT_TRUE(workers->work(Stage::check));
  EXPECT_EQ(now_in(take).state, State::uploaded);
}

TEST_F(WorkOnEvents, LeavesAJobOfAnotherStageAlone) {
  const Upload take = asked_for();
  const auto workers = start_workers(worker_with([] {}), only_events());
  EXPECT_TRUE(workers->work(Stage::convert)) << "an event for which nothing is due is done with";
  EXPECT_EQ(now_in(take).state, State::pending);
}

TEST_F(WorkOnEvents, TheSameEventAgainDoesNothing) {
  const Upload take = asked_for();
  const auto workers = start_workers(worker_with([] {}), only_events());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(workers->work(Stage::check));
  EXPECT_EQ(effects[Stage::check], 1);
}

TEST_F(WorkOnEvents, NeverMoreThanTheThreadsWorkAtOnceWhoeverAsks) {
  constexpr int threads = 2, takes = 8;
  std::vector<Upload> all;
  for (int i = 0; i < takes; ++i) all.push_back(asked_for(i));
  std::atomic<int> at_work = 0, most = 0;
  std::counting_semaphore<takes> began(0), go_on(0);
  WorkersOptions options = only_events(threads);
  options.stages = {Stage::check};  // these two take part as well
  const auto workers = start_workers(worker_with([&] {
                                       most = std::max(most.load(), ++at_work);
                                       began.release();
                                       go_on.acquire();
                                       --at_work;
                                     }),
                                     options);
  {
    std::vector<std::jthread> events;
    for (int i = 0; i < takes; ++i) events.emplace_back([&] { EXPECT_TRUE(workers->work(Stage::check)); });
    for (int i = 0; i < threads; ++i) began.acquire();
    for (int i = 0; i < takes; ++i) workers->wake();
    go_on.release(takes);
  }
  EXPECT_TRUE(workers->stop(1min));
  EXPECT_EQ(most, threads);
  for (const Upload& take : all) EXPECT_EQ(now_in(take).state, State::uploaded);
}

TEST_F(WorkOnEvents, AnEventThatWaitsForAThreadIsGivenBackWhenTheWorkStops) {
  const Upload first = asked_for(1), second = asked_for(2);
  std::binary_semaphore began(0), go_on(0);
  const auto workers = start_workers(worker_with([&] {
                                       began.release();
                                       go_on.acquire();
                                     }),
                                     only_events());
  std::jthread running([&] { EXPECT_TRUE(workers->work(Stage::check)) << "it came to its end"; });
  began.acquire();
  std::jthread stopping([&] { EXPECT_TRUE(workers->stop(1min)); });
  EXPECT_FALSE(workers->work(Stage::check)) << "nobody looked: it is to be told again";
  go_on.release();
  running.join();
  stopping.join();
  EXPECT_EQ(now_in(first).state, State::uploaded);
  EXPECT_EQ(now_in(second).state, State::pending);
  EXPECT_FALSE(workers->work(Stage::check));
}

TEST_F(WorkOnEvents, AnEventIsGivenBackWhileTheRowsAreAway) {
  const Upload take = asked_for();
  const auto sql = [&](const char* text) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "uploads.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, text, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  };
  sql("ALTER TABLE jobs RENAME TO away");
  std::atomic<int> complaints = 0;
  WorkersOptions options = only_events();
  options.complain = [&](const Error&) { ++complaints; };
  const auto workers = start_workers(worker_with([] {}), options);
  EXPECT_FALSE(workers->work(Stage::check));
  EXPECT_FALSE(workers->work(Stage::check));
  EXPECT_EQ(complaints, 1) << "once until a look succeeds";
  sql("ALTER TABLE away RENAME TO jobs");
  EXPECT_TRUE(workers->work(Stage::check));
  EXPECT_EQ(now_in(take).state, State::uploaded);
}

}  // namespace
}  // namespace orakgarak::events
