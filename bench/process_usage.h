#pragma once
// What the kernel notes of another process.
#include <sys/types.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>

namespace orakgarak::bench {

/// A line of /proc/PID/status that is a size, such as "VmRSS:" (now) or "VmHWM:" (the most so far).
inline double status_mib(pid_t pid, std::string_view name) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name)) return std::stod(line.substr(name.size())) / 1024;
  return 0;
}

/// VmHWM begins anew from what is resident now.
inline void forget_peak(pid_t pid) { std::ofstream("/proc/" + std::to_string(pid) + "/clear_refs") << '5'; }

/// Processor time of all its threads; not that of its children.
inline double cpu_seconds(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  text.erase(0, text.rfind(')') + 2);  // the name may hold anything
  std::size_t at = 0;
  for (int skipped = 0; skipped < 11; ++skipped) at = text.find(' ', at) + 1;
  std::size_t user_length = 0;
  const std::string times = text.substr(at);
  const double user = std::stod(times, &user_length);
  return (user + std::stod(times.substr(user_length))) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace orakgarak::bench
