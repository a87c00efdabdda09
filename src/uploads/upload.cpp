#include "uploads/upload.h"

namespace orakgarak::uploads {

std::string_view to_string(Priority priority) { return priority == Priority::live ? "live" : "batch"; }

std::optional<Priority> parse_priority(std::string_view text) {
  if (text == to_string(Priority::live)) return Priority::live;
  if (text == to_string(Priority::batch)) return Priority::batch;
  return std::nullopt;
}

}  // namespace orakgarak::uploads
