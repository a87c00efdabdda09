// SIGKILL at every boundary: before and after each change of the rows, before and after each effect. Started
// again, no upload is lost, none is stuck, and nothing is done twice that must be done once.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "pipeline.h"
#include "recordings.h"

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

/// The work of `worker` until nothing is due or the fuse blows, in a process of its own; whether it was
/// killed.
bool killed_while(const std::function<bool(Fuse&)>& work, int boundary) {
  const pid_t child = ::fork();
  if (child == 0) {
    Fuse fuse(boundary);
    ::_exit(work(fuse) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0) throw std::runtime_error("the work failed");
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/// One thing that is sent, and what its life is.
struct Sent {
  const char* name;
  Kind kind;
  std::string (*bytes)();
  std::vector<State> life;
  std::vector<std::string> left;  ///< objects under derived/<id>/ at its end
};

class PipelineKilled : public Pipeline, public testing::WithParamInterface<Sent> {
 protected:
  bool work_until(int boundary, bool goes_on) {
    const auto work = [&, goes_on](Fuse& fuse) {
      const auto mine = open_store();
      const auto my_objects = open_objects();
      Worker w = real_worker(*mine, *my_objects);
      w.goes_on = goes_on;
      const auto effect = w.effect;
      w.effect = [&](Stage stage) -> StageEffect {
        return [&, stage](const Upload& upload, const StillOurs& ours, StageMemory& memory) {
          fuse.boundary();
          auto done = effect(stage)(upload, ours, memory);
          fuse.boundary();
          return done;
        };
      };
      w.clock = [&] {  // asked before every claim and every move, and now and then by every effect
        fuse.boundary();
        return now;
      };
      for (;;) {
        const auto ran = run_one(w, every_stage);
        fuse.boundary();
        if (!ran || *ran == Ran::nothing) return ran.has_value();
      }
    };
    return killed_while(work, boundary);
  }
  void go_on() {
    now += 61s;  // the lease of the dead one has ended
    const Worker w = real_worker(*store, *objects);
    while (ok(run_one(w, every_stage)) != Ran::nothing) {
    }
  }
  std::vector<State> life_of(const Upload& upload) {
    std::vector<State> life;
    for (const auto& entry : ok(store->history(upload.id))) life.push_back(entry.to);
    return life;
  }
  std::vector<std::string> left_of(const Upload& upload) {
    std::vector<std::string> names;
    for (const auto& object : ok(objects->list(derived_prefix(upload.id), "", 10)))
      names.push_back(object.key.substr(derived_prefix(upload.id).size()));
    return names;
  }
};
INSTANTIATE_TEST_SUITE_P(
    , PipelineKilled,
    testing::Values(
        Sent{"Take",
             Kind::take,
             [] { return sung_as({"-t", "4"}, "a.flac"); },
             {State::pending, State::uploaded, State::audio_converting, State::audio_converted,
              State::voice_analysis_pending, State::voice_analyzing, State::voice_analyzed, State::completed},
             {}},
        Sent{"Cover",
             Kind::album_cover,
             [] { return by_ffmpeg({"-f", "lavfi", "-i", "testsrc=s=400x300", "-frames:v", "1"}, "a.png"); },
             {State::pending, State::uploaded, State::image_optimizing, State::thumbnail_generating,
              State::completed},
             {"optimized.jpg", "thumbnail.jpg"}},
        Sent{"TakeThatIsNone",
             Kind::take,
             [] { return sung_wav().substr(0, 12) + std::string(5000, '\x5A'); },
             {State::pending, State::uploaded, State::audio_converting, State::failed},
             {}}),
    [](const auto& info) { return info.param.name; });

TEST_P(PipelineKilled, AtEveryBoundaryNothingIsLostOrStuckOrDoneTwice) {
  const std::string bytes = GetParam().bytes();
  const auto& life = GetParam().life;
  for (const bool goes_on : {false, true}) {
    SCOPED_TRACE(goes_on ? "going on from stage to stage" : "a stage at a time");
    std::set<State> left_in;
    for (int boundary = 0;; ++boundary) {
      const Upload upload = announce(GetParam().kind, bytes);
      put(upload, bytes);
      ok(object_arrived(*store, upload.object_key, now));
      if (!work_until(boundary, goes_on)) break;
      left_in.insert(now_in(upload).state);
      go_on();
      EXPECT_EQ(life_of(upload), life) << "killed at boundary " << boundary;
      EXPECT_EQ(left_of(upload), GetParam().left) << "killed at boundary " << boundary;
      EXPECT_EQ(store->report(upload.id).has_value(),
                life.back() == State::completed && GetParam().kind == Kind::take);
    }
    EXPECT_EQ(left_in, std::set<State>(life.begin(), life.end()))
        << "it was killed in every one of its states";
  }
}

/// Dies before or after a removal.
class FusedObjects final : public ObjectStore {
 public:
  FusedObjects(ObjectStore& objects, Fuse& fuse) : objects_(objects), fuse_(fuse) {}
  Result<ObjectFacts> head(const std::string& key) override { return objects_.head(key); }
  Result<OpenFile> open(const std::string& key, const std::string& version,
                        const std::function<bool()>& still_ours) override {
    return objects_.open(key, version, still_ours);
  }
  Result<ObjectFacts> put(const std::string& key,
                          const std::function<Result<void>(const ByteSink&)>& write) override {
    return objects_.put(key, write);
  }
  Result<void> remove(const std::string& key) override {
    fuse_.boundary();
    auto removed = objects_.remove(key);
    fuse_.boundary();
    return removed;
  }
  Result<std::vector<ListedObject>> list(const std::string& prefix, const std::string& after,
                                         std::size_t limit) override {
    fuse_.boundary();
    return objects_.list(prefix, after, limit);
  }

 private:
  ObjectStore& objects_;
  Fuse& fuse_;
};

class PipelineKilledInUpkeep : public Pipeline {};

TEST_F(PipelineKilledInUpkeep, ExpiredAndFailedUploadsAreCleanedAllTheSame) {
  for (int boundary = 0;; ++boundary) {
    const Upload never = announce(Kind::take, a_recording(1));
    const Upload broken = announce(Kind::take, "just words");
    put(broken, "just words");
    ok(object_arrived(*store, broken.object_key, now));
    run_all();
    now += 25h;
    ok(keep_up(*store, *objects, *presigner, now));
    EXPECT_EQ(now_in(never).state, State::expired);
    EXPECT_EQ(now_in(broken).state, State::failed);
    put(never, a_recording(1));  // too late
    now += 15 * 24h;
    const bool killed = killed_while(
        [&](Fuse& fuse) {
          const auto mine = open_store();
          const auto my_objects = open_objects();
          FusedObjects fused(*my_objects, fuse);
          return keep_up(*mine, fused, *presigner, now).has_value();
        },
        boundary);
    ok(keep_up(*store, *objects, *presigner, now));
    for (const Upload& upload : {never, broken}) {
      EXPECT_TRUE(now_in(upload).gone) << boundary;
      EXPECT_FALSE(objects->head(upload.object_key)) << boundary;
    }
    if (!killed) break;
    EXPECT_LT(boundary, 100);
  }
}

}  // namespace
}  // namespace orakgarak::uploads
