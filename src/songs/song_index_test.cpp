#include "songs/song_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "songs/effort.h"

namespace orakgarak::songs {
namespace {

int below(std::mt19937& random, int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

IndexedSong random_song(std::mt19937& random, int facets) {
  IndexedSong song;
  song.kind = static_cast<EndsKind>(below(random, ends_kinds));
  const int lowest = 30 + below(random, 40);
  const int span = below(random, 36);
  song.highest = static_cast<std::uint8_t>(lowest + span);
  if (below(random, 4) != 0) song.lowest = static_cast<std::uint8_t>(lowest);
  song.fame = static_cast<std::uint8_t>(below(random, 4) * 80);
  song.facets = static_cast<std::uint16_t>(below(random, facets));
  if (song.kind == EndsKind::top_only || song.kind == EndsKind::top_only_falsetto) return song;
  // Few parts at a time, so that many songs are alike and tie.
  for (int left = weight_sum; left > 0;) {
    const int part = std::min(left, 51);
    song.weights[static_cast<std::size_t>(lowest + below(random, span + 1))] +=
        static_cast<std::uint8_t>(part);
    left -= part;
  }
  return song;
}

Query random_query(std::mt19937& random, int facets) {
  const double low = 38 + below(random, 250) / 10.0;
  const double comfortable = low + below(random, 60) / 10.0;
  const double high = comfortable + below(random, 200) / 10.0;
  const Reach reach{{Midi(low), Midi(comfortable), Semitones(0)},
                    {Midi(high + below(random, 60) / 10.0), Midi(high), Semitones(0)}};
  Query query;
  SingerCost(reach).fill(query);
  const int from = below(random, 13) - 12;
  set_keys(query, from, from + below(random, 12 - from + 1), below(random, 3) - 1);
  for (int fame = 0; fame < 256; ++fame)
    query.fame_price[fame] = static_cast<std::uint32_t>(below(random, 3) * fame);
  for (int f = 0; f < facets; ++f) {
    query.facets_price.push_back(below(random, 2) == 0 ? excluded
                                                       : static_cast<std::uint32_t>(below(random, 3)) * 500);
  }
  query.limit = static_cast<std::size_t>(1 + below(random, 30));
  return query;
}

/// Every song in every shift.
std::vector<Hit> brute_force(const std::vector<IndexedSong>& songs, const Query& query) {
  std::vector<Hit> all;
  for (std::uint32_t i = 0; i < songs.size(); ++i) {
    const std::uint32_t facets = query.facets_price[songs[i].facets];
    if (facets == excluded) continue;
    Hit best;
    int best_order = 1000;
    for (std::size_t k = 0; k < query.shift_price.size(); ++k) {
      const int shift = query.first_shift + static_cast<int>(k);
      const std::uint32_t cost = cost_of(songs[i], query, shift);
      const int order = query.shift_order[k];
      if (best_order != 1000 && (cost > best.cost || (cost == best.cost && order > best_order))) continue;
      best = {i, shift, cost, cost + query.fame_price[songs[i].fame] + facets};
      best_order = order;
    }
    all.push_back(best);
  }
  std::stable_sort(all.begin(), all.end(), [](const Hit& a, const Hit& b) { return a.rank < b.rank; });
  if (all.size() > query.limit) all.resize(query.limit);
  return all;
}

TEST(SongIndex, ListsTheSameAsTryingEverySongInEveryShift) {
  std::mt19937 random(11);
  for (const int count : {1, 15, 16, 17, 700, 2003}) {
    const int facets = 1 + below(random, 130);  // more than the 64 bits of a block
    std::vector<IndexedSong> songs;
    for (int i = 0; i < count; ++i) songs.push_back(random_song(random, facets));
    const SongIndex index{songs};
    ASSERT_EQ(index.size(), songs.size());
    for (int singer = 0; singer < 15; ++singer) {
      const Query query = random_query(random, facets);
      const std::vector<Hit> expected = brute_force(songs, query);
      const Kernels kernels = available_kernels();
      for (int k = 0; k < kernels.count; ++k) {
        EXPECT_EQ(index.search(query, Pruning::on, kernels.kernel[k].score), expected)
            << kernels.kernel[k].name;
        EXPECT_EQ(index.search(query, Pruning::off, kernels.kernel[k].score), expected)
            << kernels.kernel[k].name;
      }
    }
  }
}

TEST(SongIndex, EqualRanksComeInTheOrderOfTheSongs) {
  std::mt19937 random(3);
  IndexedSong song = random_song(random, 1);
  song.kind = EndsKind::transcribed;
  song.weights = {};
  song.weights[60] = weight_sum;
  const std::vector<IndexedSong> songs(100, song);
  Query query = random_query(random, 1);
  query.facets_price = {0};
  query.limit = 20;
  const std::vector<Hit> hits = SongIndex{songs}.search(query);
  ASSERT_EQ(hits.size(), 20u);
  for (std::uint32_t i = 0; i < hits.size(); ++i) EXPECT_EQ(hits[i].song, i);
}

TEST(SongIndex, AnEmptyIndexAFilterThatLeavesNothingAndALimitOfZeroGiveNoSongs) {
  std::mt19937 random(5);
  Query query = random_query(random, 1);
  query.facets_price = {0};
  EXPECT_TRUE(SongIndex{}.search(query).empty());
  const std::vector<IndexedSong> songs(3, random_song(random, 1));
  query.limit = 0;
  EXPECT_TRUE(SongIndex{songs}.search(query).empty());
  query.limit = 5;
  EXPECT_EQ(SongIndex{songs}.search(query).size(), 3u);
  query.facets_price = {excluded};
  EXPECT_TRUE(SongIndex{songs}.search(query).empty());
}

TEST(SongIndex, ASongOf28SemitonesTakesAtMost40Bytes) {
  IndexedSong song;
  song.lowest = 50;
  song.highest = 77;
  for (int p = 50; p < 77; ++p) song.weights[p] = 9;
  song.weights[77] = static_cast<std::uint8_t>(weight_sum - 27 * 9);
  const std::vector<IndexedSong> songs(16'000, song);
  EXPECT_LE(SongIndex{songs}.memory_bytes(), songs.size() * 40);
}

TEST(SongIndex, SongsAtBothEndsOfMidiAreScoredInTheOutermostShifts) {
  std::mt19937 random(9);
  for (const int p : {0, 127}) {
    IndexedSong song;
    song.lowest = song.highest = static_cast<std::uint8_t>(p);
    song.weights[static_cast<std::size_t>(p)] = weight_sum;
    Query query = random_query(random, 1);
    query.facets_price = {0};
    for (const int octave : {-1, 1}) {
      set_keys(query, -12, 12, octave);
      EXPECT_EQ(SongIndex{std::vector{song}}.search(query), brute_force({song}, query));
    }
  }
}

}  // namespace
}  // namespace orakgarak::songs
