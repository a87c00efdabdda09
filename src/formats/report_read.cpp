#include "formats/report_read.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace orakgarak::formats {
namespace {

using Json = nlohmann::json;

constexpr double highest_midi = 127, widest_uncertainty = 127, longest_singing = 86'400;

std::unexpected<Error> unreadable(const char* what) {
  return rejected("report_unreadable", std::string("The report of this take cannot be read: ") + what +
                                           ". Measure the take again.");
}

/// Passes over what is not needed, which is nearly all: notes, glides, the curve.
bool is_needed(int depth, Json::parse_event_t event, const Json& parsed) {
  return depth != 1 || event != Json::parse_event_t::key || parsed == "range" || parsed == "tessitura";
}

/// A number of this field from 0 to `most`; nothing where it is none.
std::optional<double> number(const Json& object, const char* field, double most) {
  const auto at = object.find(field);
  if (at == object.end() || !at->is_number()) return std::nullopt;
  const double value = at->get<double>();
  if (!std::isfinite(value) || value < 0 || value > most) return std::nullopt;
  return value;
}

/// False where it is neither an end nor a declined one.
bool read_end(const Json& range, const char* name, std::optional<songs::SungEnd>& end) {
  const auto at = range.find(name);
  if (at == range.end() || !at->is_object()) return false;
  const auto midi = at->find("midi");
  if (midi == at->end()) return false;
  if (midi->is_null()) return true;
  const auto pitch = number(*at, "midi", highest_midi);
  const auto uncertainty = number(*at, "uncertainty_semitones", widest_uncertainty);
  if (!pitch || !uncertainty) return false;
  end = songs::SungEnd{Midi(*pitch), Semitones(*uncertainty)};
  return true;
}

bool read_seconds(const Json& tessitura, std::array<float, 128>& seconds) {
  if (!tessitura.is_array() || tessitura.size() > seconds.size()) return false;
  for (const Json& item : tessitura) {
    if (!item.is_object()) return false;
    const auto midi = number(item, "midi", highest_midi);
    const auto sung = number(item, "seconds", longest_singing);
    if (!midi || !sung || *midi != std::floor(*midi)) return false;
    seconds[static_cast<std::size_t>(*midi)] = static_cast<float>(*sung);
  }
  return true;
}

}  // namespace

Result<songs::SungTake> read_sung_take(std::string_view report, Time when) {
  if (report.size() > most_report_bytes) return unreadable("it is too long");
  const Json json = Json::parse(report, is_needed, false);
  if (!json.is_object()) return unreadable("it is no JSON object");
  const auto range = json.find("range");
  const auto tessitura = json.find("tessitura");
  if (range == json.end() || !range->is_object() || tessitura == json.end())
    return unreadable("it has no range or no tessitura");
  songs::SungTake take;
  take.when = when;
  if (!read_end(*range, "lowest", take.lowest) || !read_end(*range, "highest", take.highest) ||
      !read_end(*range, "comfortable_low", take.comfortable_low) ||
      !read_end(*range, "comfortable_high", take.comfortable_high))
    return unreadable("an end of its range is neither told nor declined");
  if (!read_seconds(*tessitura, take.seconds)) return unreadable("its tessitura holds what is no time");
  return take;
}

}  // namespace orakgarak::formats
