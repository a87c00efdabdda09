// The network's kernels. Included by one .cpp file an instruction set, which names `ORAK_NETWORK_KERNELS`
// (the table), `ORAK_VECTOR_BYTES` (the register) and, where products are summed by one instruction,
// `ORAK_DOT_PRODUCTS`. As in kernels_body.h, nothing of another header's inline functions is used.
#include "voice/network_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

namespace orakgarak::voice {
namespace {

typedef float Vec __attribute__((vector_size(ORAK_VECTOR_BYTES), aligned(4), may_alias));
typedef std::int32_t Int __attribute__((vector_size(ORAK_VECTOR_BYTES), aligned(4), may_alias));
typedef std::int16_t Short __attribute__((vector_size(ORAK_VECTOR_BYTES), aligned(4), may_alias));
constexpr int width = ORAK_VECTOR_BYTES / 4;

inline Vec load(const float* p) { return *reinterpret_cast<const Vec*>(p); }
inline void store(float* p, Vec v) { *reinterpret_cast<Vec*>(p) = v; }
inline Int load(const std::int32_t* p) { return *reinterpret_cast<const Int*>(p); }
inline void store(std::int32_t* p, Int v) { *reinterpret_cast<Int*>(p) = v; }

// sum + both 16-bit products of each element.
inline Int add_products(Int sum, Int a, Int b) {
#if defined(ORAK_DOT_PRODUCTS)
  return reinterpret_cast<Int>(_mm512_dpwssd_epi32(
      reinterpret_cast<__m512i>(sum), reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#elif ORAK_VECTOR_BYTES == 64
  return sum +
         reinterpret_cast<Int>(_mm512_madd_epi16(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#elif ORAK_VECTOR_BYTES == 32
  return sum +
         reinterpret_cast<Int>(_mm256_madd_epi16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#elif defined(__x86_64__)
  return sum +
         reinterpret_cast<Int>(_mm_madd_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#elif defined(__wasm_simd128__)
  return sum + reinterpret_cast<Int>(
                   wasm_i32x4_dot_i16x8(reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b)));
#else
  return sum + (a << 16 >> 16) * (b << 16 >> 16) + (a >> 16) * (b >> 16);
#endif
}

inline Vec root(Vec v) {
#if ORAK_VECTOR_BYTES == 64
  return reinterpret_cast<Vec>(_mm512_maskz_sqrt_ps(0xffff, reinterpret_cast<__m512>(v)));
#elif ORAK_VECTOR_BYTES == 32
  return reinterpret_cast<Vec>(_mm256_sqrt_ps(reinterpret_cast<__m256>(v)));
#else
  for (int i = 0; i < width; ++i) v[i] = __builtin_sqrtf(v[i]);
  return v;
#endif
}

#if ORAK_VECTOR_BYTES == 64
inline Vec least(Vec a, Vec b) {
  return reinterpret_cast<Vec>(
      _mm512_maskz_min_ps(0xffff, reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b)));
}
inline Vec most(Vec a, Vec b) {
  return reinterpret_cast<Vec>(
      _mm512_maskz_max_ps(0xffff, reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b)));
}
#elif ORAK_VECTOR_BYTES == 32
inline Vec least(Vec a, Vec b) {
  return reinterpret_cast<Vec>(_mm256_min_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b)));
}
inline Vec most(Vec a, Vec b) {
  return reinterpret_cast<Vec>(_mm256_max_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b)));
}
#else
inline Vec least(Vec a, Vec b) { return a < b ? a : b; }
inline Vec most(Vec a, Vec b) { return a > b ? a : b; }
#endif
inline Int whole(Vec v) { return __builtin_convertvector(v, Int); }  // towards zero
inline Vec real(Int v) { return __builtin_convertvector(v, Vec); }

// Natural logarithm of v > 0, normal. Method: Cephes' logf (Moshier 1992), without contraction.
inline Vec logarithm(Vec v) {
  const Int bits = reinterpret_cast<Int>(v);
  Int exponent = (bits >> 23) - 126;
  Vec m = reinterpret_cast<Vec>((bits & 0x007fffff) | 0x3f000000);  // in [½, 1)
  const Int low = m < Vec{} + 0.707106781186547524F;
  exponent += low;  // −1 where low
  m = m + reinterpret_cast<Vec>(reinterpret_cast<Int>(m) & low) - 1.0F;
  const Vec z = m * m, e = real(exponent);
  Vec y = Vec{} + 7.0376836292e-2F;
  y = y * m - 1.1514610310e-1F;
  y = y * m + 1.1676998740e-1F;
  y = y * m - 1.2420140846e-1F;
  y = y * m + 1.4249322787e-1F;
  y = y * m - 1.6668057665e-1F;
  y = y * m + 2.0000714765e-1F;
  y = y * m - 2.4999993993e-1F;
  y = y * m + 3.3333331174e-1F;
  y = y * m * z;
  y = y + e * -2.12194440e-4F - z * 0.5F;
  return m + y + e * 0.693359375F;
}

// `Outputs` outputs from `first` on over `Vectors` registers of bands from `band` on.
template <int Outputs, int Vectors>
inline void convolve_block(const NetworkJob& given, int first, int band) {
  const NetworkJob job = given;  // so that no store can change it
  Int sums[Outputs][Vectors];
  for (int o = 0; o < Outputs; ++o)
    for (int v = 0; v < Vectors; ++v) sums[o][v] = Int{};
  const std::int32_t* weights = job.weights + first;
  const std::ptrdiff_t tap_weights = std::ptrdiff_t{job.pairs} * job.outputs;
  const NetworkTap* tap = job.taps.data();
  for (std::size_t t = 0; t < job.taps.size(); ++t, ++tap, weights += tap_weights) {
    if (band + tap->shift + Vectors * width <= 0 || band + tap->shift >= network_bands) continue;
    const std::int32_t* from = job.inputs[tap->source] + tap->shift + band;
    const std::int32_t* factors = weights;
    for (int p = 0; p < job.pairs; ++p, from += network_stride, factors += job.outputs) {
      Int in[Vectors];
      for (int v = 0; v < Vectors; ++v) in[v] = load(from + v * width);
      for (int o = 0; o < Outputs; ++o) {
        const Int factor = Int{} + factors[o];
        for (int v = 0; v < Vectors; ++v) sums[o][v] = add_products(sums[o][v], in[v], factor);
      }
    }
  }
  for (int o = 0; o < Outputs; o += 2)
    for (int v = 0; v < Vectors; ++v) {
      Int steps[2];
      for (int i = 0; i < 2; ++i) {
        const int output = first + o + i, at = output * network_bands + band + v * width;
        Vec value = real(sums[o + i][v]) * job.scales[output] + job.biases[output];
        if (job.residual != nullptr) value = value + load(job.residual + at);
        value = most(value, Vec{});
        if (job.values != nullptr) store(job.values + at, value);
        steps[i] = whole(least(value * job.packed_scale + 0.5F, Vec{} + static_cast<float>(network_limit)));
      }
      if (job.packed != nullptr)
        store(job.packed + (first + o) / 2 * network_stride + band + v * width, steps[0] | steps[1] << 16);
    }
}

// Sums of a block at once: as many as the registers hold beside what is read. Browsers keep some for
// themselves.
#if defined(__wasm_simd128__)
constexpr int block_outputs = 2, block_vectors = 4;
#else
constexpr int block_outputs = ORAK_VECTOR_BYTES == 64 ? 12 : 6, block_vectors = 2;
#endif

template <int Outputs>
void convolve_group(const NetworkJob& job, int first) {
  constexpr int block = block_vectors * width;
  int band = 0;
  for (; band + block <= job.bands; band += block) convolve_block<Outputs, block_vectors>(job, first, band);
  for (; band < job.bands; band += width) convolve_block<Outputs, 1>(job, first, band);
}

void convolve(const NetworkJob& job) {
  if (job.outputs % block_outputs != 0) return convolve_group<4>(job, 0);
  for (int first = 0; first < job.outputs; first += block_outputs) convolve_group<block_outputs>(job, first);
}

void add_pairs(const std::int32_t* a, const std::int32_t* b, std::size_t count, std::int32_t* out) {
  for (std::size_t i = 0; i < count; i += width)
    store(out + i,
          reinterpret_cast<Int>(reinterpret_cast<Short>(load(a + i)) + reinterpret_cast<Short>(load(b + i))));
}

void log_bands(float* power, int bins, const FilterWeight* entries, const int* starts, float* values) {
  for (int i = 0; i < bins * lanes; i += width) store(power + i, root(load(power + i)));
  for (int b = 0; b < network_bands; ++b) {
    Vec sums[lanes / width] = {};
    for (int e = starts[b]; e < starts[b + 1]; ++e)
      for (int v = 0; v < lanes / width; ++v)
        sums[v] = sums[v] + load(power + entries[e].bin * lanes + v * width) * entries[e].weight;
    for (int v = 0; v < lanes / width; ++v) store(values + b * lanes + v * width, logarithm(sums[v] + 1e-8F));
  }
}

void quantise(const float* values, std::size_t rows, float scale, std::int32_t* steps, float* sums) {
  const Vec limit = Vec{} + static_cast<float>(network_limit);
  for (std::size_t r = 0; r < rows; ++r)
    for (int l = 0; l < lanes; l += width) {
      const Vec value = load(values + r * lanes + static_cast<std::size_t>(l));
      store(sums + l, load(sums + l) + value);
      const Vec step = most(least(value * scale, limit), -limit);
      store(steps + r * lanes + static_cast<std::size_t>(l), whole(step + (limit + 0.5F)) - network_limit);
    }
}

void head(const float* in, std::ptrdiff_t stride, const float* weights, int taps, float bias, float* out) {
  for (int b = 0; b < 96; b += width) {
    Vec sum = Vec{} + bias;
    const float* w = weights;
    for (int c = 0; c < 4; ++c)
      for (int k = 0; k < taps; ++k) sum = sum + load(in + c * stride + b + k - taps / 2) * *w++;
    store(out + b, sum);
  }
}

}  // namespace

extern const NetworkKernels ORAK_NETWORK_KERNELS;
const NetworkKernels ORAK_NETWORK_KERNELS{convolve, add_pairs, log_bands, quantise, head};

}  // namespace orakgarak::voice
