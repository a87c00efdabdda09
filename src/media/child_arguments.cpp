#include "media/child_arguments.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace orakgarak::media {

std::vector<std::string> child_arguments(const DecodeLimits& limits, pid_t parent) {
  const auto whole = [](double value) { return std::to_string(std::llround(std::ceil(value))); };
  return {std::to_string(parent),
          whole(limits.take.value * 1000),
          std::to_string(limits.channels),
          whole(limits.min_rate.value),
          whole(limits.max_rate.value),
          whole(limits.delivered_rate.value),
          std::to_string(limits.memory_bytes),
          whole(limits.cpu.value)};
}

std::optional<ChildArguments> parse_child_arguments(std::span<const char* const> arguments) {
  std::array<std::uint64_t, 8> numbers{};
  if (arguments.size() != numbers.size()) return std::nullopt;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const char* const end = arguments[i] + std::strlen(arguments[i]);
    const auto [stop, error] = std::from_chars(arguments[i], end, numbers[i]);
    if (error != std::errc() || stop != end || stop == arguments[i]) return std::nullopt;
  }
  const auto [parent, take, channels, min_rate, max_rate, delivered, memory, cpu] = numbers;
  const bool sound = parent > 0 && parent <= INT32_MAX && channels > 0 && channels <= 1024 && min_rate > 0 &&
                     max_rate >= min_rate && max_rate <= 10'000'000 && delivered > 0 && cpu > 0;
  if (!sound) return std::nullopt;
  ChildArguments parsed{.parent = static_cast<pid_t>(parent), .limits = {}};
  parsed.limits.take = Seconds(static_cast<double>(take) / 1000);
  parsed.limits.channels = static_cast<int>(channels);
  parsed.limits.min_rate = Hertz(static_cast<double>(min_rate));
  parsed.limits.max_rate = Hertz(static_cast<double>(max_rate));
  parsed.limits.delivered_rate = Hertz(static_cast<double>(delivered));
  parsed.limits.memory_bytes = memory;
  parsed.limits.cpu = Seconds(static_cast<double>(cpu));
  return parsed;
}

}  // namespace orakgarak::media
