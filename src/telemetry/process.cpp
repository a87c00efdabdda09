#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "telemetry/metrics.h"

namespace orakgarak::telemetry {
namespace {

namespace fs = std::filesystem;

/// Of /proc/self/stat, the fields from the third on: what stands before may hold spaces.
std::vector<std::string> stat_fields() {
  std::ifstream file("/proc/self/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream rest(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

double field(const std::vector<std::string>& fields, std::size_t number) {
  return fields.size() > number - 3 ? std::atof(fields[number - 3].c_str()) : 0;
}

double ticks_a_second() { return static_cast<double>(::sysconf(_SC_CLK_TCK)); }

double boot_seconds() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("btime ")) return std::atof(line.c_str() + 6);
  return 0;
}

double open_files() {
  std::error_code ignored;
  double count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd", ignored)) ++count;
  return count;
}

double most_files() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

}  // namespace

void measure_process(Metrics& metrics) {
  const auto gauge = [&](const char* name, const char* help) -> Gauge& {
    return metrics.gauges(name, help).Add({});
  };
  auto& cpu = metrics.counters("process_cpu_seconds_total", "Processor time used, user and system.").Add({});
  auto& resident = gauge("process_resident_memory_bytes", "Resident memory.");
  auto& open = gauge("process_open_fds", "Open file descriptors.");
  auto& threads = gauge("process_threads", "Threads.");
  gauge("process_max_fds", "File descriptors that may be open.").Set(most_files());
  gauge("process_start_time_seconds", "When the process started, in seconds since the epoch.")
      .Set(boot_seconds() + field(stat_fields(), 22) / ticks_a_second());
  metrics.at_each_look([&] {
    const auto fields = stat_fields();
    const double used = (field(fields, 14) + field(fields, 15)) / ticks_a_second();
    cpu.Increment(std::max(0.0, used - cpu.Value()));
    resident.Set(field(fields, 24) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    threads.Set(field(fields, 20));
    open.Set(open_files());
  });
}

}  // namespace orakgarak::telemetry
