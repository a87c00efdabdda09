#pragma once
// What is said of a child that could not do its work; the same for every kind of child.
#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/units.h"
#include "media/child_process.h"

namespace orakgarak::media {

/// error: an errno.
Error cannot_start(const std::filesystem::path& program, int error);
/// what: "processor time", "waiting".
Error too_slow(const std::string& name, const char* what, Seconds used_up);
/// how: "answered with nonsense".
Error crashed(const std::string& name, const std::string& how);
/// It ended without a whole answer. Kind retry where somebody else ended it: the system, short of memory, or
/// whoever stops all of our processes at once. The file is not to blame.
Error ended_early(const std::string& name, const ChildExit& exit, Seconds cpu);
/// How long a child that has closed its pipe gets to be gone.
inline constexpr Seconds to_be_gone{1};

}  // namespace orakgarak::media
