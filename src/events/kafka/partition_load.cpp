#include "events/kafka/partition_load.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <limits>
#include <random>

#include "base/math.h"

namespace orakgarak::events {
namespace {

/// The generator's own bits only: what the library makes of them differs between libraries.
using Random = std::mt19937_64;

double uniform(Random& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

/// A UUID of version 7 that was made so many milliseconds after the first.
std::string uuid7_after(std::int64_t milliseconds, Random& random) {
  constexpr std::uint64_t first = 1'760'000'000'000;  // in October 2025
  std::array<std::uint64_t, 2> halves{random(), random()};
  halves[0] = (first + static_cast<std::uint64_t>(milliseconds)) << 16 | 0x7000 | (halves[0] & 0x0FFF);
  halves[1] = (halves[1] & 0x3FFF'FFFF'FFFF'FFFF) | 0x8000'0000'0000'0000;
  std::string text;
  text.reserve(36);
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) text += '-';
    text += "0123456789abcdef"[halves[static_cast<std::size_t>(digit / 16)] >> (60 - digit % 16 * 4) & 15];
  }
  return text;
}

/// The share of the users up to each.
std::vector<double> cumulative_shares(std::int64_t users, double exponent) {
  std::vector<double> shares;
  shares.reserve(static_cast<std::size_t>(users));
  double sum = 0;
  for (std::int64_t user = 1; user <= users; ++user)
    shares.push_back(sum += math::exp2(-exponent * math::log2(static_cast<double>(user))));
  for (double& share : shares) share /= sum;
  return shares;
}

std::size_t drawn(const std::vector<double>& shares, Random& random) {
  const auto user = std::ranges::upper_bound(shares, uniform(random));
  return std::min(static_cast<std::size_t>(user - shares.begin()), shares.size() - 1);
}

void count(PartitionLoads& loads, std::string_view key) {
  ++loads.messages[static_cast<std::size_t>(partition_of(key, static_cast<int>(loads.messages.size())))];
}

}  // namespace

int partition_of(std::string_view key, int partitions) {
  return rd_kafka_msg_partitioner_murmur2(nullptr, key.data(), key.size(), partitions, nullptr, nullptr);
}

std::int64_t PartitionLoads::most() const { return std::ranges::max(messages); }
std::int64_t PartitionLoads::least() const { return std::ranges::min(messages); }

double PartitionLoads::ratio() const {
  if (least() == 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(most()) / static_cast<double>(least());
}

std::vector<PartitionLoadRow> partition_loads(const PartitionLoadOptions& options) {
  // One generator each, so that the users do not depend on the form of the keys.
  Random of_uploads(options.seed), of_users(options.seed + 1), of_choices(options.seed + 2);
  const std::vector<double> shares = cumulative_shares(options.users, options.exponent);
  std::vector<std::string> users(shares.size());

  std::vector<PartitionLoadRow> rows;
  for (const std::int64_t messages : options.messages)
    for (const int partitions : options.partitions) {
      const PartitionLoads none{std::vector<std::int64_t>(static_cast<std::size_t>(partitions))};
      rows.push_back({messages, partitions, none, none});
    }
  for (std::string& user : users) user = uuid7_after(0, of_users);
  const std::int64_t last = std::ranges::max(options.messages);
  for (std::int64_t message = 1; message <= last; ++message) {
    const std::string upload = options.upload_keys == UploadKeys::sequential
                                   ? std::to_string(message)
                                   : uuid7_after(message * 1'000, of_uploads);
    const std::string& user = users[drawn(shares, of_choices)];
    for (PartitionLoadRow& row : rows) {
      if (message > row.messages) continue;
      count(row.by_upload, upload);
      count(row.by_user, user);
    }
  }
  return rows;
}

}  // namespace orakgarak::events
