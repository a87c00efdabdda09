#pragma once
// Physical units as types: a bare double never crosses a public header.
#include <compare>

#include "base/math.h"

namespace orakgarak {

/// One quantity of one unit. Same-unit sums and differences, scaling by a number, ratio of two.
template <class Unit>
struct Quantity {
  double value = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(double v) : value(v) {}
  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity operator+(Quantity o) const { return Quantity(value + o.value); }
  constexpr Quantity operator-(Quantity o) const { return Quantity(value - o.value); }
  constexpr Quantity operator-() const { return Quantity(-value); }
  constexpr Quantity operator*(double k) const { return Quantity(value * k); }
  constexpr Quantity operator/(double k) const { return Quantity(value / k); }
  constexpr double operator/(Quantity o) const { return value / o.value; }
  constexpr Quantity& operator+=(Quantity o) {
    value += o.value;
    return *this;
  }
};

using Seconds = Quantity<struct SecondsUnit>;
using Hertz = Quantity<struct HertzUnit>;
using Semitones = Quantity<struct SemitonesUnit>;  ///< an interval, signed
using Cents = Quantity<struct CentsUnit>;          ///< an interval, signed; 100 = one semitone
using Decibels = Quantity<struct DecibelsUnit>;

/// A pitch as a fractional MIDI number: A4 = 440 Hz = 69, C4 = 60. A point, not an interval.
struct Midi {
  double value = 0;

  constexpr Midi() = default;
  constexpr explicit Midi(double v) : value(v) {}
  constexpr auto operator<=>(const Midi&) const = default;
  constexpr Midi operator+(Semitones s) const { return Midi(value + s.value); }
  constexpr Midi operator-(Semitones s) const { return Midi(value - s.value); }
  constexpr Semitones operator-(Midi o) const { return Semitones(value - o.value); }
};

/// f > 0.
inline Midi to_midi(Hertz f) { return Midi(69.0 + 12.0 * math::log2(f.value / 440.0)); }
inline Hertz to_hertz(Midi m) { return Hertz(440.0 * math::exp2((m.value - 69.0) / 12.0)); }

struct TimeSpan {
  Seconds start, end;
  constexpr Seconds duration() const { return end - start; }
};

}  // namespace orakgarak
