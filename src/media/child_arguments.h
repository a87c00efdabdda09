#pragma once
// The decoder child's command line: its parent's process id and the limits, all as numbers.
#include <sys/types.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/decode.h"

namespace orakgarak::media {

struct ChildArguments {
  pid_t parent = 0;
  DecodeLimits limits;  ///< but for `file_bytes` and `wait`, which are the parent's own business
};

std::vector<std::string> child_arguments(const DecodeLimits& limits, pid_t parent);

/// arguments: without the program's name. Nothing where they are not what child_arguments makes.
std::optional<ChildArguments> parse_child_arguments(std::span<const char* const> arguments);

}  // namespace orakgarak::media
