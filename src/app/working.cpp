#include "app/working.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

#include "app/gpu.h"
#include "app/memory.h"
#include "app/seldom.h"
#include "app/stages/stages.h"
#include "events/workers.h"
#include "people/forget.h"
#include "uploads/storage_event.h"
#include "uploads/upkeep.h"

namespace orakgarak::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::minutes upkeep_every{1};

double chance() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

StageOptions stage_options(const RunOptions& run, const Gpu& gpu) {
  StageOptions options;
  options.network = gpu.maker();
  auto& decode = options.decode.limits;
  decode.file_bytes = run.limits.upload_bytes;
  decode.take = Seconds(static_cast<double>(run.limits.take.count()));
  decode.memory_bytes = run.decoder_bytes;
  decode.cpu = Seconds(run.decoder_cpu_seconds);
  options.picture.limits.file_bytes = run.limits.image_bytes;
  options.picture.limits.pixels = run.limits.image_pixels;
  return options;
}

class Work final : public Working {
 public:
  Work(Telling& telling, const RunOptions& run, std::unique_ptr<uploads::Device> memory, Gpu gpu,
       Journal& journal, Meters& meters)
      : telling_(telling),
        journal_(journal),
        meters_(meters),
        limits_(run.limits),
        memory_(std::move(memory)),
        gpu_(std::move(gpu)),
        stages_(stage_work(telling.uploads(), *telling.adapters().objects, stage_options(run, gpu_))),
        workers_(events::start_workers(
            {.store = telling.uploads(),
             .effect = meters.measured(stages_.effect, stages_.length, worker_threads(run)),
             .clock = system_now,
             .chance = chance,
             .name = fmt::format("{}-{}", getpid(), new_uuid7(system_now())),
             .device = memory_.get(),
             .length = stages_.length,
             .goes_on = true,
             .troubled = [&journal](const uploads::Job& job, const Error& error,
                                    uploads::Ran ran) { journal.troubled(job, error, ran); }},
            {.threads = worker_threads(run),
             .complain = [&journal](const Error& error) { journal.complain(error); },
             .ran = {}})) {}
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  ~Work() override { stop(0ms); }

  void wake() override { workers_->wake(); }

  Result<void> start() {
    if (auto asked = telling_.adapters().keeps_events ? take_events() : Result<void>(); !asked) return asked;
    upkeep_ = events::start_periodic(upkeep_every, [this] { keep_up(); });
    return {};
  }

  bool stop(std::chrono::milliseconds deadline) override {
    if (std::exchange(stopped_, true)) return true;
    bool all = true;
    {
      // A subscription ends once what it handed over has returned, and that does once the workers stop.
      const std::jthread ends([&] { all = workers_->stop(deadline); });
      subscriptions_.clear();
    }
    upkeep_.reset();
    return all;
  }

 private:
  /// Each stage is a group of its own: what one is behind does not hold up another.
  Result<void> take_events() {
    for (const auto stage : uploads::every_stage)
      if (auto taken = take(events::jobs_topics(stage), to_string(stage),
                            [this, stage](const events::Event&) { return workers_->work(stage); });
          !taken)
        return taken;
    if (telling_.adapters().bucket.empty()) return {};
    return take({std::string(events::storage_events)}, "storage",
                [this](const events::Event& event) { return arrived(event); });
  }

  Result<void> take(const std::vector<std::string>& topics, std::string_view group,
                    events::EventHandler handler) {
    auto subscribed =
        telling_.adapters().events->subscribe(topics, fmt::format("orakgarak.{}", group), std::move(handler));
    if (!subscribed) return std::unexpected(std::move(subscribed.error()));
    subscriptions_.push_back(std::move(*subscribed));
    return {};
  }

  /// Whether the event is done with: one that is none stays so.
  bool arrived(const events::Event& event) {
    const auto taken = uploads::take_storage_event(telling_.uploads(), *telling_.adapters().objects,
                                                   event.envelope, telling_.adapters().bucket, system_now());
    if (!taken && seldom_.now(taken.error().code)) journal_.complain(taken.error());
    return taken || taken.error().kind != ErrorKind::retry;
  }

  void keep_up() {
    const auto now = system_now();
    auto& adapters = telling_.adapters();
    if (const auto kept = uploads::keep_up(telling_.uploads(), *adapters.objects, *adapters.presigner, now,
                                           {.keep_failed = limits_.keep_failed});
        !kept)
      journal_.complain(kept.error());
    else
      meters_.kept_up(*kept);
    if (const auto gone = people::forget_unseen(telling_.uploads(), *adapters.rows.people, now,
                                                {.keep_guests = limits_.keep_guest});
        !gone)
      journal_.complain(gone.error());
  }

  Telling& telling_;
  Journal& journal_;
  Meters& meters_;
  const http::Limits limits_;
  Seldom seldom_;  ///< of storage events
  const std::unique_ptr<uploads::Device> memory_;
  const Gpu gpu_;
  const StageWork stages_;
  // Each uses what stands before it, and goes first.
  std::unique_ptr<events::Workers> workers_;
  std::vector<std::unique_ptr<events::Subscription>> subscriptions_;
  std::unique_ptr<events::Periodic> upkeep_;
  bool stopped_ = false;
};

}  // namespace

int worker_threads(const RunOptions& options) {
  return options.workers > 0 ? options.workers
                             : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

Result<std::unique_ptr<Working>> Working::start(Telling& telling, const RunOptions& options,
                                                const Settings& settings, Journal& journal, Meters& meters) {
  const auto complain = [&journal](const Error& error) { journal.complain(error); };
  auto memory = open_memory(options, settings, complain);
  if (!memory) return std::unexpected(std::move(memory.error()));
  auto counted = count_refused(std::move(*memory), meters);
  meters.look_at("memory", *counted);
  auto gpu = open_gpu(options, settings, complain);
  if (gpu.memory) meters.look_at("gpu", *gpu.memory);
  auto work = std::make_unique<Work>(telling, options, std::move(counted), std::move(gpu), journal, meters);
  if (auto started = work->start(); !started) return std::unexpected(std::move(started.error()));
  return work;
}

}  // namespace orakgarak::app
