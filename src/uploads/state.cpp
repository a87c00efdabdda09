#include "uploads/state.h"

#include <algorithm>
#include <array>

namespace orakgarak::uploads {
namespace {

using enum State;

constexpr bool audio = true, image = true, no = false, redrive = true;
constexpr std::array table{
    Transition{pending, uploaded, audio, image, no},
    Transition{pending, failed, audio, image, no},
    Transition{pending, expired, audio, image, no},
    Transition{uploaded, audio_converting, audio, no, no},
    Transition{uploaded, image_optimizing, no, image, no},
    Transition{uploaded, failed, audio, image, no},
    Transition{audio_converting, audio_converted, audio, no, no},
    Transition{audio_converting, failed, audio, no, no},
    Transition{audio_converted, voice_analysis_pending, audio, no, no},
    Transition{audio_converted, failed, audio, no, no},
    Transition{voice_analysis_pending, voice_analyzing, audio, no, no},
    Transition{voice_analysis_pending, failed, audio, no, no},
    Transition{voice_analyzing, voice_analyzed, audio, no, no},
    Transition{voice_analyzing, failed, audio, no, no},
    Transition{voice_analyzed, completed, audio, no, no},
    Transition{voice_analyzed, failed, audio, no, no},
    Transition{image_optimizing, thumbnail_generating, no, image, no},
    Transition{image_optimizing, failed, no, image, no},
    Transition{thumbnail_generating, completed, no, image, no},
    Transition{thumbnail_generating, failed, no, image, no},
    Transition{failed, pending, audio, image, redrive},
    Transition{failed, uploaded, audio, image, redrive},
    Transition{failed, voice_analysis_pending, audio, no, redrive},
    Transition{failed, thumbnail_generating, no, image, redrive},
};

constexpr std::array<std::string_view, state_count> state_names{
    "PENDING",         "UPLOADED",       "AUDIO_CONVERTING", "AUDIO_CONVERTED",      "VOICE_ANALYSIS_PENDING",
    "VOICE_ANALYZING", "VOICE_ANALYZED", "IMAGE_OPTIMIZING", "THUMBNAIL_GENERATING", "COMPLETED",
    "FAILED",          "EXPIRED"};
constexpr std::array<std::string_view, 4> kind_names{"take", "profile_image", "album_cover", "backing"};
constexpr std::array<std::string_view, stage_count> stage_names{"check", "convert", "analyze", "optimize",
                                                                "thumbnail"};

template <class Value>
std::optional<Value> parse(std::span<const std::string_view> names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Value>(found - names.begin());
}

bool in_table(Medium medium, State from, State to, bool by_redrive) {
  return std::ranges::any_of(table, [&](const Transition& t) {
    return t.from == from && t.to == to && t.redrive == by_redrive &&
           (medium == Medium::audio ? t.audio : t.image);
  });
}

}  // namespace

std::span<const Transition> transitions() { return table; }

bool may_move(Medium medium, State from, State to) { return in_table(medium, from, to, false); }
bool may_redrive(Medium medium, State to) { return in_table(medium, failed, to, true); }

State queued_for(Stage stage) {
  switch (stage) {
    case Stage::check:
      return pending;
    case Stage::convert:
    case Stage::optimize:
      return uploaded;
    case Stage::analyze:
      return voice_analysis_pending;
    case Stage::thumbnail:
      return thumbnail_generating;
  }
  return pending;
}

std::string_view to_string(State state) { return state_names[static_cast<std::size_t>(state)]; }
std::string_view to_string(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }
std::string_view to_string(Stage stage) { return stage_names[static_cast<std::size_t>(stage)]; }
std::optional<State> parse_state(std::string_view text) { return parse<State>(state_names, text); }
std::optional<Kind> parse_kind(std::string_view text) { return parse<Kind>(kind_names, text); }
std::optional<Stage> parse_stage(std::string_view text) { return parse<Stage>(stage_names, text); }

std::string state_diagram() {
  std::string text = "stateDiagram-v2\n  [*] --> PENDING\n";
  for (const Transition& t : table) {
    text.append("  ").append(to_string(t.from)).append(" --> ").append(to_string(t.to));
    if (t.redrive)
      text += " : redrive";
    else if (t.audio != t.image)
      text += t.audio ? " : audio" : " : image";
    text += '\n';
  }
  return text + "  COMPLETED --> [*]\n  EXPIRED --> [*]\n  FAILED --> [*] : gone\n";
}

}  // namespace orakgarak::uploads
