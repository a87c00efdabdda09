#pragma once
// Memory for heavy work: one budget for all workers of this process, and a job enters only with its estimated
// peak granted. Live jobs enter before batch, within each in the order they came.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>

#include "base/result.h"
#include "uploads/upload.h"

namespace orakgarak::uploads {

/// What a job may need at most, child processes included: by stage, and by the declared size. The constants
/// are measured (docs/benchmarks.md) and rounded up.
std::uint64_t estimated_peak_bytes(Stage stage, const Declared& declared);

class Admission {
 public:
  /// Its part of the budget goes back when it goes. It must not outlive its Admission.
  class Grant {
   public:
    explicit Grant(std::function<void()> give_back) : give_back_(std::move(give_back)) {}
    Grant(Grant&& other) noexcept : give_back_(std::exchange(other.give_back_, nullptr)) {}
    Grant& operator=(Grant&&) = delete;
    ~Grant() {
      if (give_back_) give_back_();
    }

   private:
    std::function<void()> give_back_;
  };

  explicit Admission(std::uint64_t budget_bytes);
  ~Admission();

  /// Waits for its turn, and asks `go_on` several times a second whether to. Errors: rejected "never_fits"
  /// (more than the whole budget; at once); retry "no_room" (not within `most_wait`); conflict "job_lost"
  /// (`go_on` said so).
  Result<Grant> enter(std::uint64_t bytes, Priority priority, const std::function<bool()>& go_on,
                      std::chrono::milliseconds most_wait = std::chrono::minutes(10));

  std::uint64_t budget() const;
  std::uint64_t granted() const;  ///< now

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The least limit of the control group of a process and of those above it; nothing where there is none.
/// of_process: its /proc/PID/cgroup. root: where control groups are mounted, of version 2 or 1.
std::optional<std::uint64_t> memory_limit(std::istream& of_process, const std::filesystem::path& root);

/// Half of the memory that this process may use (of the machine or its control group).
std::uint64_t default_budget_bytes();

}  // namespace orakgarak::uploads
