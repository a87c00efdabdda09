#pragma once
// What the decoder child writes into its pipe: frames of an 8-byte header (type, payload bytes) and a
// payload, in this order: format, samples…, end; or failure in place of any of them. Both ends run on one
// machine from one build, so numbers travel in native order. The child is not trusted: WireReader checks
// every frame.
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "media/decode.h"
#include "media/failure.h"

namespace orakgarak::media {

inline constexpr std::size_t max_block_samples = 16384;

enum class WireType : std::uint32_t { format = 1, samples, end, failure };

struct WireHeader {
  std::uint32_t type, bytes;
};

struct WireFormat {
  std::uint32_t rate, source_rate, channels;
  double declared_seconds;        ///< negative: unknown
  char container[32], codec[32];  ///< lower-case words, zero-terminated
};

struct WireEnd {
  std::uint64_t samples, damaged_packets, filled_samples;
  std::uint32_t truncated;
};

struct WireFailure {
  std::uint32_t code;
  double value;
};

/// One frame's bytes, for the child to write. Format names are cut to what fits.
std::vector<std::byte> encode_format(const DecodeFormat& format);
std::vector<std::byte> encode_samples(std::span<const float> samples);  ///< at most max_block_samples
std::vector<std::byte> encode_end(const DecodeSummary& summary);
std::vector<std::byte> encode_failure(const DecodeFailure& failure);

/// Bytes in at any cut, checked frames out. Holds at most one frame and one append.
class WireReader {
 public:
  struct End {
    std::uint64_t damaged_packets, filled_samples;
    bool truncated;
  };
  /// The samples are valid until the next call.
  using Frame = std::variant<DecodeFormat, std::span<const float>, End, DecodeFailure>;
  /// What the child did against the protocol or the limits.
  struct Violation {
    std::string_view what;
  };

  using Next = std::expected<std::optional<Frame>, Violation>;

  explicit WireReader(const DecodeLimits& limits) : limits_(limits) {}

  void append(std::span<const std::byte> bytes);
  /// The next complete frame; nullopt: append more. After `End` or a failure nothing may follow.
  Next next();

 private:
  enum class State { before_format, in_samples, closed };
  Next check(WireType type, std::span<const std::byte> payload);
  Next check_format(std::span<const std::byte> payload);
  Next check_samples(std::span<const std::byte> payload);
  Next check_end(std::span<const std::byte> payload);
  Next check_failure(std::span<const std::byte> payload);

  DecodeLimits limits_;
  State state_ = State::before_format;
  std::uint64_t samples_ = 0, most_samples_ = 0;
  std::vector<std::byte> pending_;
  std::size_t taken_ = 0;  ///< bytes of pending_ already given out
  std::vector<float> block_;
};

}  // namespace orakgarak::media
