#include "telemetry/doing.h"

#include <utility>

namespace orakgarak::telemetry {
namespace {

thread_local const Doing* current = nullptr;

}  // namespace

DoingNow::DoingNow(Doing doing) : doing_(std::move(doing)), before_(std::exchange(current, &doing_)) {}

DoingNow::~DoingNow() { current = before_; }

const Doing& doing_now() {
  static const Doing nothing;
  return current ? *current : nothing;
}

}  // namespace orakgarak::telemetry
