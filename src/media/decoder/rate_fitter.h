#pragma once
#include <expected>
#include <memory>
#include <span>
#include <vector>

struct SwrContext;

namespace orakgarak::media {

/// Mono samples of a rate that may change on the way, out at one rate. Equal rates pass through untouched.
class RateFitter {
 public:
  explicit RateFitter(int rate) : rate_(rate), source_rate_(rate) {}

  /// The error is an AVERROR. The samples are valid until the next call.
  std::expected<std::span<const float>, int> push(std::span<const float> samples, int source_rate);
  /// What the resampler still holds.
  std::expected<std::span<const float>, int> flush();

 private:
  struct Free {
    void operator()(SwrContext* context) const;
  };
  int start(int source_rate);

  int rate_, source_rate_;
  std::unique_ptr<SwrContext, Free> resampler_;  ///< none while the rates are equal
  std::vector<float> out_;
};

}  // namespace orakgarak::media
