#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <expected>
#include <span>

namespace orakgarak::media {

/// Bytes that can be read from any place: a file in the child, memory in tests and in the fuzz target.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  /// Reads some bytes at `offset`: 0 at the end. The error is an errno.
  virtual std::expected<std::size_t, int> read_at(std::uint64_t offset, std::span<std::byte> to) = 0;

  /// As many bytes as there are, `to.size()` at most; a failing read counts as the end.
  std::size_t fill_at(std::uint64_t offset, std::span<std::byte> to) {
    std::size_t done = 0;
    while (done < to.size()) {
      const auto got = read_at(offset + done, to.subspan(done));
      if (!got || *got == 0) break;
      done += *got;
    }
    return done;
  }
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::expected<std::size_t, int> read_at(std::uint64_t offset, std::span<std::byte> to) override {
    if (offset >= bytes_.size()) return 0;
    const std::size_t count = std::min<std::uint64_t>(to.size(), bytes_.size() - offset);
    if (count > 0) std::memcpy(to.data(), bytes_.data() + offset, count);
    return count;
  }

 private:
  std::span<const std::byte> bytes_;
};

/// What follows the first `start` bytes of another source.
class TailSource final : public ByteSource {
 public:
  TailSource(ByteSource& whole, std::uint64_t start) : whole_(whole), start_(std::min(start, whole.size())) {}
  std::uint64_t size() const override { return whole_.size() - start_; }
  std::expected<std::size_t, int> read_at(std::uint64_t offset, std::span<std::byte> to) override {
    return whole_.read_at(start_ + offset, to);
  }

 private:
  ByteSource& whole_;
  std::uint64_t start_;
};

}  // namespace orakgarak::media
