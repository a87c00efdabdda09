#include "app/ending_signals.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace orakgarak::app {

EndingSignals::EndingSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void EndingSignals::wait() const {
  int signal = 0;
  sigwait(&signals_, &signal);
  std::thread([signals = signals_] {
    int second = 0;
    if (sigwait(&signals, &second) == 0) _exit(128 + second);
  }).detach();
}

bool EndingSignals::pause(std::chrono::milliseconds time) const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec most{seconds.count(), std::chrono::nanoseconds(time - seconds).count()};
  int signal = 0;
  do signal = sigtimedwait(&signals_, nullptr, &most);
  while (signal < 0 && errno == EINTR);
  return signal < 0;
}

}  // namespace orakgarak::app
