#include "voice/notes.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "voice/notes_pieces.h"
#include "voice/notes_vibrato.h"

namespace orakgarak::voice {
namespace {

constexpr std::size_t bridged_gap_frames = 3;    // shorter breaks of voicing are the tracker's
constexpr float bridged_step = 1;                // semitones
constexpr std::size_t shortest_note_frames = 7;  // 70 ms: the shortest notes that listeners label
constexpr float edge_tolerance = 0.8f;           // semitones from the note's middle; beyond it, an approach
constexpr float least_step = 0.6f;               // semitones; pieces nearer than this are one sinking note
constexpr float dip_db = 7;                      // a consonant between two notes of one pitch
constexpr std::size_t dip_reach_frames = 10;
constexpr double gliding_semitones_per_second = 4;
constexpr double gliding_semitones = 1;  // of trend within one piece
constexpr float least_glide = 2;         // semitones
constexpr std::size_t shortest_glide_frames = 8;

/// A stretch of frames that are all voiced once short gaps are bridged.
struct Run {
  std::size_t begin = 0;         // frame
  std::vector<float> semitones;  // MIDI numbers
  std::vector<float> level_db;
};

float median(std::vector<float> v) {
  auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  return *middle;
}

void bridge(Run& run, std::size_t gap, float next_pitch, float next_level) {
  float pitch = run.semitones.back(), level = run.level_db.back();
  for (std::size_t k = 1; k <= gap; ++k) {
    float t = static_cast<float>(k) / static_cast<float>(gap + 1);
    run.semitones.push_back(pitch + t * (next_pitch - pitch));
    run.level_db.push_back(std::min(level, next_level));
  }
}

std::vector<Run> voiced_runs(std::span<const PitchFrame> frames) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!frames[i].voiced()) continue;
    auto pitch = static_cast<float>(to_midi(frames[i].f0).value);
    std::size_t run_end = runs.empty() ? 0 : runs.back().begin + runs.back().semitones.size();
    bool joined =
        !runs.empty() && (i == run_end || (i - run_end <= bridged_gap_frames &&
                                           std::fabs(pitch - runs.back().semitones.back()) < bridged_step));
    if (!joined)
      runs.push_back({i, {}, {}});
    else
      bridge(runs.back(), i - run_end, pitch, frames[i].level_db);
    runs.back().semitones.push_back(pitch);
    runs.back().level_db.push_back(frames[i].level_db);
  }
  return runs;
}

/// Median of five, against single frames an octave off; shorter at the ends.
std::vector<float> without_outliers(std::span<const float> x) {
  std::vector<float> out(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::size_t half = std::min({std::size_t{2}, i, x.size() - 1 - i});
    std::array<float, 5> window{};
    std::copy_n(x.begin() + static_cast<std::ptrdiff_t>(i - half), 2 * half + 1, window.begin());
    std::nth_element(window.begin(), window.begin() + static_cast<std::ptrdiff_t>(half),
                     window.begin() + static_cast<std::ptrdiff_t>(2 * half + 1));
    out[i] = window[half];
  }
  return out;
}

/// Frames where the level dips between two louder stretches, as a consonant between two notes does.
std::vector<std::size_t> level_dips(std::span<const float> level_db) {
  std::vector<std::size_t> dips;
  for (std::size_t i = dip_reach_frames; i + dip_reach_frames < level_db.size(); ++i) {
    auto at = level_db.begin() + static_cast<std::ptrdiff_t>(i);
    const auto reach = static_cast<std::ptrdiff_t>(dip_reach_frames);
    if (*at > *std::min_element(at - reach, at + reach + 1)) continue;
    if (*std::max_element(at - reach, at) < *at + dip_db) continue;
    if (*std::max_element(at, at + reach + 1) < *at + dip_db) continue;
    if (dips.empty() || i - dips.back() > dip_reach_frames) dips.push_back(i);
  }
  return dips;
}

float middle_of(Piece piece, std::span<const float> contour) {
  auto x = contour.subspan(piece.begin, piece.end - piece.begin);
  return median({x.begin(), x.end()});
}

/// Held pieces; neighbours closer than a step are one note that sinks or rises slowly.
std::vector<Piece> merged_pieces(std::span<const float> contour) {
  std::vector<Piece> out;
  float previous = 0;
  for (Piece piece : held_pieces(contour)) {
    float middle = middle_of(piece, contour);
    if (!out.empty() && std::fabs(middle - previous) < least_step)
      out.back().end = piece.end;
    else
      out.push_back(piece);
    previous = middle;
  }
  return out;
}

/// The pieces of a run, parted once more where the level dips.
std::vector<Piece> pieces_of(const Run& run, std::span<const float> contour) {
  const auto dips = level_dips(run.level_db);
  auto dip = dips.begin();
  std::vector<Piece> out;
  for (Piece piece : merged_pieces(contour)) {
    for (; dip != dips.end() && *dip + shortest_note_frames <= piece.end; ++dip) {
      if (*dip < piece.begin + shortest_note_frames) continue;
      out.push_back({piece.begin, *dip});
      piece.begin = *dip;
    }
    out.push_back(piece);
  }
  return out;
}

/// Least-squares slope over the piece: is it going somewhere rather than staying?
bool glides(std::span<const float> x) {
  double n = static_cast<double>(x.size()), middle = 0.5 * (n - 1), moment = 0, weight = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    double t = static_cast<double>(i) - middle;
    moment += t * static_cast<double>(x[i]);
    weight += t * t;
  }
  double per_frame = weight > 0 ? moment / weight : 0;
  return std::fabs(per_frame) >= gliding_semitones_per_second * frame_hop.value &&
         std::fabs(per_frame) * n >= gliding_semitones;
}

/// The piece without the approaches at its ends.
Piece trimmed(Piece piece, std::span<const float> contour) {
  const float middle = middle_of(piece, contour);
  auto off = [&](std::size_t i) { return std::fabs(contour[i] - middle) > edge_tolerance; };
  while (piece.begin < piece.end && off(piece.begin)) ++piece.begin;
  while (piece.end > piece.begin && off(piece.end - 1)) --piece.end;
  return piece;
}

Note note_of(Piece piece, std::span<const float> contour, std::size_t first_frame) {
  auto x = contour.subspan(piece.begin, piece.end - piece.begin);
  std::vector<float> cents(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) cents[i] = 100 * (x[i] - x[0]);
  auto movement = measure_movement(cents);
  auto at = [&](std::size_t i) { return frame_hop * (static_cast<double>(first_frame + i) - 0.5); };
  return {{std::max(at(piece.begin), Seconds(0)), at(piece.end)},
          Midi(middle_of(piece, contour)),
          movement.instability,
          movement.vibrato};
}

/// The longest one-way movement in [begin, end), if it is a glide.
void add_glide(std::size_t begin, std::size_t end, std::span<const float> contour, std::size_t first_frame,
               std::vector<Glide>& out) {
  while (begin < end) {
    std::size_t turn = begin + 1;
    float direction = 0, furthest = contour[begin];
    std::size_t last = begin;
    for (; turn < end; ++turn) {
      float moved = contour[turn] - furthest;
      if (direction == 0 && std::fabs(moved) > 0.3f) direction = moved > 0 ? 1.0f : -1.0f;
      if (direction != 0 && moved * direction < -0.3f) break;
      if (direction != 0 && moved * direction > 0) {
        furthest = contour[turn];
        last = turn;
      }
    }
    if (last - begin >= shortest_glide_frames && std::fabs(contour[last] - contour[begin]) >= least_glide) {
      auto at = [&](std::size_t i) { return frame_hop * static_cast<double>(first_frame + i); };
      out.push_back({{at(begin), at(last)}, Midi(contour[begin]), Midi(contour[last])});
    }
    begin = std::max(last, begin + 1);
    if (turn == end) break;
  }
}

void find_notes_in(const Run& run, Notes& out) {
  const auto contour = without_outliers(run.semitones);
  std::size_t free_from = 0;  // frames from here to the next note belong to none yet
  for (Piece piece : pieces_of(run, contour)) {
    if (glides(std::span(contour).subspan(piece.begin, piece.end - piece.begin))) continue;
    Piece held = trimmed(piece, contour);
    if (held.end - held.begin < shortest_note_frames) continue;
    add_glide(free_from, held.begin, contour, run.begin, out.glides);
    out.notes.push_back(note_of(held, contour, run.begin));
    free_from = held.end;
  }
  add_glide(free_from, contour.size(), contour, run.begin, out.glides);
}

}  // namespace

Notes find_notes(std::span<const PitchFrame> frames) {
  Notes out;
  for (const Run& run : voiced_runs(frames)) find_notes_in(run, out);
  return out;
}

}  // namespace orakgarak::voice
