#include "events/dispatcher.h"
#include "suite.h"

namespace orakgarak::events {

std::unique_ptr<Events> open_events() { return in_process_events(); }

}  // namespace orakgarak::events
