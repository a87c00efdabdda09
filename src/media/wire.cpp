#include "media/wire.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace orakgarak::media {
namespace {

using Violation = WireReader::Violation;

template <class Payload>
std::vector<std::byte> encode(WireType type, const Payload& payload) {
  const WireHeader header{static_cast<std::uint32_t>(type), sizeof(Payload)};
  std::vector<std::byte> out(sizeof header + sizeof payload);
  std::memcpy(out.data(), &header, sizeof header);
  std::memcpy(out.data() + sizeof header, &payload, sizeof payload);
  return out;
}

template <class Payload>
std::optional<Payload> decode_payload(std::span<const std::byte> bytes) {
  if (bytes.size() != sizeof(Payload)) return std::nullopt;
  Payload payload;
  std::memcpy(&payload, bytes.data(), sizeof payload);
  return payload;
}

template <std::size_t N>
void put_name(char (&to)[N], const std::string& name) {
  std::memset(to, 0, N);
  std::memcpy(to, name.data(), std::min(name.size(), N - 1));
}

/// Nothing where it is not a short word of harmless characters: it may be printed on a terminal.
template <std::size_t N>
std::optional<std::string> take_name(const char (&from)[N]) {
  const auto* end = std::find(from, from + N, '\0');
  if (end == from + N) return std::nullopt;
  const auto harmless = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!std::all_of(from, end, harmless)) return std::nullopt;
  return std::string(from, end);
}

std::size_t most_bytes(WireType type) {
  switch (type) {
    case WireType::format:
      return sizeof(WireFormat);
    case WireType::samples:
      return max_block_samples * sizeof(float);
    case WireType::end:
      return sizeof(WireEnd);
    case WireType::failure:
      return sizeof(WireFailure);
  }
  return 0;
}

}  // namespace

std::vector<std::byte> encode_format(const DecodeFormat& format) {
  WireFormat wire{};
  wire.rate = static_cast<std::uint32_t>(format.rate.value);
  wire.source_rate = static_cast<std::uint32_t>(format.source_rate.value);
  wire.channels = static_cast<std::uint32_t>(format.channels);
  wire.declared_seconds = format.declared ? format.declared->value : -1;
  put_name(wire.container, format.container);
  put_name(wire.codec, format.codec);
  return encode(WireType::format, wire);
}

std::vector<std::byte> encode_samples(std::span<const float> samples) {
  const WireHeader header{static_cast<std::uint32_t>(WireType::samples),
                          static_cast<std::uint32_t>(samples.size_bytes())};
  std::vector<std::byte> out(sizeof header + samples.size_bytes());
  std::memcpy(out.data(), &header, sizeof header);
  std::memcpy(out.data() + sizeof header, samples.data(), samples.size_bytes());
  return out;
}

std::vector<std::byte> encode_end(const DecodeSummary& summary) {
  WireEnd wire{};
  wire.samples = summary.samples;
  wire.damaged_packets = summary.damaged_packets;
  wire.filled_samples = summary.filled_samples;
  wire.truncated = summary.truncated ? 1 : 0;
  return encode(WireType::end, wire);
}

std::vector<std::byte> encode_failure(const DecodeFailure& failure) {
  WireFailure wire{};
  wire.code = static_cast<std::uint32_t>(failure.code);
  wire.value = failure.value;
  return encode(WireType::failure, wire);
}

void WireReader::append(std::span<const std::byte> bytes) {
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
}

WireReader::Next WireReader::next() {
  const auto left = std::span(pending_).subspan(taken_);
  if (state_ == State::closed && !left.empty()) return std::unexpected(Violation{"more after the end"});
  WireHeader header;
  if (left.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, left.data(), sizeof header);
  const auto type = static_cast<WireType>(header.type);
  if (header.bytes > most_bytes(type)) return std::unexpected(Violation{"a frame of unknown type or size"});
  if (left.size() - sizeof header < header.bytes) return std::nullopt;
  taken_ += sizeof header + header.bytes;
  return check(type, left.subspan(sizeof header, header.bytes));
}

WireReader::Next WireReader::check(WireType type, std::span<const std::byte> payload) {
  switch (type) {
    case WireType::format:
      return check_format(payload);
    case WireType::samples:
      return check_samples(payload);
    case WireType::end:
      return check_end(payload);
    case WireType::failure:
      return check_failure(payload);
  }
  return std::unexpected(Violation{"a frame of unknown type or size"});
}

WireReader::Next WireReader::check_format(std::span<const std::byte> payload) {
  const auto wire = decode_payload<WireFormat>(payload);
  if (!wire || state_ != State::before_format) return std::unexpected(Violation{"a format out of place"});
  const auto container = take_name(wire->container);
  const auto codec = take_name(wire->codec);
  if (!container || !codec) return std::unexpected(Violation{"a name with odd characters"});
  if (wire->source_rate < limits_.min_rate.value || wire->source_rate > limits_.max_rate.value)
    return std::unexpected(Violation{"a source rate outside the limits"});
  if (wire->rate < 1 || wire->rate > wire->source_rate || wire->rate > limits_.delivered_rate.value)
    return std::unexpected(Violation{"a rate outside the limits"});
  if (wire->channels < 1 || wire->channels > static_cast<std::uint32_t>(limits_.channels))
    return std::unexpected(Violation{"channels outside the limits"});
  DecodeFormat format{.rate = Hertz(wire->rate),
                      .source_rate = Hertz(wire->source_rate),
                      .channels = static_cast<int>(wire->channels),
                      .container = *container,
                      .codec = *codec,
                      .declared = {}};
  if (wire->declared_seconds >= 0 && wire->declared_seconds < 1e9)
    format.declared = Seconds(wire->declared_seconds);
  most_samples_ = static_cast<std::uint64_t>(limits_.take.value * wire->rate);
  state_ = State::in_samples;
  return format;
}

WireReader::Next WireReader::check_samples(std::span<const std::byte> payload) {
  if (state_ != State::in_samples) return std::unexpected(Violation{"samples out of place"});
  if (payload.empty() || payload.size() % sizeof(float) != 0)
    return std::unexpected(Violation{"a block of half a sample"});
  block_.resize(payload.size() / sizeof(float));
  std::memcpy(block_.data(), payload.data(), payload.size());
  samples_ += block_.size();
  if (samples_ > most_samples_) return std::unexpected(Violation{"more samples than the limit"});
  return std::span<const float>(block_);
}

WireReader::Next WireReader::check_end(std::span<const std::byte> payload) {
  const auto wire = decode_payload<WireEnd>(payload);
  if (!wire || state_ != State::in_samples) return std::unexpected(Violation{"an end out of place"});
  if (wire->samples != samples_) return std::unexpected(Violation{"a total that is not the sum"});
  if (wire->filled_samples > samples_) return std::unexpected(Violation{"more silence than samples"});
  state_ = State::closed;
  return End{wire->damaged_packets, wire->filled_samples, wire->truncated != 0};
}

WireReader::Next WireReader::check_failure(std::span<const std::byte> payload) {
  const auto wire = decode_payload<WireFailure>(payload);
  if (!wire || wire->code < 1 || wire->code > last_failure_code)
    return std::unexpected(Violation{"an unknown failure"});
  // The number is printed and turned into an errno: keep it one.
  const double value = wire->value >= 0 && wire->value < 1e10 ? wire->value : 0;
  state_ = State::closed;
  return DecodeFailure{static_cast<FailureCode>(wire->code), value};
}

}  // namespace orakgarak::media
