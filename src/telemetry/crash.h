#pragma once
// The last words of a process: SIGSEGV, SIGBUS, SIGILL, SIGFPE, abort() and an exception that nobody catches
// leave one line of level "fatal" with the stack, after all that waited in the log. Then the process ends as
// it would have, by the same signal.
//
// A stack that overflows in another thread than the main one leaves no line: it has no room to write one.
#include "telemetry/log.h"

namespace orakgarak::telemetry {

/// From now on, for as long as it lives; one at a time. log must outlive it.
class CrashLines {
 public:
  explicit CrashLines(Log& log);
  ~CrashLines();
  CrashLines(const CrashLines&) = delete;
  CrashLines& operator=(const CrashLines&) = delete;
};

}  // namespace orakgarak::telemetry
