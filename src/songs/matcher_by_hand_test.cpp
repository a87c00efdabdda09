// The scoring page of matcher.h, effort.h and shape.h worked out a second time, slowly and without the index,
// from songs and profile alone; only the constants of the starter shape are shared. The matcher must give the
// same songs, keys and integers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include "songs/matcher.h"
#include "songs/shape.h"

namespace orakgarak::songs {
namespace {

struct Ends {
  double fl, cl, ch, fh;
};

int by_hand_effort(const Ends& s, int p) {
  const double m = (s.cl + s.ch) / 2;
  const double h = std::max((s.ch - s.cl) / 2, 1.0);
  const bool up = p >= m;
  const double x = up ? p - m : m - p;
  const double comfortable = up ? s.ch - m : m - s.cl;
  const double w = std::max((up ? s.fh - m : m - s.fl) - comfortable, 1.0);
  const double b = 0.01 * comfortable / h;
  double effort = 0.01 * x / h;
  if (x > comfortable) effort = b + (1 - b) * ((x - comfortable) / w) * ((x - comfortable) / w);
  if (x > comfortable + w) effort = 1 + (up ? 3 : 1) * (x - comfortable - w);
  return static_cast<int>(std::min(std::floor(1024 * effort + 0.5), 32767.0));
}

double whole(double x) { return std::floor(x + 0.5); }

double peak(double over, double price, bool collected) {
  const int weight[] = {1, 2, 3, 2, 1};
  double mean = 0;
  for (int e = -2; e <= 2; ++e) mean += weight[e + 2] / 9.0 * (price * 1024 * 255 * std::max(0.0, over + e));
  return whole(collected ? mean : price * 1024 * 255 * std::max(0.0, over));
}

double high_peak(const Ends& s, int p, bool falsetto, bool collected) {
  return peak(p - s.fh - 0.5 - (falsetto ? 5 : 0), 0.15, collected);
}
double low_peak(const Ends& s, int p, bool collected) { return peak(s.fl - p - 0.5, 0.02, collected); }

std::map<int, int> by_hand_parts(const std::map<int, double>& seconds) {
  double total = 0;
  for (const auto& [p, s] : seconds) total += s;
  std::map<int, int> parts;
  std::vector<std::pair<double, int>> rests;
  int left = 255;
  for (const auto& [p, s] : seconds) {
    parts[p] = static_cast<int>(255 * s / total);
    rests.push_back({-(255 * s / total - parts[p]), p});
    left -= parts[p];
  }
  std::sort(rests.begin(), rests.end());
  for (int i = 0; i < left; ++i) ++parts[rests[static_cast<std::size_t>(i)].second];
  return parts;
}

double strain(const Ends& s, const std::map<int, int>& parts, int key) {
  double sum = 0;
  for (const auto& [p, n] : parts) sum += n * by_hand_effort(s, p + key);
  return sum;
}

double top_only(const Ends& s, int top, bool falsetto) {
  const int weight[] = {1, 2, 3, 2, 1};
  double expected = 0;
  for (int e = -2; e <= 2; ++e) {
    double sum = 0;
    for (const int length : starter_shape.lengths) {
      const std::vector<double> shape = stretched(starter_shape, length);
      double mean = 0;
      for (int i = 0; i <= length; ++i) {
        mean += shape[static_cast<std::size_t>(i)] * by_hand_effort(s, top + e - length + i);
      }
      const double cost =
          255 * mean + low_peak(s, top + e - length, false) + high_peak(s, top + e, falsetto, false);
      sum += 100 * math::exp(-3.5 * cost / (255 * 1024));
    }
    expected += weight[e + 2] / 9.0 * (sum / 10);
  }
  return whole(-math::log(std::max(expected, 1e-28) / 100) * (255 * 1024) / 3.5);
}

double by_hand_cost(const Ends& s, const Song& song, int key) {
  const double price = key == 0 ? 0 : 500 + 150 * std::abs(key) + 37 * key * key;
  const int top = static_cast<int>(song.highest->value);
  if (!song.seconds_per_semitone.empty()) {
    return price + strain(s, by_hand_parts(song.seconds_per_semitone), key) +
           high_peak(s, top + key, song.highest_is_falsetto, false) +
           low_peak(s, static_cast<int>(song.lowest->value) + key, false);
  }
  if (!song.lowest) return price + top_only(s, top + key, song.highest_is_falsetto);
  const int low = static_cast<int>(song.lowest->value);
  const std::vector<double> shape = stretched(starter_shape, top - low);
  std::map<int, double> shares;
  for (int p = low; p <= top; ++p) shares[p] = shape[static_cast<std::size_t>(p - low)];
  return price + strain(s, by_hand_parts(shares), key) +
         high_peak(s, top + key, song.highest_is_falsetto, true) + low_peak(s, low + key, true);
}

double by_hand_fame(const Song& song, int songs_of_artist) {
  double fame = 0.3 + 0.1 * std::min(static_cast<int>(std::log2(songs_of_artist)), 4);
  if (song.us_chart_peak) fame = std::max(fame, 1 - 0.5 * std::min(*song.us_chart_peak - 1, 99) / 99);
  if (song.rs500_rank) fame = std::max(fame, 1 - 0.4 * std::min(*song.rs500_rank - 1, 499) / 499);
  return whole(255 * fame);
}

struct Listed {
  std::size_t song;
  int key;
  double cost, rank;
};

std::vector<Listed> by_hand(const std::vector<Song>& songs, const Ends& s, const MatchOptions& options) {
  std::map<std::string, int> of_artist;
  for (const Song& song : songs) ++of_artist[song.artist];
  std::vector<Listed> all;
  for (std::size_t i = 0; i < songs.size(); ++i) {
    const Song& song = songs[i];
    const auto in = [](const auto& list, const auto& x) {
      return list.empty() || std::find(list.begin(), list.end(), x) != list.end();
    };
    const int decade = song.year ? *song.year / 10 * 10 : 0;
    if (!in(options.languages, song.language) || !in(options.decades, decade)) continue;
    Listed best{i, 99, 1e18, 0};
    for (int size = 0; size <= 12; ++size) {
      for (const int key : {-size, size}) {
        if (key < options.lowest_key || key > options.highest_key) continue;
        const double cost = by_hand_cost(s, song, key);
        if (cost < best.cost) best = {i, key, cost, 0};
      }
    }
    best.rank = best.cost +
                whole(options.popularity * 746 * (255 - by_hand_fame(song, of_artist[song.artist])) / 255);
    if (song.octave == OctaveEvidence::uncertain) best.rank += 20 * 746;
    if (!in(options.preferred_languages, song.language)) best.rank += 40 * 746;
    if (!in(options.preferred_decades, decade)) best.rank += 10 * 746;
    all.push_back(best);
  }
  std::stable_sort(all.begin(), all.end(), [](const Listed& a, const Listed& b) { return a.rank < b.rank; });
  std::map<std::string, std::size_t> taken;
  std::vector<Listed> list;
  for (const Listed& l : all) {
    if (list.size() == options.limit) break;
    if (options.per_artist != 0 && taken[songs[l.song].artist] == options.per_artist) continue;
    ++taken[songs[l.song].artist];
    list.push_back(l);
  }
  return list;
}

int below(std::mt19937& random, int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

Song random_song(std::mt19937& random, int number) {
  Song song;
  song.title = "song " + std::to_string(number);
  song.artist = "artist " + std::to_string(below(random, 40));
  if (below(random, 5) != 0) song.year = 1950 + below(random, 70);
  const char* languages[] = {"", "en", "ko", "ja"};
  song.language = languages[below(random, 4)];
  const int low = 38 + below(random, 25);
  const int high = low + below(random, 30);
  song.highest = Midi(high);
  song.highest_is_falsetto = below(random, 5) == 0;
  if (below(random, 6) == 0) song.octave = OctaveEvidence::uncertain;
  if (below(random, 3) == 0) song.us_chart_peak = 1 + below(random, 120);
  if (below(random, 3) == 0) song.rs500_rank = 1 + below(random, 500);
  const int evidence = below(random, 4);
  if (evidence == 0) return song;
  song.lowest = Midi(low);
  if (evidence == 1) return song;
  song.seconds_per_semitone[low] = song.seconds_per_semitone[high] = 1;
  // Whole seconds, so that remainders tie.
  for (int p = low; p <= high; p += 1 + below(random, 3))
    song.seconds_per_semitone[p] = 1 + below(random, 30);
  return song;
}

MatchOptions random_options(std::mt19937& random) {
  MatchOptions options;
  options.lowest_key = below(random, 13) - 12;
  options.highest_key = options.lowest_key + below(random, 13);
  options.octave_apart = false;
  if (below(random, 3) == 0) options.languages = {"ko", "en"};
  if (below(random, 3) == 0) options.decades = {1970, 1980, 1990};
  if (below(random, 3) == 0) options.preferred_languages = {"ja"};
  if (below(random, 3) == 0) options.preferred_decades = {2000};
  options.popularity = below(random, 3) * 4;
  options.limit = static_cast<std::size_t>(1 + below(random, 25));
  options.per_artist = static_cast<std::size_t>(below(random, 4));
  return options;
}

TEST(MatcherByHand, TheSameSongsKeysAndIntegersAsTheScoringPageWorkedOutSlowly) {
  std::mt19937 random(2024);
  std::vector<Song> songs;
  for (int i = 0; i < 300; ++i) songs.push_back(random_song(random, i));
  const Matcher matcher = Matcher::create(songs);
  ASSERT_EQ(matcher.songs().size(), songs.size());
  for (int round = 0; round < 12; ++round) {
    Ends ends{};
    ends.fl = 38 + below(random, 2500) / 100.0;
    ends.cl = ends.fl + below(random, 600) / 100.0;
    ends.ch = ends.cl + below(random, 1800) / 100.0;
    ends.fh = ends.ch + below(random, 600) / 100.0;
    SingerProfile singer;
    singer.lowest = ProfileEnd{Midi(ends.fl), Semitones(0.2)};
    singer.comfortable_low = ProfileEnd{Midi(ends.cl), Semitones(0.2)};
    singer.comfortable_high = ProfileEnd{Midi(ends.ch), Semitones(0.2)};
    singer.highest = ProfileEnd{Midi(ends.fh), Semitones(0.2)};
    const MatchOptions options = random_options(random);
    const auto answer = matcher.match(singer, options);
    ASSERT_TRUE(answer);
    const std::vector<Listed> expected = by_hand(songs, ends, options);
    ASSERT_EQ(answer->songs.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(answer->songs[i].song, expected[i].song) << "round " << round << " place " << i;
      EXPECT_EQ(answer->songs[i].key_shift, expected[i].key) << "round " << round << " place " << i;
      EXPECT_EQ(answer->songs[i].cost, expected[i].cost) << "round " << round << " place " << i;
      EXPECT_EQ(answer->songs[i].rank, expected[i].rank) << "round " << round << " place " << i;
      EXPECT_EQ(answer->songs[i].fit, 100 * math::exp(-3.5 * expected[i].cost / (255 * 1024)));
    }
  }
}

}  // namespace
}  // namespace orakgarak::songs
