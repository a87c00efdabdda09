#pragma once
// A million songs, ready to be scored: what every song weighs on each semitone, laid out so that one block of
// 16 songs is scored in all keys at once, and grouped so that most blocks never have to be.
//
//   group   songs with the same ends and the same kind of evidence: one number per shift says what their
//   peaks cost block   16 songs of a group × 4 semitones × …; inside a group songs are sorted by mean pitch
//   bound   Σ w·c ≥ 127·h(mean of the lower half) + 128·h(mean of the upper half), h the lower convex hull of
//           the effort (Jensen): a group or block whose bound is past the worst of the list so far is skipped
//
// At most 40 bytes a song for songs of up to 28 semitones, one byte more for each semitone above.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "songs/kernel.h"

namespace orakgarak::songs {

/// How far the ends of a song can be trusted, and whether the top is falsetto: chooses the table of what they
/// cost. Of a song of which only the top is known, that table says all; it has no weights.
enum class EndsKind : std::uint8_t {
  transcribed,
  transcribed_falsetto,
  collected,
  collected_falsetto,
  top_only,
  top_only_falsetto
};
inline constexpr int ends_kinds = 6;
inline constexpr std::uint8_t end_unknown = 255;

/// What the index keeps of a song.
struct IndexedSong {
  std::array<std::uint8_t, 128> weights{};  ///< share on each MIDI number, sums to 255, or all 0
  std::uint8_t lowest = end_unknown;        ///< MIDI number of the stated end, or end_unknown
  std::uint8_t highest = end_unknown;
  EndsKind kind = EndsKind::transcribed;
  std::uint8_t fame = 0;     ///< 255 = best known
  std::uint16_t facets = 0;  ///< language, decade and octave evidence together; a number the caller gives
};

/// What one singer's query costs, in units of 1/(255·1024) of the effort at the end of the full range.
struct Query {
  EffortTable effort;                                                          ///< c[p]
  std::array<std::array<std::uint32_t, effort_size>, ends_kinds> peak_high{};  ///< at highest + shift
  std::array<std::array<std::uint32_t, effort_size>, ends_kinds> peak_low{};   ///< at lowest + shift
  int first_shift = -6;                    ///< shifts first_shift … first_shift + prices.size() − 1
  std::vector<std::uint32_t> shift_price;  ///< one a shift, at most max_shifts
  std::vector<std::uint8_t> shift_order;   ///< one a shift, all different: which of equal shifts is preferred
  std::array<std::uint32_t, 256> fame_price{};  ///< by fame
  std::vector<std::uint32_t> facets_price;      ///< by facets; `excluded` filters the song out
  std::size_t limit = 10;
};
inline constexpr std::uint32_t excluded = 0xffffffffu;

/// What the search finds for one song in one shift: Hit::cost.
std::uint32_t cost_of(const IndexedSong& song, const Query& query, int shift);

struct Hit {
  std::uint32_t song = 0;  ///< position in the span that was indexed
  int shift = 0;
  std::uint32_t cost = 0;  ///< strain, peaks and shift price
  std::uint32_t rank = 0;  ///< cost + fame price + facets price
  bool operator==(const Hit&) const = default;
};

enum class Pruning : std::uint8_t { on, off };

class SongIndex {
 public:
  SongIndex() = default;
  /// O(n log n). Every song has weights as said above and facets below 65,535.
  explicit SongIndex(std::span<const IndexedSong> songs);

  /// The `limit` best songs, each in its best shift, by (rank, song): the same with and without pruning and
  /// with every kernel. facets_price covers every facets number of the index.
  std::vector<Hit> search(const Query& query, Pruning pruning = Pruning::on,
                          ScoreBlock kernel = best_kernel()) const;

  std::size_t size() const { return songs_; }
  std::size_t memory_bytes() const;  ///< of everything kept, this object included

 private:
  /// Σ w·p over the lower 127 and the upper 128 of a song's 255 parts: smallest and largest of some songs.
  struct Centres {
    std::uint16_t lower_from, lower_to, upper_from, upper_to;
  };
  struct Group {
    std::uint32_t first_block, blocks, first_row;
    Centres centres;
    std::uint8_t lowest, highest, first_semitone, quads;
    EndsKind kind;
  };
  struct Block {
    std::uint64_t facets;  ///< bit (facets mod 64) of each song
    Centres centres;
  };
  class Search;
  void add_group(std::span<const IndexedSong> songs, std::span<const std::uint32_t> members);

  std::size_t songs_ = 0;
  std::vector<Group> groups_;
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> song_;    ///< 16 a block; the places past a group's last song repeat no_song
  std::vector<std::uint16_t> facets_;  ///< 16 a block
  std::vector<std::uint8_t> fame_;     ///< 16 a block
  std::vector<std::uint8_t> weights_;  ///< a block: quads × 16 songs × 4 semitones
};

}  // namespace orakgarak::songs
