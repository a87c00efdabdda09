#pragma once
// What this thread is at, so that whatever is said of it meanwhile can be found by it.
#include <string>

namespace orakgarak::telemetry {

/// Empty: none.
struct Doing {
  std::string traceparent = {};
  std::string route = {};  ///< "/v1/uploads/{id}"
  std::string upload_id = {}, job_id = {}, stage = {};
};

/// Of this thread, until it goes; then what was before it again.
class DoingNow {
 public:
  explicit DoingNow(Doing doing);
  ~DoingNow();
  DoingNow(const DoingNow&) = delete;
  DoingNow& operator=(const DoingNow&) = delete;

 private:
  const Doing doing_;
  const Doing* const before_;
};

/// Of this thread. Empty outside every DoingNow.
const Doing& doing_now();

}  // namespace orakgarak::telemetry
