#pragma once
// How evenly messages spread over partitions, by what their key is. Keys by upload come out even, for each is
// used once; keys by user do not, because few people upload much of what there is.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orakgarak::events {

/// The partition of a key, by the producer's own partitioner (murmur2_random, as Java clients hash).
/// partitions > 0.
int partition_of(std::string_view key, int partitions);

enum class UploadKeys : std::uint8_t {
  uuid7,       ///< as upload ids are
  sequential,  ///< "1", "2", "3"
};

/// Who uploads: each upload is that of user k (1 is the busiest) with a probability in proportion to
/// k^-exponent (Zipf).
struct PartitionLoadOptions {
  std::vector<int> partitions{3, 12};
  std::vector<std::int64_t> messages{300, 1'000, 10'000, 100'000};
  UploadKeys upload_keys = UploadKeys::uuid7;
  std::int64_t users = 1'000;
  double exponent = 1.1;
  std::uint64_t seed = 1;  ///< of ids and of who uploads; the same everywhere
};

inline constexpr int most_load_partitions = 1'000;
inline constexpr std::int64_t most_load_messages = 10'000'000, most_load_users = 10'000'000;

struct PartitionLoads {
  std::vector<std::int64_t> messages;  ///< of each partition

  std::int64_t most() const;
  std::int64_t least() const;
  /// most / least; infinite where a partition is empty. It falls as messages grow, so it says nothing without
  /// their number.
  double ratio() const;
};

struct PartitionLoadRow {
  std::int64_t messages = 0;
  int partitions = 0;
  PartitionLoads by_upload, by_user;
};

/// One row for each number of messages and, within it, of partitions; a row of fewer messages counts the
/// first of those of a row of more. Every number is at least 1 and at most what stands above; exponent >= 0.
/// O(messages * log users) for the largest row.
std::vector<PartitionLoadRow> partition_loads(const PartitionLoadOptions& options);

}  // namespace orakgarak::events
