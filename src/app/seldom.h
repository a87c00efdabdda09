#pragma once
// How often the same is said. Whoever can write into a topic decides how many bad events there are, not how
// long the log gets.
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace orakgarak::app {

class Seldom {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::minutes apart{1};

  /// Whether it is time to say something of this kind (again). Safe from any thread.
  bool now(std::string_view kind, Moment moment = std::chrono::steady_clock::now());

 private:
  std::mutex mutex_;
  std::map<std::string, Moment, std::less<>> said_;
};

}  // namespace orakgarak::app
