// orakgarak devices: the memory that work on this machine gets, as its processes count it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/memory.h"
#include "app/terminal.h"
#include "app/text.h"
#include "devices/shared_device.h"

namespace orakgarak::app {
namespace {

using Json = nlohmann::ordered_json;
using uploads::DeviceState;

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }
std::uint64_t mebibytes(std::uint64_t bytes) { return bytes >> 20; }

std::string entries_text(const DeviceState& state) {
  std::string text;
  for (const auto& entry : state.entries)
    text += fmt::format(
        "  {}  {} {} {} MiB  for {:.1f} s, process {}\n", fit_left(entry.holds ? "holds" : "waits", 5),
        fit_left(to_string(entry.priority), 5), fit_left(to_string(entry.engine), 16),
        fit_right(std::to_string(mebibytes(entry.bytes)), 6), seconds(entry.since), entry.process);
  return text;
}

std::string state_text(const DeviceState& state, const Output& output) {
  std::string corrections;
  for (const auto engine : uploads::every_engine)
    corrections += fmt::format("{}{} {:.2f}", corrections.empty() ? "" : ", ", to_string(engine),
                               state.corrections[static_cast<std::size_t>(engine)] / 1000.0);
  return output.paint(Colour::bold, printable(state.name)) +
         fmt::format("\n  {} of {} MiB granted, {} at most{}\n", mebibytes(state.granted),
                     mebibytes(state.budget), mebibytes(state.most_granted),
                     state.for_now < state.budget
                         ? fmt::format("; memory ran out, so {} for now", mebibytes(state.for_now))
                         : std::string()) +
         fmt::format(
             "  {} jobs entered, {} in a smaller size; {} ran out of memory, {} died and gave theirs back\n",
             state.entered, state.smaller, state.ran_out, state.came_back) +
         fmt::format("  longest wait {:.1f} s of live work, {:.1f} s of batch\n", seconds(state.longest_live),
                     seconds(state.longest_batch)) +
         fmt::format("  estimates times: {}\n", corrections) + entries_text(state);
}

std::string state_json(const DeviceState& state) {
  Json corrections = Json::object();
  for (const auto engine : uploads::every_engine)
    corrections[to_string(engine)] = state.corrections[static_cast<std::size_t>(engine)] / 1000.0;
  Json entries = Json::array();
  for (const auto& entry : state.entries)
    entries.push_back({{"holds", entry.holds},
                       {"priority", to_string(entry.priority)},
                       {"engine", to_string(entry.engine)},
                       {"bytes", entry.bytes},
                       {"for_s", seconds(entry.since)},
                       {"process", entry.process}});
  const Json json{{"name", state.name},
                  {"budget", state.budget},
                  {"for_now", state.for_now},
                  {"granted", state.granted},
                  {"most_granted", state.most_granted},
                  {"entered", state.entered},
                  {"smaller", state.smaller},
                  {"ran_out", state.ran_out},
                  {"came_back", state.came_back},
                  {"longest_live_s", seconds(state.longest_live)},
                  {"longest_batch_s", seconds(state.longest_batch)},
                  {"corrections", std::move(corrections)},
                  {"entries", std::move(entries)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

ExitCode run(const DevicesCommand& command, const Settings& settings) {
  const auto files = devices::device_files(devices_folder(settings));
  if (files.empty()) {
    complain("no server has worked with this data folder yet; name another with --data");
    return ExitCode::nothing;
  }
  for (const auto& file : files) {
    const auto state = devices::look_at_device(file);
    if (!state) {
      complain(state.error().detail);
      return ExitCode::unreadable;
    }
    write_out(command.json ? state_json(*state) : state_text(*state, Output::standard()));
  }
  return ExitCode::answered;
}

}  // namespace orakgarak::app
