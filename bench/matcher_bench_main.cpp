// One core, a million songs, 13 keys, the ten best: how long a search takes with and without pruning, against
// a plain loop over every song, key and semitone that must give the same list. The songs are synthetic: each
// is a song of the catalogue, moved, reweighted and given another fame, language and decade.
//
//   bench_matcher [--songs N] [--catalogue FILE…]      default 1,000,000 and the two starter catalogues
//
// Ends with 1 when a list differs from the plain loop's or the widest kernel is slower than was promised.
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <vector>

#include "formats/song_catalogue.h"
#include "songs/effort.h"
#include "songs/matcher.h"
#include "songs/shape.h"
#include "songs/song_index.h"

namespace {

using namespace orakgarak;
using namespace orakgarak::songs;

constexpr int singers = 200, slow_singers = 10, brute_force_singers = 5;
constexpr std::uint16_t facets_count = 1000;

// What was promised of a million songs.
constexpr double most_pruned_ms = 1, most_unpruned_ms = 10, most_bytes_a_song = 40;

/// Processor time of this thread: what else the machine does meanwhile does not count.
double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

std::vector<Song> read_catalogue(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  auto catalogue = formats::read_song_jsonl(bytes);
  if (!catalogue) return {};
  return std::move(catalogue->songs);
}

int below(std::mt19937& random, int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

/// The song's singing with every share changed by up to a third, moved by up to 3 semitones.
IndexedSong vary(const IndexedSong& model, std::mt19937& random) {
  const int move = below(random, 7) - 3;
  Song song;
  for (int p = 3; p < 125; ++p) {
    if (model.weights[p] == 0) continue;
    song.seconds_per_semitone[p + move] = model.weights[p] * (2 + below(random, 1000) / 500.0);
  }
  IndexedSong varied;
  if (song.seconds_per_semitone.empty()) {
    varied = model;
    varied.highest = static_cast<std::uint8_t>(model.highest + move);
  } else {
    varied = *weigh(song);
    varied.kind = model.kind;
  }
  varied.fame = static_cast<std::uint8_t>(below(random, 256));
  varied.facets = static_cast<std::uint16_t>(below(random, facets_count));
  return varied;
}

std::vector<IndexedSong> synthesise(const std::vector<IndexedSong>& models, std::size_t count) {
  std::mt19937 random(1);
  std::vector<IndexedSong> songs;
  songs.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    songs.push_back(
        vary(models[static_cast<std::size_t>(below(random, static_cast<int>(models.size())))], random));
  }
  return songs;
}

/// Any voice from bass to soprano, narrow or wide. filtered: only one song in a thousand may be listed.
Query query_of(std::mt19937& random, bool filtered) {
  const double low = 38 + below(random, 250) / 10.0;
  const double comfortable = low + 1 + below(random, 40) / 10.0;
  const double high = comfortable + 8 + below(random, 120) / 10.0;
  const Reach reach{{Midi(low), Midi(comfortable), Semitones(0.3)},
                    {Midi(high + 1 + below(random, 50) / 10.0), Midi(high), Semitones(0.3)}};
  Query query;
  SingerCost(reach).fill(query);
  set_keys(query, -6, 6, 0);
  for (int fame = 0; fame < 256; ++fame)
    query.fame_price[fame] = static_cast<std::uint32_t>(15 * (255 - fame));
  query.facets_price.assign(facets_count, filtered ? excluded : 0);
  query.facets_price[static_cast<std::size_t>(below(random, facets_count))] = 0;
  return query;
}

std::vector<Hit> brute_force(const std::vector<IndexedSong>& songs, const Query& query) {
  std::vector<Hit> best;
  const auto before = [](const Hit& a, const Hit& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.song < b.song;
  };
  for (std::uint32_t i = 0; i < songs.size(); ++i) {
    const IndexedSong& song = songs[i];
    if (query.facets_price[song.facets] == excluded) continue;
    const auto kind = static_cast<std::size_t>(song.kind);
    std::optional<Hit> its;
    for (const int key : {0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6}) {
      std::uint32_t cost = key_price(key) + query.peak_high[kind][effort_pad + song.highest + key];
      if (song.lowest != end_unknown) cost += query.peak_low[kind][effort_pad + song.lowest + key];
      for (int p = 0; p < 128; ++p) cost += song.weights[p] * query.effort.effort[effort_pad + p + key];
      if (!its || cost < its->cost) its = Hit{i, key, cost, 0};
    }
    its->rank = its->cost + query.fame_price[song.fame] + query.facets_price[song.facets];
    if (best.size() == query.limit && !before(*its, best.back())) continue;
    best.insert(std::upper_bound(best.begin(), best.end(), *its, before), *its);
    if (best.size() > query.limit) best.pop_back();
  }
  return best;
}

struct Times {
  std::vector<double> all;
  double at(double share) {
    std::sort(all.begin(), all.end());
    return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
  }
};

template <class Search>
Times time_searches(int count, bool filtered, Search search) {
  Times times;
  std::mt19937 random(2);
  for (int i = 0; i < count; ++i) {
    const Query query = query_of(random, filtered);
    const double start = milliseconds();
    search(query);
    times.all.push_back(milliseconds() - start);
  }
  return times;
}

bool keeps(std::string_view what, double measured, double most) {
  if (measured <= most) return true;
  fmt::print("  BROKEN: {}: {:.3f}, promised at most {:.0f}\n", what, measured, most);
  return false;
}

void print_times(std::string_view what, Times& times, double baseline) {
  fmt::print("  {:<34} median {:9.3f} ms   p99 {:9.3f} ms   {:9.1f} × the plain loop\n", what, times.at(0.5),
             times.at(0.99), baseline / times.at(0.5));
}

/// Every kernel with and without pruning; whether the widest keeps the promises.
bool measure_kernels(const SongIndex& index, bool filtered, double baseline) {
  bool kept = true;
  const Kernels kernels = available_kernels();
  for (int k = 0; k < kernels.count; ++k) {
    const Kernel& kernel = kernels.kernel[k];
    Times unpruned = time_searches(k == 0 ? slow_singers : singers, filtered, [&](const Query& query) {
      index.search(query, Pruning::off, kernel.score);
    });
    Times pruned = time_searches(singers, filtered,
                                 [&](const Query& query) { index.search(query, Pruning::on, kernel.score); });
    print_times(fmt::format("no pruning, {}", kernel.name), unpruned, baseline);
    print_times(fmt::format("pruned, {}", kernel.name), pruned, baseline);
    if (k + 1 < kernels.count) continue;
    kept = keeps("median without pruning, ms", unpruned.at(0.5), most_unpruned_ms) && kept;
    kept = keeps("median pruned, ms", pruned.at(0.5), most_pruned_ms) && kept;
  }
  return kept;
}

bool measure(std::string_view title, const std::vector<IndexedSong>& songs) {
  const double start = milliseconds();
  const SongIndex index{songs};
  const double load = milliseconds() - start;
  const double bytes_a_song = static_cast<double>(index.memory_bytes()) / static_cast<double>(songs.size());
  fmt::print("{}: {} songs, index built in {:.0f} ms, {:.1f} bytes a song\n", title, songs.size(), load,
             bytes_a_song);
  bool kept = keeps("bytes a song", bytes_a_song, most_bytes_a_song);
  bool same = true;
  for (const bool filtered : {false, true}) {
    fmt::print(" {}\n", filtered ? "one song in 1,000 passes the filter" : "all songs");
    // The two searches inside are thousandths of the loop.
    Times plain = time_searches(brute_force_singers, filtered, [&](const Query& query) {
      const std::vector<Hit> expected = brute_force(songs, query);
      same = same && index.search(query) == expected && index.search(query, Pruning::off) == expected;
    });
    print_times("plain loop", plain, plain.at(0.5));
    kept = measure_kernels(index, filtered, plain.at(0.5)) && kept;
  }
  fmt::print(" lists {} those of the plain loop\n\n", same ? "equal" : "DIFFER FROM");
  return same && kept;
}

void measure_matcher(std::vector<Song> songs) {
  const double start = milliseconds();
  const Matcher matcher = Matcher::create(std::move(songs));
  const double load = milliseconds() - start;
  Times times;
  std::mt19937 random(3);
  for (int i = 0; i < singers; ++i) {
    SingerProfile singer;
    const double low = 38 + below(random, 250) / 10.0;
    singer.lowest = ProfileEnd{Midi(low), Semitones(0.3)};
    singer.highest = ProfileEnd{Midi(low + 20), Semitones(0.3)};
    const double asked = milliseconds();
    const auto answer = matcher.match(singer);
    times.all.push_back(milliseconds() - asked);
    if (!answer) fmt::print("{}\n", answer.error().detail);
  }
  fmt::print(
      "whole answers with reasons from the starter catalogue: {} songs, loaded in {:.1f} ms, median {:.2f} "
      "ms, p99 {:.2f} ms\n",
      matcher.songs().size(), load, times.at(0.5), times.at(0.99));
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 1'000'000;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--songs") == 0 && i + 1 < argc) {
      count = std::stoul(argv[++i]);
    } else if (std::strcmp(argv[i], "--catalogue") != 0) {
      files.emplace_back(argv[i]);
    }
  }
  if (files.empty()) files = {"catalog/pop-classics.jsonl", "catalog/korean-top-notes.jsonl"};
  std::vector<Song> songs;
  for (const std::string& file : files) {
    for (Song& song : read_catalogue(file)) songs.push_back(std::move(song));
  }
  std::vector<IndexedSong> models;
  std::vector<IndexedSong> transcribed;
  for (const Song& song : songs) {
    const auto model = weigh(song);
    if (!model) continue;
    models.push_back(*model);
    if (evidence_of(song) == Evidence::transcribed) transcribed.push_back(*model);
  }
  if (transcribed.empty()) {
    fmt::print(stderr,
               "No transcribed song was found; run this where catalog/ is, or name --catalogue FILE.\n");
    return 3;
  }
  bool kept = measure("every song transcribed", synthesise(transcribed, count));
  kept = measure("mixed as the catalogue is", synthesise(models, count)) && kept;
  measure_matcher(std::move(songs));
  return kept ? 0 : 1;
}
