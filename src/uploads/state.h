#pragma once
// The life of an upload: the one table of transitions. Whatever is not in it does not happen.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace orakgarak::uploads {

enum class State : std::uint8_t {
  pending,  ///< the row is there, the bytes are on their way
  uploaded,
  audio_converting,
  audio_converted,
  voice_analysis_pending,  ///< waits for admission
  voice_analyzing,
  voice_analyzed,
  image_optimizing,
  thumbnail_generating,
  completed,
  failed,
  expired,
};
inline constexpr int state_count = 12;

enum class Medium : std::uint8_t { audio, image };

/// backing: what was played while takes were recorded. It goes a take's way, so that what cannot be decoded
/// fails where its owner sees it, but is not measured.
enum class Kind : std::uint8_t { take, profile_image, album_cover, backing };
constexpr Medium medium_of(Kind kind) {
  return kind == Kind::take || kind == Kind::backing ? Medium::audio : Medium::image;
}

/// A piece of work on one upload.
enum class Stage : std::uint8_t { check, convert, analyze, optimize, thumbnail };
inline constexpr int stage_count = 5;
inline constexpr std::array every_stage{Stage::check, Stage::convert, Stage::analyze, Stage::optimize,
                                        Stage::thumbnail};

struct Transition {
  State from, to;
  bool audio, image;  ///< which media take it
  bool redrive;       ///< only an operator or the owner moves this way, out of FAILED
};

/// All legal transitions, in the order of the states.
std::span<const Transition> transitions();

/// Is there such a transition for this medium, redrives left out?
bool may_move(Medium medium, State from, State to);
/// The same for redrives.
bool may_redrive(Medium medium, State to);

/// Where a stage waits to be done: the state to which a redrive takes an upload that failed in it.
State queued_for(Stage stage);

/// Does nothing more happen by itself?
constexpr bool is_end(State state) {
  return state == State::completed || state == State::failed || state == State::expired;
}

/// Names as they are stored and shown: "AUDIO_CONVERTING", "take", "convert".
std::string_view to_string(State);
std::string_view to_string(Kind);
std::string_view to_string(Stage);
std::optional<State> parse_state(std::string_view);
std::optional<Kind> parse_kind(std::string_view);
std::optional<Stage> parse_stage(std::string_view);

/// The table as a Mermaid state diagram: docs/architecture.md holds it, and a test that it is this one.
std::string state_diagram();

}  // namespace orakgarak::uploads
