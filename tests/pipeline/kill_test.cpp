// SIGKILL at every boundary: before and after each change of the rows, before and after each effect. Started
// again, no upload is lost, none is stuck, and nothing is done twice that must be done once.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "pipeline.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;

/// Dies at the n-th boundary that it passes.
class Fuse {
 public:
  explicit Fuse(int boundaries) : left_(boundaries) {}
  void boundary() {
    if (left_-- == 0) ::raise(SIGKILL);
  }

 private:
  int left_;
};

bool stage_is_of(Kind kind, Stage stage) {
  const bool picture = stage == Stage::optimize || stage == Stage::thumbnail;
  return stage == Stage::check || picture == (medium_of(kind) == Medium::image);
}

class PipelineKilled : public Pipeline, public testing::WithParamInterface<Kind> {
 protected:
  /// A process that works until nothing is due or the fuse blows; whether it was killed.
  bool work_until(int boundary) {
    const pid_t child = ::fork();
    if (child == 0) {
      Fuse fuse(boundary);
      const auto mine = open_store();
      const auto my_objects = open_objects();
      Worker w = worker(*mine, *my_objects);
      const auto effect = w.effect;
      w.effect = [&](Stage stage) -> StageEffect {
        return [&, stage](const Upload& upload, const StillOurs& ours) {
          fuse.boundary();
          auto done = effect(stage)(upload, ours);
          fuse.boundary();
          return done;
        };
      };
      w.clock = [&] {  // asked before every claim and every move
        fuse.boundary();
        return now;
      };
      for (;;) {
        const auto ran = run_one(w, every_stage);
        fuse.boundary();
        if (!ran || *ran == Ran::nothing) ::_exit(ran ? 0 : 1);
      }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }
};
INSTANTIATE_TEST_SUITE_P(, PipelineKilled, testing::Values(Kind::take, Kind::album_cover),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST_P(PipelineKilled, AtEveryBoundaryNothingIsLostOrStuckOrDoneTwice) {
  const std::string bytes = GetParam() == Kind::take ? a_recording() : a_picture();
  int boundary = 0, killed = 0;
  std::set<State> left_in;
  for (;; ++boundary) {
    const Upload upload = announce(GetParam(), bytes);
    put(upload, bytes);
    ok(object_arrived(*store, upload.object_key, now));
    if (!work_until(boundary)) break;
    ++killed;
    left_in.insert(now_in(upload).state);
    now += 61s;  // the lease of the dead one has ended
    run_all();
    EXPECT_EQ(now_in(upload).state, State::completed) << "killed at boundary " << boundary;
    const auto history = ok(store->history(upload.id));
    EXPECT_EQ(history.size(), GetParam() == Kind::take ? 8U : 5U) << states_of(upload);
    std::vector<State> seen;
    for (const auto& entry : history) seen.push_back(entry.to);
    std::ranges::sort(seen);
    EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end()) << states_of(upload);
  }
  EXPECT_GE(killed, GetParam() == Kind::take ? 15 : 10);
  // The child was killed in every state that its kind passes through.
  for (const Step& step : steps()) {
    if (step.at == State::pending || !stage_is_of(GetParam(), step.stage)) continue;
    EXPECT_TRUE(left_in.contains(step.at)) << to_string(step.at);
  }
}

}  // namespace
}  // namespace orakgarak::uploads
