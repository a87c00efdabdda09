#pragma once
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "base/units.h"
#include "media/decode.h"
#include "media/decoder/av_handles.h"
#include "media/decoder/byte_source.h"
#include "media/failure.h"

namespace orakgarak::media {

/// An open audio file: the packets of its best audio stream, and what the container says about it.
class Container {
 public:
  /// Tries only the containers on the list of container.cpp. limits: rates and channels, where the header
  /// names them.
  static std::expected<std::unique_ptr<Container>, DecodeFailure> open(ByteSource& source,
                                                                       const DecodeLimits& limits);

  const AVStream& stream() const { return *av_->streams[stream_]; }
  std::string name() const;                 ///< "matroska"
  std::optional<Seconds> declared() const;  ///< length by the header, or by the bit rate
  bool declared_by_header() const;

  /// The next packet of the stream: 0, or AVERROR_EOF, or another AVERROR.
  int read(AVPacket& packet);
  /// errno of the last failing read of the source; 0 if there was none.
  int source_error() const { return source_error_; }

 private:
  explicit Container(ByteSource& source) : source_(source) {}
  std::expected<void, DecodeFailure> start(const DecodeLimits& limits);
  std::expected<void, DecodeFailure> choose_stream(const DecodeLimits& limits);
  DecodeFailure explain(int error, const DecodeLimits& limits);
  static int read_source(void* self, std::uint8_t* to, int bytes);
  static std::int64_t seek_source(void* self, std::int64_t offset, int whence);

  ByteSource& source_;
  std::uint64_t position_ = 0;
  int source_error_ = 0;
  AvIo io_;  // outlives av_, which reads through it
  AvContainer av_;
  int stream_ = -1;
};

}  // namespace orakgarak::media
