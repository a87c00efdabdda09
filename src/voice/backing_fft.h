#pragma once
// Transforms of one real signal, of any power of two. BatchFft (fft.h) makes sixteen short ones at once and
// leaves out the way back; here it is one at a time, both ways. Stockham's self-sorting radix-4 form (Cochran
// et al. 1967; Swarztrauber 1984). Bit-identical on every instruction set.
#include <span>
#include <vector>

namespace orakgarak::voice {

/// Bins as two rows; bin k is at k · rate / size.
struct Bins {
  explicit Bins(int count = 0) : re(static_cast<std::size_t>(count)), im(re.size()) {}
  std::size_t size() const { return re.size(); }
  std::vector<float> re, im;
};

/// Keeps room to work in: one object for each thread.
class RealFft {
 public:
  /// A power of two from 8.
  explicit RealFft(int size);

  int size() const { return half_ * 2; }
  int bins() const { return half_ + 1; }

  /// X_k = Σ x_t e^(−2πikt/size), unscaled. in: [size]. out: [bins].
  void forward(std::span<const float> in, Bins& out);
  /// The exact way back: inverse(forward(x)) = x. in: [bins]. out: [size].
  void inverse(const Bins& in, std::span<float> out);

 private:
  void transform();  ///< of re_ and im_, in place

  int half_;
  std::vector<float> twiddle_re_, twiddle_im_;  // e^(−2πik/half)
  std::vector<float> turn_re_, turn_im_;        // e^(−2πik/size)
  std::vector<float> re_, im_, next_re_, next_im_;
};

}  // namespace orakgarak::voice
