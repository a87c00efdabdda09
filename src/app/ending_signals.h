#pragma once
// SIGINT and SIGTERM, for a program that runs until one comes.
#include <chrono>
#include <csignal>

namespace orakgarak::app {

/// Made before any thread: every one of them leaves these signals to this one.
class EndingSignals {
 public:
  EndingSignals();
  /// Until one comes. From then on another one ends the program at once: all that was promised is on the disk
  /// already.
  void wait() const;
  /// Lets time pass. Whether none came in it.
  bool pause(std::chrono::milliseconds time) const;

 private:
  sigset_t signals_{};
};

}  // namespace orakgarak::app
