#pragma once
// What time it is, as a value that is passed in: no code below `app` asks a clock by itself.
#include <chrono>
#include <functional>
#include <string>

namespace orakgarak {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;
using Clock = std::function<Time()>;

Time system_now();

/// "2026-11-24T18:21:55.000123Z": RFC 3339 in UTC with microseconds; sorts as the times do. Years 0 to 9999.
std::string to_rfc3339(Time);

}  // namespace orakgarak
