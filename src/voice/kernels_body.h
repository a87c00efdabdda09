// The kernels themselves. Included by one .cpp file an instruction set, which names `ORAK_KERNELS` (the
// table) and `ORAK_VECTOR_BYTES` (the register). Everything is in an unnamed namespace and no inline
// function of another header is used: code made for a newer processor must not leak into common symbols.
#include "voice/kernels.h"

namespace orakgarak::voice {
namespace {

typedef float Vec __attribute__((vector_size(ORAK_VECTOR_BYTES), aligned(4), may_alias));
constexpr int width = ORAK_VECTOR_BYTES / 4;

inline Vec load(const float* p) { return *reinterpret_cast<const Vec*>(p); }
inline void store(float* p, Vec v) { *reinterpret_cast<Vec*>(p) = v; }

// One radix-4 level of decimation in frequency over `size` complex rows.
void forward_level(float* rows, int size, const float* twiddles) {
  const std::ptrdiff_t quarter = size / 4 * 2 * lanes;
  for (int k = 0; k < size / 4; ++k, twiddles += 6) {
    for (int l = 0; l < lanes; l += width) {
      float* a = rows + k * 2 * lanes + l;
      float *b = a + quarter, *c = b + quarter, *d = c + quarter;
      const Vec ar = load(a), ai = load(a + lanes), br = load(b), bi = load(b + lanes);
      const Vec cr = load(c), ci = load(c + lanes), dr = load(d), di = load(d + lanes);
      const Vec sr = ar + cr, si = ai + ci, tr = ar - cr, ti = ai - ci;
      const Vec ur = br + dr, ui = bi + di, vr = bi - di, vi = dr - br;  // v = −i(b − d)
      store(a, sr + ur), store(a + lanes, si + ui);
      const Vec xr = tr + vr, xi = ti + vi, yr = sr - ur, yi = si - ui, zr = tr - vr, zi = ti - vi;
      store(b, xr * twiddles[0] - xi * twiddles[1]), store(b + lanes, xr * twiddles[1] + xi * twiddles[0]);
      store(c, yr * twiddles[2] - yi * twiddles[3]), store(c + lanes, yr * twiddles[3] + yi * twiddles[2]);
      store(d, zr * twiddles[4] - zi * twiddles[5]), store(d + lanes, zr * twiddles[5] + zi * twiddles[4]);
    }
  }
}

// One radix-4 level of decimation in time with conjugate factors: undoes forward_level times 4.
void inverse_level(float* rows, int size, const float* twiddles, bool first_quarter) {
  const std::ptrdiff_t quarter = size / 4 * 2 * lanes;
  for (int k = 0; k < size / 4; ++k, twiddles += 6) {
    for (int l = 0; l < lanes; l += width) {
      float* a = rows + k * 2 * lanes + l;
      float *b = a + quarter, *c = b + quarter, *d = c + quarter;
      const Vec ar = load(a), ai = load(a + lanes), pr = load(b), pi = load(b + lanes);
      const Vec qr = load(c), qi = load(c + lanes), wr = load(d), wi = load(d + lanes);
      const Vec br = pr * twiddles[0] + pi * twiddles[1], bi = pi * twiddles[0] - pr * twiddles[1];
      const Vec cr = qr * twiddles[2] + qi * twiddles[3], ci = qi * twiddles[2] - qr * twiddles[3];
      const Vec dr = wr * twiddles[4] + wi * twiddles[5], di = wi * twiddles[4] - wr * twiddles[5];
      const Vec sr = ar + cr, si = ai + ci, ur = br + dr, ui = bi + di;
      store(a, sr + ur), store(a + lanes, si + ui);
      if (first_quarter) continue;
      const Vec tr = ar - cr, ti = ai - ci, vr = di - bi, vi = br - dr;  // v = i(b − d)
      store(b, tr + vr), store(b + lanes, ti + vi);
      store(c, sr - ur), store(c + lanes, si - ui);
      store(d, tr - vr), store(d + lanes, ti - vi);
    }
  }
}

void level_of_two(float* rows, int pairs) {
  for (int p = 0; p < pairs; ++p, rows += 4 * lanes) {
    for (int i = 0; i < 2 * lanes; i += width) {
      const Vec a = load(rows + i), b = load(rows + 2 * lanes + i);
      store(rows + i, a + b), store(rows + 2 * lanes + i, a - b);
    }
  }
}

constexpr int cached_size = 256;  // complex rows that fit a first-level cache

void forward(float* rows, int size, const float* twiddles) {
  if (size > cached_size) {  // depth first
    forward_level(rows, size, twiddles);
    for (int q = 0; q < 4; ++q) forward(rows + q * (size / 4) * 2 * lanes, size / 4, twiddles + size / 4 * 6);
    return;
  }
  int block = size;
  for (; block >= 4; twiddles += block / 4 * 6, block /= 4)
    for (int start = 0; start < size; start += block)
      forward_level(rows + start * 2 * lanes, block, twiddles);
  if (block == 2) level_of_two(rows, size / 2);
}

void inverse(float* rows, int size, const float* twiddles, bool first_quarter) {
  if (size == 2) return level_of_two(rows, 1);
  if (size > 4)
    for (int q = 0; q < 4; ++q)
      inverse(rows + q * (size / 4) * 2 * lanes, size / 4, twiddles + size / 4 * 6, false);
  if (size >= 4) inverse_level(rows, size, twiddles, first_quarter);
}

struct Pair {
  Vec low_re, low_im, high_re, high_im;  // bins k and half − k
};

// z: half-size transform of (even samples, odd samples); turn = e^(−2πik/size).
inline Pair split(const float* z, const float* mirror, const float* turn) {
  const Vec zr = load(z), zi = load(z + lanes), mr = load(mirror), mi = load(mirror + lanes);
  const Vec er = (zr + mr) * 0.5F, ei = (zi - mi) * 0.5F, odd_r = (zi + mi) * 0.5F, odd_i = (mr - zr) * 0.5F;
  const Vec tr = odd_r * turn[0] - odd_i * turn[1], ti = odd_r * turn[1] + odd_i * turn[0];
  return {er + tr, ei + ti, er - tr, ti - ei};
}

void real_bins(const float* rows, int half, const int* order, const float* turns, float* re, float* im) {
  for (int k = 0; k <= half / 2; ++k) {
    const float *z = rows + order[k] * 2 * lanes, *mirror = rows + order[k == 0 ? 0 : half - k] * 2 * lanes;
    for (int l = 0; l < lanes; l += width) {
      const Pair p = split(z + l, mirror + l, turns + 2 * k);
      store(re + (half - k) * lanes + l, p.high_re), store(im + (half - k) * lanes + l, p.high_im);
      store(re + k * lanes + l, p.low_re), store(im + k * lanes + l, p.low_im);
    }
  }
}

void real_power(const float* rows, int half, const int* order, const float* turns, float* power) {
  for (int k = 0; k <= half / 2; ++k) {
    const float *z = rows + order[k] * 2 * lanes, *mirror = rows + order[k == 0 ? 0 : half - k] * 2 * lanes;
    for (int l = 0; l < lanes; l += width) {
      const Pair p = split(z + l, mirror + l, turns + 2 * k);
      store(power + (half - k) * lanes + l, p.high_re * p.high_re + p.high_im * p.high_im);
      store(power + k * lanes + l, p.low_re * p.low_re + p.low_im * p.low_im);
    }
  }
}

void pack_even(const float* power, int half, const int* order, const float* turns, float* rows) {
  for (int k = 0; k <= half / 2; ++k) {
    float *z = rows + order[k] * 2 * lanes, *mirror = rows + order[k == 0 ? 0 : half - k] * 2 * lanes;
    for (int l = 0; l < lanes; l += width) {
      const Vec low = load(power + k * lanes + l), high = load(power + (half - k) * lanes + l);
      const Vec sum = low + high, difference = low - high;
      // i · e^(+2πik/size) · difference
      const Vec tr = difference * turns[2 * k + 1], ti = difference * turns[2 * k];
      store(z + l, sum + tr), store(z + lanes + l, ti);
      if (k == 0) continue;
      store(mirror + l, sum - tr), store(mirror + lanes + l, ti);
    }
  }
}

typedef float Half __attribute__((vector_size(32), aligned(4), may_alias));
typedef float Quarter __attribute__((vector_size(16), aligned(4), may_alias));

// Four samples of each of four lanes, as four rows.
inline void gather_square(const float* signal, const std::ptrdiff_t* starts, const float* window,
                          float* rows) {
  const auto lane = [&](int l) { return *reinterpret_cast<const Quarter*>(signal + starts[l]); };
  const Quarter a = lane(0), b = lane(1), c = lane(2), d = lane(3);
  const Quarter ab = __builtin_shufflevector(a, b, 0, 4, 1, 5),
                cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Quarter ab_late = __builtin_shufflevector(a, b, 2, 6, 3, 7),
                cd_late = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  const auto put = [&](int t, Quarter row) {
    *reinterpret_cast<Quarter*>(rows + t * lanes) = row * window[t];
  };
  put(0, __builtin_shufflevector(ab, cd, 0, 1, 4, 5)), put(1, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
  put(2, __builtin_shufflevector(ab_late, cd_late, 0, 1, 4, 5)),
      put(3, __builtin_shufflevector(ab_late, cd_late, 2, 3, 6, 7));
}

void gather(const float* signal, std::ptrdiff_t length, const std::ptrdiff_t* starts, const float* window,
            int count, float* rows) {
  bool inside = true;
  for (int l = 0; l < lanes; ++l) inside = inside && starts[l] >= 0 && starts[l] + count <= length;
  int t = 0;
  for (; inside && t + 4 <= count; t += 4)
    for (int l = 0; l < lanes; l += 4)
      gather_square(signal + t, starts + l, window + t, rows + t * lanes + l);
  for (; t < count; ++t) {
    float* row = rows + t * lanes;
    for (int l = 0; l < lanes; ++l) {
      const std::ptrdiff_t at = starts[l] + t;
      row[l] = at >= 0 && at < length ? signal[at] : 0.0F;
    }
    for (int l = 0; l < lanes; l += width) store(row + l, load(row + l) * window[t]);
  }
}

void shape(float* power, int bins, const float* gain, const float* noise, float* before, float* after) {
  for (int l = 0; l < lanes; l += width) {
    Vec all = {}, kept = {};
    const Vec none = {};
    for (int k = 0; k < bins; ++k) {
      const Vec p = load(power + k * lanes + l) * gain[k], rest = p - noise[k];
      const Vec out = rest > none ? rest : none;
      all = all + p;
      kept = kept + out;
      store(power + k * lanes + l, out);
    }
    store(before + l, all), store(after + l, kept);
  }
}

void normalise(const float* rows, int count, const float* scale, int stride, float* out) {
  float inverse_zero[lanes];
  for (int l = 0; l < lanes; ++l) inverse_zero[l] = rows[l] > 1e-30F ? 1.0F / rows[l] : 0.0F;
  for (int t = 0; t < count; ++t) {
    float row[lanes];
    for (int l = 0; l < lanes; l += width)
      store(row + l, load(rows + t * lanes + l) * scale[t] * load(inverse_zero + l));
    for (int l = 0; l < lanes; ++l) out[l * stride + t] = row[l];
  }
}

// Sum of 16 partial sums: l + (l + 8), then + 4, + 2, + 1.
inline float reduce(const Vec (&partial)[lanes / width]) {
  Quarter q;
#if ORAK_VECTOR_BYTES == 64
  const Half h = __builtin_shufflevector(partial[0], partial[0], 0, 1, 2, 3, 4, 5, 6, 7) +
                 __builtin_shufflevector(partial[0], partial[0], 8, 9, 10, 11, 12, 13, 14, 15);
  q = __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
#elif ORAK_VECTOR_BYTES == 32
  const Half h = partial[0] + partial[1];
  q = __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
#else
  q = (partial[0] + partial[2]) + (partial[1] + partial[3]);
#endif
  q = q + __builtin_shufflevector(q, q, 2, 3, 2, 3);
  return q[0] + q[1];
}

float dot(const float* a, const float* b, std::size_t count) {
  Vec partial[lanes / width] = {};
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int v = 0; v < lanes / width; ++v)
      partial[v] = partial[v] + load(a + i + v * width) * load(b + i + v * width);
  if (i < count) {
    float last_a[lanes] = {}, last_b[lanes] = {};
    for (int l = 0; i < count; ++i, ++l) last_a[l] = a[i], last_b[l] = b[i];
    for (int v = 0; v < lanes / width; ++v)
      partial[v] = partial[v] + load(last_a + v * width) * load(last_b + v * width);
  }
  return reduce(partial);
}

// N outputs of one filter, their inputs `step` samples apart.
template <int N>
inline void filter_each(const float* in, const float* filter, int taps, int step, float* out,
                        std::ptrdiff_t stride) {
  Vec partial[N][lanes / width] = {};
  for (int t = 0; t < taps; t += lanes) {
    for (int v = 0; v < lanes / width; ++v) {
      const Vec factor = load(filter + t + v * width);
      for (int n = 0; n < N; ++n)
        partial[n][v] = partial[n][v] + load(in + n * step + t + v * width) * factor;
    }
  }
  for (int n = 0; n < N; ++n) out[n * stride] = reduce(partial[n]);
}

// Phase by phase rather than output by output: a filter stays in the nearest cache for all its outputs, and
// several outputs share each load of it.
void polyphase(const float* in, const float* filters, int taps, int phases, int step, int phase, int count,
               float* out) {
  constexpr int group = width >= 8 ? 4 : 2;
  for (int first = 0; first < count && first < phases; ++first) {
    const float* filter = filters + static_cast<std::ptrdiff_t>(phase) * taps;
    const float* from = in;
    int j = first;
    for (; j + (group - 1) * phases < count; j += group * phases, from += group * step)
      filter_each<group>(from, filter, taps, step, out + j, phases);
    for (; j < count; j += phases, from += step) filter_each<1>(from, filter, taps, step, out + j, phases);
    phase += step;
    in += phase / phases;
    phase %= phases;
  }
}

}  // namespace

extern const Kernels ORAK_KERNELS;
const Kernels ORAK_KERNELS{forward, inverse, real_bins, real_power, pack_even,
                           gather,  shape,   normalise, dot,        polyphase};

}  // namespace orakgarak::voice
