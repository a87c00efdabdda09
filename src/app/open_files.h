#pragma once
// How many files, and with them connections, this process may hold open at once.
#include <cstddef>
#include <cstdint>

namespace orakgarak::app {

/// Takes all that the system allows: shells start programs with a soft limit of 1,024, which as many event
/// streams would fill. Gives the limit from now on.
std::uint64_t allow_open_files();

/// Of that, how many connections each of two servers may hold: workers and stores keep what they need, or
/// clients that only listen would stop all work.
std::size_t connections_of_each(std::uint64_t open_files);

}  // namespace orakgarak::app
