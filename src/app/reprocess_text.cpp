#include "app/reprocess_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace orakgarak::app {
namespace {

/// "1,234,567"
std::string grouped(std::size_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string takes(std::size_t count) { return grouped(count) + (count == 1 ? " take" : " takes"); }

std::string bytes_text(std::uint64_t bytes) {
  constexpr double mib = 1 << 20;
  const auto size = static_cast<double>(bytes) / mib;
  return size < 10'240 ? fmt::format("{:.0f} MiB", size) : fmt::format("{:.0f} GiB", size / 1024);
}

std::string time_text(double minutes) {
  if (minutes < 1.5) return "about a minute";
  if (minutes < 90) return fmt::format("about {:.0f} min", minutes);
  if (minutes < 48 * 60) return fmt::format("about {:.0f} h", minutes / 60);
  return fmt::format("about {:.0f} days", minutes / 60 / 24);
}

}  // namespace

std::string outdated_text(const uploads::Outdated& outdated, int core) {
  if (outdated.takes == 0) return fmt::format("All takes were measured by voice core {}.\n", core);
  std::string text = fmt::format(
      "{} of {} {} ({}) were measured by a voice core before {}.\n", takes(outdated.takes),
      grouped(outdated.owners), outdated.owners == 1 ? "person" : "people", bytes_text(outdated.bytes), core);
  if (outdated.queued > 0) text += fmt::format("{} of them are queued already.\n", grouped(outdated.queued));
  if (outdated.given_up > 0)
    text += fmt::format("{} of them could not be measured anew: orakgarak dlq list\n",
                        grouped(outdated.given_up));
  return text + "Nothing was queued. Without --dry-run they are.\n";
}

std::string reprocessed_text(const uploads::Reprocessing& run, std::size_t measured, std::size_t given_up) {
  std::string text;
  if (run.done())
    text = fmt::format("{} measured anew.\n", takes(measured));
  else
    text = fmt::format("{} queued by this run; {} are queued or run now.\n", takes(run.queued),
                       grouped(run.outdated.queued));
  if (given_up > 0)
    text += fmt::format("{} could not be and keep their old reports: orakgarak dlq list\n", takes(given_up));
  const auto left = run.outdated.takes - run.outdated.queued - run.outdated.given_up;
  if (left > 0) text += fmt::format("{} are left: orakgarak reprocess again\n", takes(left));
  return text;
}

std::string reprocess_json(const uploads::Reprocessing& run, std::size_t measured, int core) {
  const nlohmann::ordered_json json{{"core", core},
                                    {"outdated", run.outdated.takes},
                                    {"queued", run.outdated.queued},
                                    {"given_up", run.outdated.given_up},
                                    {"people", run.outdated.owners},
                                    {"bytes", run.outdated.bytes},
                                    {"queued_by_this_run", run.queued},
                                    {"measured", measured}};
  return json.dump() + "\n";
}

std::string progress_note(std::size_t measured, std::size_t of, std::chrono::nanoseconds in) {
  const double minutes = std::chrono::duration<double, std::ratio<60>>(in).count();
  std::string note = fmt::format("{} of {}", grouped(measured), grouped(of));
  if (measured == 0 || minutes <= 0) return note;
  const double a_minute = static_cast<double>(measured) / minutes;
  return note + fmt::format(", {:.0f} a minute, {} left", a_minute,
                            time_text(static_cast<double>(of - std::min(of, measured)) / a_minute));
}

}  // namespace orakgarak::app
