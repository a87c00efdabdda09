#pragma once
// Elementary functions that give the same bits on every target (native of any instruction set,
// WebAssembly): no libm, no contracted multiply-adds. Only IEEE 754 basic operations and sqrt are used.
#include <bit>
#include <cmath>
#include <cstdint>

namespace orakgarak::math {

inline constexpr double pi = 3.14159265358979323846;

/// Natural logarithm; x finite and > 0 (denormals included). Relative error below 4e-16 away from 1,
/// absolute below 2e-16 near 1. Method: x = 2^e·m with m in [√½, √2), then the odd series of
/// 2·atanh((m−1)/(m+1)) (Abramowitz & Stegun 4.1.27).
double log(double x);
double log2(double x);
double log10(double x);

/// e^x and 2^x; results saturate to 0 and +infinity. Relative error below 4e-16 · max(1, |x|).
double exp(double x);
double exp2(double x);

/// x in radians, |x| < 1e6; absolute error below 1e-15 for |x| < 100.
double sin(double x);
double cos(double x);
/// Angle of (x, y) in (−π, π].
double atan2(double y, double x);

/// base > 0.
inline double pow(double base, double exponent) { return exp(exponent * log(base)); }
inline double sqrt(double x) { return std::sqrt(x); }  // correctly rounded everywhere

/// Decibels of a power ratio, floored at −200 dB.
inline double power_to_db(double power) { return power > 1e-20 ? 10.0 * log10(power) : -200.0; }

}  // namespace orakgarak::math
