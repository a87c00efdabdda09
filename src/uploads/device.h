#pragma once
// The port to what heavy work shares: a device whose memory is given out by a budget in bytes, a processor's
// or another's.
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "uploads/admission.h"

namespace orakgarak::uploads {

/// Somebody who holds memory of a device, or waits for it.
struct DeviceEntry {
  bool holds = false;
  Priority priority = Priority::live;
  Engine engine = Engine::check;
  std::uint64_t bytes = 0;  ///< held, or asked for in the usual size
  Duration since{};         ///< how long it has held or waited
  int process = 0;          ///< its number, where it runs
};

/// What a device is doing.
struct DeviceState {
  std::string name;
  std::uint64_t budget = 0, granted = 0, most_granted = 0;  ///< bytes; `most_granted` since the count began
  std::uint64_t for_now = 0;    ///< bytes of the budget that are given out, less since memory ran out
  std::uint64_t entered = 0;    ///< jobs, since the count began; so are the next three
  std::uint64_t smaller = 0;    ///< of them in another size than the usual one
  std::uint64_t ran_out = 0;    ///< allocations that failed under a grant
  std::uint64_t came_back = 0;  ///< grants whose process had died
  Duration longest_live{}, longest_batch{};                      ///< waits of those that entered
  std::array<std::uint32_t, every_engine.size()> corrections{};  ///< by engine, in thousandths
  std::vector<DeviceEntry> entries;                              ///< in the order in which they came
};

class Device {
 public:
  /// Its bytes go back when it goes. It must not outlive its Device.
  class Grant {
   public:
    virtual ~Grant() = default;
    virtual std::size_t size() const = 0;  ///< which of Need::sizes
    virtual std::uint64_t bytes() const = 0;
    /// What the job used at most: corrects what is asked of the next ones.
    virtual void used(std::uint64_t peak_bytes) = 0;
    /// An allocation failed under it: counted, and for a while less than the budget is given out, until jobs
    /// that go well bring it back.
    virtual void ran_out() = 0;
  };

  virtual ~Device() = default;

  /// Waits for its turn, and asks `go_on` several times a second whether to. Errors: rejected "never_fits"
  /// (more than the whole budget in every size; at once); retry "no_room" (not within `most_wait`, or more
  /// wait than can be counted); retry "device_unavailable"; conflict "job_lost" (`go_on` said so).
  virtual Result<std::unique_ptr<Grant>> enter(
      const Need&, const std::function<bool()>& go_on,
      std::chrono::milliseconds most_wait = std::chrono::minutes(10)) = 0;

  /// Errors: retry "device_unavailable".
  virtual Result<DeviceState> state() = 0;
};

}  // namespace orakgarak::uploads
