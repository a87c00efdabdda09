// The average shape of the transcribed songs, and what it costs to know a song only by its ends or its top:
// each transcribed song in turn is left out, matched by the average shape of the others, and compared with
// itself. Prints the constants of src/songs/shape_starter.cpp and the table of docs/catalogue-shape.md.
//
//   bench_catalogue_shape catalog/pop-classics.jsonl
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <vector>

#include "formats/song_catalogue.h"
#include "songs/effort.h"
#include "songs/shape.h"
#include "songs/uncertainty.h"

namespace {

using namespace orakgarak;
using namespace orakgarak::songs;

constexpr double recommended_fit = 50;

struct Voice {
  double low, comfortable_low, comfortable_high, high;
};
constexpr Voice voices[] = {{40, 43, 57, 62}, {43, 46, 60, 65}, {48, 51, 65, 70},
                            {53, 56, 69, 74}, {60, 63, 76, 81}, {50, 52, 60, 62}};

Reach reach_of_voice(const Voice& v) {
  return {{Midi(v.low), Midi(v.comfortable_low), Semitones(0)},
          {Midi(v.high), Midi(v.comfortable_high), Semitones(0)}};
}

struct Spread {
  double sum = 0, squares = 0;
  int n = 0, within = 0;
  void add(double x, double stated = 0) {
    sum += x;
    squares += x * x;
    ++n;
    if (std::abs(x) <= stated) ++within;
  }
  double mean() const { return sum / n; }
  double deviation() const { return std::sqrt(std::max(0.0, squares / n - mean() * mean())); }
};

double mean_pitch(const IndexedSong& song) {
  double sum = 0;
  for (int p = 0; p < 128; ++p) sum += song.weights[p] * p;
  return sum / weight_sum;
}

/// What is known of a song, and by how much the top that somebody noted is wrong.
struct Knowledge {
  Evidence evidence;
  int top_error;
};

struct Outcome {
  Spread position, fit, recommended, lost;
};

struct StandIn {
  IndexedSong song;
  TopShapes shapes;
};

std::vector<StandIn> stand_ins(const std::vector<Song>& songs, const std::vector<IndexedSong>& exact,
                               const Knowledge& known) {
  std::vector<StandIn> guesses;
  for (std::size_t i = 0; i < songs.size(); ++i) {
    std::vector<IndexedSong> others = exact;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    const AverageShape shape = average_shape(others);
    Song facts;
    facts.highest = *songs[i].highest + Semitones(known.top_error);
    if (known.evidence == Evidence::ends) facts.lowest = songs[i].lowest;
    guesses.push_back({*weigh(facts, shape), top_shapes(shape)});
  }
  return guesses;
}

int best_key(const IndexedSong& song, const SingerCost& singer) {
  const auto cost = [&](int key) { return singer.of(song, key) + key_price(key); };
  int best = 0;
  for (int key = -6; key <= 6; ++key) {
    if (cost(key) < cost(best)) best = key;
  }
  return best;
}

Outcome leave_one_out(const std::vector<Song>& songs, const std::vector<IndexedSong>& exact,
                      const Knowledge& known) {
  Outcome outcome;
  const std::vector<StandIn> guesses = stand_ins(songs, exact, known);
  for (const Voice& voice : voices) {
    const Reach reach = reach_of_voice(voice);
    for (std::size_t i = 0; i < songs.size(); ++i) {
      const StandIn& guess = guesses[i];
      const SingerCost singer(reach, guess.shapes);
      const auto fit = [&](const IndexedSong& song, int key) {
        return fit_of(singer.of(song, key) + key_price(key));
      };
      const int key = best_key(guess.song, singer);
      const double guessed = fit(guess.song, key);
      const double real = fit(exact[i], key);
      const double stated = FitUncertainty(reach, guess.shapes).of(guess.song, false, key, key_price(key));
      if (known.evidence == Evidence::ends)
        outcome.position.add(mean_pitch(exact[i]) - mean_pitch(guess.song));
      outcome.fit.add(real - guessed, stated);
      if (guessed >= recommended_fit) outcome.recommended.add(real - guessed, stated);
      outcome.lost.add(fit(exact[i], best_key(exact[i], singer)) - real);
    }
  }
  return outcome;
}

std::string off_by(const Spread& s) {
  return s.n == 0 ? "none" : fmt::format("{:+.1f} ± {:.1f}", s.mean(), s.deviation());
}
std::string within(const Spread& s) {
  return s.n == 0 ? "none" : fmt::format("{:.0f} %", 100.0 * s.within / s.n);
}

void print_row(const Knowledge& known, const Outcome& o) {
  fmt::print("| {} | {} | {} | {} | {} | {} | {} | {:.1f} |\n",
             known.evidence == Evidence::top ? "top" : "ends", fmt::format("{:+d}", known.top_error),
             off_by(o.position), off_by(o.fit), within(o.fit), off_by(o.recommended), within(o.recommended),
             o.lost.mean());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: bench_catalogue_shape catalog/pop-classics.jsonl\n");
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto catalogue = formats::read_song_jsonl(bytes);
  if (!catalogue || catalogue->songs.empty()) {
    fmt::print(stderr, "{} holds no songs\n", argv[1]);
    return 3;
  }
  std::vector<IndexedSong> exact;
  for (const Song& song : catalogue->songs) exact.push_back(*weigh(song));
  const AverageShape shape = average_shape(exact);
  fmt::print(".between_ends = {{{:.5f}}}\n.lengths = {{{}}}\n\n", fmt::join(shape.between_ends, ", "),
             fmt::join(shape.lengths, ", "));
  fmt::print(
      "| known | top wrong by | mean pitch off by | fit off by | within stated | where fit ≥ 50: off by | "
      "within stated "
      "| lost by the key chosen |\n|---|---|---|---|---|---|---|---|\n");
  print_row({Evidence::ends, 0}, leave_one_out(catalogue->songs, exact, {Evidence::ends, 0}));
  for (const int error : {-2, -1, 0, 1, 2}) {
    const Knowledge known{Evidence::top, error};
    print_row(known, leave_one_out(catalogue->songs, exact, known));
  }
}
