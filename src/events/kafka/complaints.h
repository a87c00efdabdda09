#pragma once
// What librdkafka says by itself, told so often that somebody reads it and no more.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace orakgarak::events {

class Complaints {
 public:
  using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

  /// secrets: words that no sentence may hold.
  Complaints(std::function<void(const Error&)> complain, std::vector<std::string> secrets,
             SteadyClock now = std::chrono::steady_clock::now);

  /// Says it, unless this kind was said and things have not gone well since, or within a minute. Safe from
  /// any thread.
  void tell(std::string_view kind, std::string_view what);
  /// Something worked that needs the broker.
  void well();

  /// How often tell() was called, said or not.
  std::uint64_t errors() const { return errors_; }

  std::string without_secrets(std::string_view text) const;

 private:
  struct Told {
    std::chrono::steady_clock::time_point at;
    bool well_since = false;
  };

  const std::function<void(const Error&)> complain_;
  const std::vector<std::string> secrets_;
  const SteadyClock now_;
  std::atomic<std::uint64_t> errors_ = 0;
  std::mutex mutex_;
  std::map<std::string, Told, std::less<>> told_;
};

}  // namespace orakgarak::events
