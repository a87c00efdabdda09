#include "base/math.h"

#include <limits>

namespace orakgarak::math {
namespace {

constexpr double ln2_high = 6.93147180369123816490e-01;  // 32 bits: e · ln2_high is exact
constexpr double ln2_low = 1.90821492927058770002e-10;
constexpr double inv_ln2 = 1.44269504088896338700e+00;
constexpr double inv_ln10 = 4.34294481903251816668e-01;

struct Split {
  double mantissa;  // in [√½, √2)
  int exponent;
};

Split split(double x) {
  int extra = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    extra = -54;
  }
  auto bits = std::bit_cast<std::uint64_t>(x);
  int e = static_cast<int>(bits >> 52) - 1023 + extra;
  double m = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++e;
  }
  return {m, e};
}

// log(m) for m in [√½, √2): 2·atanh(s), s = (m−1)/(m+1), |s| ≤ 0.1716
double log_mantissa(double m) {
  double s = (m - 1.0) / (m + 1.0), z = s * s, sum = 0;
  for (int k = 21; k >= 3; k -= 2) sum = (sum + 1.0 / k) * z;
  return 2.0 * s + 2.0 * s * sum;
}

double scale(double x, int e) {  // x · 2^e
  if (e > 1023)
    return x * 0x1p1023 * std::bit_cast<double>(static_cast<std::uint64_t>(e - 1023 + 1023) << 52);
  if (e < -1022)
    return x * std::bit_cast<double>(static_cast<std::uint64_t>(e + 200 + 1023) << 52) * 0x1p-200;
  return x * std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52);
}

double exp_reduced(double r) {  // |r| ≤ ln2 / 2
  double sum = 1.0;
  for (int k = 14; k >= 1; --k) sum = 1.0 + sum * r / k;
  return sum;
}

// sin and cos of r in [−π/4, π/4]
double sin_reduced(double r) {
  double z = r * r, sum = 1.0;
  for (int k = 8; k >= 1; --k) sum = 1.0 - sum * z / ((2.0 * k) * (2.0 * k + 1.0));
  return r * sum;
}
double cos_reduced(double r) {
  double z = r * r, sum = 1.0;
  for (int k = 8; k >= 1; --k) sum = 1.0 - sum * z / ((2.0 * k) * (2.0 * k - 1.0));
  return sum;
}

double sin_quadrant(double x, int shift) {
  double n = std::floor(x * (2.0 / pi) + 0.5);
  double r =
      ((x - n * 1.57079632673412561417) - n * 6.07710050630396597660e-11) - n * 2.02226624879595063154e-21;
  switch ((static_cast<std::int64_t>(n) + shift) & 3) {
    case 0:
      return sin_reduced(r);
    case 1:
      return cos_reduced(r);
    case 2:
      return -sin_reduced(r);
    default:
      return -cos_reduced(r);
  }
}

double atan_unit(double t) {  // t in [0, 1]
  // Two half-angle steps bring t below tan(π/16), where the series converges quickly.
  for (int i = 0; i < 2; ++i) t = t / (1.0 + std::sqrt(1.0 + t * t));
  double z = t * t, sum = 0;
  for (int k = 25; k >= 1; k -= 2) sum = 1.0 / k - z * sum;
  return 4.0 * t * sum;
}

}  // namespace

double log(double x) {
  auto [m, e] = split(x);
  return (e * ln2_high) + (log_mantissa(m) + e * ln2_low);
}
double log2(double x) {
  auto [m, e] = split(x);
  return e + log_mantissa(m) * inv_ln2;
}
double log10(double x) { return log(x) * inv_ln10; }

double exp(double x) {
  if (x > 709.79) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0.0;
  double n = std::floor(x * inv_ln2 + 0.5);
  return scale(exp_reduced((x - n * ln2_high) - n * ln2_low), static_cast<int>(n));
}
double exp2(double x) {
  if (x >= 1024) return std::numeric_limits<double>::infinity();
  if (x < -1076) return 0.0;
  double n = std::floor(x + 0.5);
  return scale(exp_reduced((x - n) * 6.93147180559945286227e-01), static_cast<int>(n));
}

double sin(double x) { return sin_quadrant(x, 0); }
double cos(double x) { return sin_quadrant(x, 1); }

double atan2(double y, double x) {
  double ax = std::fabs(x), ay = std::fabs(y);
  if (ax == 0 && ay == 0) return 0.0;
  double a = ay <= ax ? atan_unit(ay / ax) : pi / 2 - atan_unit(ax / ay);
  if (x < 0) a = pi - a;
  return y < 0 ? -a : a;
}

}  // namespace orakgarak::math
