// orakgarak reprocess: fills the queue of batch analyses and tells how far the workers are.
#include "uploads/reprocess.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>

#include "app/adapters.h"
#include "app/commands.h"
#include "app/ending_signals.h"
#include "app/reprocess_text.h"
#include "app/terminal.h"
#include "voice/engine.h"

namespace orakgarak::app {
namespace {

using namespace std::chrono_literals;
using uploads::Reprocessing;
using uploads::UploadStore;
using Steady = std::chrono::steady_clock;

constexpr auto look_every = 1s, patience = 60s;

/// Says once that nobody works, where nothing changes for long.
class Watch {
 public:
  void see(const uploads::Outdated& now) {
    const auto left = now.takes - now.given_up;
    if (left != left_ || now.queued == 0) {
      left_ = left;
      since_ = Steady::now();
    } else if (!said_ && Steady::now() - since_ > patience) {
      said_ = true;
      complain("nothing was measured for a minute: is a server of this version running on this data?");
    }
  }

 private:
  std::size_t left_ = 0;
  Steady::time_point since_ = Steady::now();
  bool said_ = false;
};

ExitCode ended_by(const Error& error) {
  complain(error.detail);
  return ExitCode::unreadable;
}

class Run {
 public:
  Run(UploadStore& store, const ReprocessCommand& command)
      : store_(store),
        command_(command),
        options_{.core = voice::core_version, .ahead = command.ahead, .limit = command.limit} {}

  ExitCode look() {
    const auto counted = store_.count_outdated(options_.core);
    if (!counted) return ended_by(counted.error());
    run_.outdated = *counted;
    write_out(command_.json ? reprocess_json(run_, 0, options_.core)
                            : outdated_text(run_.outdated, options_.core));
    return ExitCode::answered;
  }

  ExitCode work() {
    const EndingSignals signals;
    Progress progress("Measuring anew");
    Watch watch;
    for (;;) {
      const auto began = Steady::now();
      const auto round = uploads::reprocess_round(store_, options_, run_, system_now());
      if (!round && (round.error().kind != ErrorKind::retry || !begun_)) return ended_by(round.error());
      if (round && !begun_) begin();
      if (run_.done() || !command_.wait) break;
      watch.see(run_.outdated);
      const auto share =
          static_cast<double>(measured()) / static_cast<double>(std::max<std::size_t>(1, todo_));
      progress.show(share, progress_note(measured(), todo_, Steady::now() - started_));
      // Counting many takes again and again is not to be what the store does most of.
      const auto pause = std::max<Steady::duration>(look_every, 10 * (Steady::now() - began));
      if (!signals.pause(std::chrono::ceil<std::chrono::milliseconds>(pause))) return interrupted();
    }
    return told();
  }

 private:
  /// What the first round has found is what the others are measured by.
  void begin() {
    const auto& now = run_.outdated;
    const auto queued_before = now.queued - run_.queued, all = now.takes - now.given_up;
    todo_ = std::min(all - queued_before, options_.limit) + queued_before;
    given_up_before_ = now.given_up;
    first_ = now.takes;
    begun_ = true;
  }
  std::size_t measured() const { return first_ - std::min(first_, run_.outdated.takes); }
  std::size_t given_up() const {
    return run_.outdated.given_up - std::min(run_.outdated.given_up, given_up_before_);
  }

  ExitCode interrupted() const {
    write_error(fmt::format(
        "\norakgarak: {} of {} are measured; {} stay queued, and a running server goes on with them.\n"
        "For the others: orakgarak reprocess again.\n",
        measured(), todo_, run_.outdated.queued));
    return static_cast<ExitCode>(128 + SIGINT);
  }

  ExitCode told() const {
    write_out(command_.json ? reprocess_json(run_, measured(), options_.core)
                            : reprocessed_text(run_, measured(), given_up()));
    return given_up() > 0 ? ExitCode::unreadable : ExitCode::answered;
  }

  UploadStore& store_;
  const ReprocessCommand& command_;
  const uploads::ReprocessOptions options_;
  Reprocessing run_;
  const Steady::time_point started_ = Steady::now();
  bool begun_ = false;
  std::size_t first_ = 0, todo_ = 0, given_up_before_ = 0;
};

}  // namespace

ExitCode run(const ReprocessCommand& command, const Settings& settings) {
  const auto store = open_uploads(settings);
  if (!store) return ended_by(store.error());
  Run reprocessing(**store, command);
  return command.dry_run ? reprocessing.look() : reprocessing.work();
}

}  // namespace orakgarak::app
