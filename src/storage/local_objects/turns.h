#pragma once
// A signed form or part address is good for any number of requests while it lasts, and each of them has its
// whole length reserved on the disk: so only a few go on at once.
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace orakgarak::storage {

/// Safe from any thread.
class Turns : public std::enable_shared_from_this<Turns> {
 public:
  /// Given back when the last of its copies goes.
  using Turn = std::shared_ptr<const void>;

  /// Null where `most_at_once` under this name go on already.
  Turn take(const std::string& name);

  /// One that hangs on a dead line, and the one that its client sends instead.
  static constexpr int most_at_once = 2;

 private:
  void give_back(const std::string& name);
  std::mutex mutex_;
  std::unordered_map<std::string, int> going_on_;
};

}  // namespace orakgarak::storage
