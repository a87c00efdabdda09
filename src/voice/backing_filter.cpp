#include "voice/backing_filter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "base/math.h"
#include "voice/backing_align.h"
#include "voice/backing_fft.h"
#include "voice/backing_path.h"

namespace orakgarak::voice {
namespace {

constexpr int block = 1024, parts = echo_path / block;
constexpr int paths = parts + 1;  // the last is the cube's
constexpr float keep =
    0.9998F * 0.9998F;                // of the state's power from block to block: the rest may have changed
constexpr double decay = 0.5;         // s: how fast a path is expected to die down by 60 dB
constexpr float doubt = 0.03F;        // of the first path's power; 1 where nothing is known of it
constexpr float doubt_cubed = 1e-3F;  // of the echo's power
constexpr float least_doubt = 1e-12F, least_beside = 1e-9F;

struct Path {
  explicit Path(int bins) : taps(bins), uncertainty(static_cast<std::size_t>(bins)) {}
  Bins taps;                       // transform of `block` taps and as many zeros
  std::vector<float> uncertainty;  // their variance, bin by bin
};

class EchoFollower {
 public:
  EchoFollower(std::span<const float> take, std::span<const float> backing, std::span<const float> path)
      : take_(take), backing_(backing), paths_(paths, Path(fft_.bins())), heard_(paths, Bins(fft_.bins())) {
    for (int p = 0; p < parts; ++p) {
      std::fill(frame_.begin(), frame_.end(), 0.0F);
      const auto part = path.subspan(static_cast<std::size_t>(p) * block, block);
      std::copy(part.begin(), part.end(), frame_.begin());
      fft_.forward(frame_, paths_[static_cast<std::size_t>(p)].taps);
    }
    double power = 0;
    for (const float h : path) power += static_cast<double>(h) * h;
    path_power_ = static_cast<float>(power / parts);
    echo_ = through_path(backing, path);
  }

  void pass() {
    forget();
    for (std::int64_t at = 0; at < std::ssize(take_); at += block) step(at);
    echo_.swap(next_);
  }

  std::vector<float> take_echo() { return std::move(echo_); }

 private:
  /// Before a pass: how loud is the echo, and how far may its paths be from what they were at the end of the
  /// last?
  void forget() {
    double power = 0;
    for (const float z : echo_) power += static_cast<double>(z) * z;
    power /= static_cast<double>(std::max<std::size_t>(1, echo_.size()));
    loudness_ = static_cast<float>(math::sqrt(std::max(power, 1e-12)));
    for (int p = 0; p < parts; ++p) {
      const double late = static_cast<double>(p) * block / backing_rate;
      const auto doubted = static_cast<float>(doubt * path_power_ * math::exp(-13.8 * late / decay));
      std::ranges::fill(paths_[static_cast<std::size_t>(p)].uncertainty, doubted);
    }
    std::ranges::fill(paths_.back().uncertainty, doubt_cubed * loudness_ * loudness_);
    for (Bins& h : heard_) {
      std::ranges::fill(h.re, 0.0F);
      std::ranges::fill(h.im, 0.0F);
    }
    next_.assign(take_.size(), 0.0F);
    newest_ = 0;
    for (auto& beside : beside_) beside.assign(static_cast<std::size_t>(fft_.bins()), 0.0F);
    power_beside(0, beside_[2]);
  }

  /// |transform|² of what the last pass left of the block at `at`.
  void power_beside(std::int64_t at, std::vector<float>& power) {
    std::fill(frame_.begin(), frame_.end(), 0.0F);
    for (std::int64_t i = 0; i < block && at + i < std::ssize(take_); ++i) {
      const auto n = static_cast<std::size_t>(at + i);
      frame_[static_cast<std::size_t>(block + i)] = take_[n] - echo_[n];
    }
    fft_.forward(frame_, work_);
    for (std::size_t k = 0; k < power.size(); ++k)
      power[k] = work_.re[k] * work_.re[k] + work_.im[k] * work_.im[k];
  }

  /// Two blocks of a signal that end with the one at `at`.
  template <class Sample>
  void transform_two(std::int64_t at, Sample sample, Bins& out) {
    for (std::int64_t i = 0; i < 2 * block; ++i) {
      const std::int64_t n = at - block + i;
      frame_[static_cast<std::size_t>(i)] =
          n >= 0 && n < std::ssize(take_) ? sample(static_cast<std::size_t>(n)) : 0.0F;
    }
    fft_.forward(frame_, out);
  }

  /// Of path p: the block of the backing that it hears now.
  Bins& heard(std::size_t p) { return p == parts ? heard_[parts] : heard_[(newest_ + parts - p) % parts]; }

  void step(std::int64_t at) {
    newest_ = (newest_ + 1) % parts;
    transform_two(at, [&](std::size_t n) { return backing_[n]; }, heard_[newest_]);
    transform_two(
        at,
        [&](std::size_t n) {
          const float z = echo_[n] / loudness_;
          return z * z * z;
        },
        heard_[parts]);
    std::rotate(beside_.begin(), beside_.begin() + 1, beside_.end());
    power_beside(at + block, beside_[2]);
    correct(at);
    constrain(static_cast<std::size_t>(at / block) % paths);
    echo_block();
    const auto count = std::min<std::int64_t>(block, std::ssize(take_) - at);
    std::copy_n(frame_.begin() + block, count, next_.begin() + at);
  }

  /// The echo of this block into the second half of frame_.
  void echo_block() {
    std::ranges::fill(work_.re, 0.0F);
    std::ranges::fill(work_.im, 0.0F);
    for (std::size_t p = 0; p < paths; ++p) add_product(heard(p), paths_[p].taps, work_);
    fft_.inverse(work_, frame_);
  }
  static void add_product(const Bins& a, const Bins& b, Bins& sum) {
    const std::size_t count = sum.size();
    const float *ar = a.re.data(), *ai = a.im.data(), *br = b.re.data(), *bi = b.im.data();
    float* __restrict sr = sum.re.data(), * __restrict si = sum.im.data();
    for (std::size_t k = 0; k < count; ++k) {
      sr[k] += ar[k] * br[k] - ai[k] * bi[k];
      si[k] += ar[k] * bi[k] + ai[k] * br[k];
    }
  }

  /// One Kalman step: predict, hear, correct.
  void correct(std::int64_t at) {
    echo_block();
    std::fill(frame_.begin(), frame_.begin() + block, 0.0F);
    for (std::int64_t i = 0; i < block; ++i) {
      float& e = frame_[static_cast<std::size_t>(block + i)];
      e = at + i < std::ssize(take_) ? take_[static_cast<std::size_t>(at + i)] - e : 0.0F;
    }
    fft_.forward(frame_, work_);
    smooth_beside();
    for (std::size_t p = 0; p < paths; ++p) predict(paths_[p], heard(p));
    for (std::size_t p = 0; p < paths; ++p) correct(paths_[p], heard(p));
  }
  void predict(Path& path, const Bins& x) {
    float* __restrict u = path.uncertainty.data(), * __restrict expected = expected_.data();
    const float *wr = path.taps.re.data(), *wi = path.taps.im.data(), *xr = x.re.data(), *xi = x.im.data();
    for (std::size_t k = 0; k < expected_.size(); ++k) {
      u[k] = keep * u[k] + (1 - keep) * (wr[k] * wr[k] + wi[k] * wi[k]);
      expected[k] += 0.5F * u[k] * (xr[k] * xr[k] + xi[k] * xi[k]);
    }
  }
  void correct(Path& path, const Bins& x) {
    float* __restrict u = path.uncertainty.data();
    float* __restrict wr = path.taps.re.data(), * __restrict wi = path.taps.im.data();
    const float *xr = x.re.data(), *xi = x.im.data(), *er = work_.re.data(), *ei = work_.im.data();
    const float* expected = expected_.data();
    for (std::size_t k = 0; k < expected_.size(); ++k) {
      const float gain = u[k] / expected[k];
      wr[k] += gain * (xr[k] * er[k] + xi[k] * ei[k]);
      wi[k] += gain * (xr[k] * ei[k] - xi[k] * er[k]);
      u[k] = std::max(least_doubt, u[k] * (1 - 0.5F * gain * (xr[k] * xr[k] + xi[k] * xi[k])));
    }
  }
  /// expected_: what is beside the echo, over neighbouring blocks and bins; predict() adds the echo's doubt.
  void smooth_beside() {
    const std::size_t count = expected_.size();
    for (std::size_t k = 0; k < count; ++k)
      smooth_[k] = 0.25F * beside_[0][k] + 0.5F * beside_[1][k] + 0.25F * beside_[2][k];
    for (std::size_t k = 0; k < count; ++k)
      expected_[k] = least_beside + 0.25F * smooth_[k > 0 ? k - 1 : k] + 0.5F * smooth_[k] +
                     0.25F * smooth_[k + 1 < count ? k + 1 : k];
  }

  /// A path is `block` taps long; what a step adds beyond them is circular. One path a block: it is seldom
  /// much.
  void constrain(std::size_t p) {
    fft_.inverse(paths_[p].taps, frame_);
    std::fill(frame_.begin() + block, frame_.end(), 0.0F);
    fft_.forward(frame_, paths_[p].taps);
  }

  std::span<const float> take_, backing_;
  RealFft fft_{2 * block};
  std::vector<Path> paths_;
  std::vector<Bins> heard_;  // a ring of the backing's blocks, and the cube's
  std::size_t newest_ = 0;
  float path_power_ = 0, loudness_ = 1;
  std::vector<float> echo_, next_;            // of the last pass and of this one
  std::array<std::vector<float>, 3> beside_;  // the block before, this one, the one after
  std::vector<float> smooth_ = std::vector<float>(block + 1), expected_ = smooth_;
  std::vector<float> frame_ = std::vector<float>(2 * block);
  Bins work_{block + 1};
};

}  // namespace

std::vector<float> follow_echo(std::span<const float> take, std::span<const float> backing,
                               std::span<const float> path, const std::function<bool()>& go_on, int passes) {
  EchoFollower follower(take, backing, path);
  for (int p = 0; p < passes && go_on(); ++p) follower.pass();
  return follower.take_echo();
}

}  // namespace orakgarak::voice
