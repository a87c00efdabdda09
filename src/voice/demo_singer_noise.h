#pragma once
// What is not voiced: air through the folds, consonants, breaths and a quiet room.
#include <cstddef>
#include <span>

#include "voice/demo_singer_score.h"

namespace orakgarak::voice::demo {

/// A two-pole resonator (Klatt 1980).
class Resonator {
 public:
  /// centre < rate / 2. The state is kept.
  void tune_for_unit_dc(double centre_hz, double bandwidth_hz, double rate);
  void tune_for_unit_noise(double centre_hz, double bandwidth_hz, double rate);
  double operator()(double x) {
    double y = a_ * x + b_ * before_ + c_ * before_that_;
    before_that_ = before_;
    before_ = y;
    return y;
  }

 private:
  void tune(double centre_hz, double bandwidth_hz, double rate);
  double a_ = 0, b_ = 0, c_ = 0, before_ = 0, before_that_ = 0;
};

class Noise {
 public:
  Noise(const Score& score, const Anatomy& anatomy, Hertz rate, std::uint32_t seed);

  /// Adds the noise of samples [first, first + out.size()) to out; calls follow one another. turns and gains:
  /// phase and strength of the voice at each sample; tract: the mouth now.
  void render(std::size_t first, std::span<const double> turns, std::span<const double> gains,
              const Tract& tract, std::span<double> out);

 private:
  void breathe_through(const Tract& tract);
  double white();
  double hiss(double seconds);

  const Score& score_;
  const Anatomy& anatomy_;
  double rate_;
  double density_;  ///< amplitude of white noise that sounds equally loud at every rate
  Dice dice_;
  std::uint64_t drawn_ = 0;
  std::array<Resonator, 3> tract_;
  std::size_t coloured_ = 1;  ///< formants of tract_ that the breath goes through
  Resonator lips_;
  std::size_t next_hiss_ = 0;
  const Hiss* sounding_ = nullptr;
};

}  // namespace orakgarak::voice::demo
