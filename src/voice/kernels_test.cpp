// Every instruction set against the baseline, bit for bit, and the baseline against the plain definition.
#include "voice/kernels.h"

#include <gtest/gtest.h>

#include <cstring>

#include "voice/testing/sounds.h"

namespace orakgarak::voice {
namespace {

// Floats from −1 to 1 that begin `offset` floats after a 64-byte boundary.
class Numbers {
 public:
  Numbers(std::size_t count, std::size_t offset, std::uint32_t seed)
      : count_(count), offset_(offset), all_(count + offset) {
    const auto values = sounds::noise(Hertz(static_cast<double>(count)), Seconds(1), 0.57, seed);
    std::copy(values.begin(), values.end(), all_.data() + offset);
  }
  Numbers(std::size_t count, std::size_t offset) : count_(count), offset_(offset), all_(count + offset) {}
  float* data() { return all_.data() + offset_; }
  const float* data() const { return all_.data() + offset_; }
  float operator[](std::size_t i) const { return data()[i]; }
  bool same_bits(const Numbers& other) const {
    return count_ == other.count_ && std::memcmp(data(), other.data(), count_ * sizeof(float)) == 0;
  }

 private:
  std::size_t count_, offset_;
  AlignedFloats all_;
};

constexpr std::size_t offsets[] = {0, 1, 3, 7};
const Kernels& baseline() { return kernels(InstructionSet::baseline); }

TEST(Kernels, TheBestInstructionSetIsAvailableAndBaselineAlwaysIs) {
  const auto all = available_instruction_sets();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front(), InstructionSet::baseline);
  EXPECT_EQ(all.back(), best_instruction_set());
}

TEST(Kernels, AlignedFloatsAreAlignedAndZero) {
  for (std::size_t count : {1U, 5U, 16U, 1000U}) {
    const AlignedFloats floats(count);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(floats.data()) % 64, 0U);
    ASSERT_EQ(floats.size(), count);
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(floats[i], 0);
  }
}

TEST(Kernels, GatherCopiesWindowsAndSeesSilenceOutside) {
  for (int count : {1, 2, 15, 33, 100})
    for (std::size_t offset : offsets) {
      const Numbers signal(151, offset, 1), window(static_cast<std::size_t>(count), offset, 2);
      const auto rows_size = static_cast<std::size_t>(count) * lanes;
      for (bool inside : {true, false}) {  // the loop has a short cut for windows that all lie inside
        std::ptrdiff_t starts[lanes];
        for (int l = 0; l < lanes; ++l) starts[l] = inside ? 3 * l : 17 * l - 60;
        Numbers expected(rows_size, offset);
        baseline().gather(signal.data(), 151, starts, window.data(), count, expected.data());
        for (int t = 0; t < count; ++t)
          for (int l = 0; l < lanes; ++l) {
            const std::ptrdiff_t at = starts[l] + t;
            const float sample = at >= 0 && at < 151 ? signal[static_cast<std::size_t>(at)] : 0;
            ASSERT_EQ(expected[static_cast<std::size_t>(t * lanes + l)],
                      sample * window[static_cast<std::size_t>(t)]);
          }
        for (InstructionSet set : available_instruction_sets()) {
          Numbers rows(rows_size, offset);
          kernels(set).gather(signal.data(), 151, starts, window.data(), count, rows.data());
          EXPECT_TRUE(rows.same_bits(expected)) << count << " from " << offset;
        }
      }
    }
}

TEST(Kernels, ShapeTakesTheNoiseOutAndNeverGoesBelowZero) {
  for (int bins : {1, 3, 17, 129})
    for (std::size_t offset : offsets) {
      const auto size = static_cast<std::size_t>(bins) * lanes;
      const Numbers gain(static_cast<std::size_t>(bins), offset, 4),
          noise(static_cast<std::size_t>(bins), 0, 5);
      Numbers expected(size, offset, 3), before(lanes, offset), after(lanes, offset);
      baseline().shape(expected.data(), bins, gain.data(), noise.data(), before.data(), after.data());
      const Numbers power(size, offset, 3);
      for (std::size_t l = 0; l < lanes; ++l) {
        float all = 0, kept = 0;
        for (std::size_t k = 0; k < static_cast<std::size_t>(bins); ++k) {
          const float p = power[k * lanes + l] * gain[k];
          ASSERT_EQ(expected[k * lanes + l], std::max(p - noise[k], 0.0F));
          all += p;
          kept += expected[k * lanes + l];
        }
        ASSERT_EQ(before[l], all);
        ASSERT_EQ(after[l], kept);
      }
      for (InstructionSet set : available_instruction_sets()) {
        Numbers rows(size, offset, 3), all(lanes, offset), kept(lanes, offset);
        kernels(set).shape(rows.data(), bins, gain.data(), noise.data(), all.data(), kept.data());
        EXPECT_TRUE(rows.same_bits(expected) && all.same_bits(before) && kept.same_bits(after)) << bins;
      }
    }
}

TEST(Kernels, NormaliseTurnsRowsIntoLanesAndSilenceIntoZero) {
  for (int count : {1, 5, 64, 131})
    for (std::size_t offset : offsets) {
      const int stride = count + 3;
      Numbers rows(static_cast<std::size_t>(count) * lanes, offset, 6);
      rows.data()[2] = 0;
      rows.data()[3] = 1e-35F;  // all but silence
      rows.data()[4] = -1;
      const Numbers scale(static_cast<std::size_t>(count), offset, 7);
      Numbers expected(static_cast<std::size_t>(stride) * lanes, offset);
      baseline().normalise(rows.data(), count, scale.data(), stride, expected.data());
      for (int l = 0; l < lanes; ++l)
        for (int t = 0; t < count; ++t) {
          const float zero = rows[static_cast<std::size_t>(l)];
          const float value =
              rows[static_cast<std::size_t>(t * lanes + l)] * scale[static_cast<std::size_t>(t)];
          // The reciprocal and the product are each rounded once.
          const float plain = zero > 1e-30F ? value / zero : 0;
          ASSERT_NEAR(expected[static_cast<std::size_t>(l * stride + t)], plain, 3e-7 * std::abs(plain));
        }
      for (InstructionSet set : available_instruction_sets()) {
        Numbers out(static_cast<std::size_t>(stride) * lanes, offset);
        kernels(set).normalise(rows.data(), count, scale.data(), stride, out.data());
        EXPECT_TRUE(out.same_bits(expected)) << count << " from " << offset;
      }
    }
}

TEST(Kernels, PolyphaseWalksThroughItsFilters) {
  struct Ratio {
    int phases, step;
  };
  for (int taps : {16, 48})
    for (const Ratio ratio : {Ratio{1, 1}, Ratio{1, 6}, Ratio{3, 2}, Ratio{160, 441}})
      for (int count : {1, 2, 37})
        for (std::size_t offset : offsets) {
          const int first = ratio.phases / 2;
          const auto reach = static_cast<std::size_t>(taps + (first + count * ratio.step) / ratio.phases + 1);
          const Numbers in(reach, offset, 8),
              filters(static_cast<std::size_t>(ratio.phases * taps), offset, 9);
          Numbers expected(static_cast<std::size_t>(count), offset);
          baseline().polyphase(in.data(), filters.data(), taps, ratio.phases, ratio.step, first, count,
                               expected.data());
          for (int j = 0; j < count; ++j) {
            const int at = (first + j * ratio.step) / ratio.phases,
                      phase = (first + j * ratio.step) % ratio.phases;
            double sum = 0;
            for (int t = 0; t < taps; ++t)
              sum += double{in[static_cast<std::size_t>(at + t)]} *
                     filters[static_cast<std::size_t>(phase * taps + t)];
            ASSERT_NEAR(expected[static_cast<std::size_t>(j)], sum, 1e-5);  // single precision, terms below 1
          }
          for (InstructionSet set : available_instruction_sets()) {
            Numbers out(static_cast<std::size_t>(count), offset);
            kernels(set).polyphase(in.data(), filters.data(), taps, ratio.phases, ratio.step, first, count,
                                   out.data());
            EXPECT_TRUE(out.same_bits(expected)) << taps << ' ' << count << ' ' << offset;
          }
        }
}

// Unit factors are no transform of anything, but every instruction set must do the same with them.
TEST(Kernels, TransformsHaveTheSameBitsAtOddAlignments) {
  for (int size : {2, 4, 8, 64, 512, 1024})
    for (std::size_t offset : offsets) {
      const auto floats = static_cast<std::size_t>(size) * 2 * lanes;
      const Numbers twiddles(static_cast<std::size_t>(size) * 6, offset, 11);
      Numbers forward(floats, offset, 10), inverse(floats, offset, 10), quarter(floats, offset, 10);
      baseline().forward(forward.data(), size, twiddles.data());
      baseline().inverse(inverse.data(), size, twiddles.data(), false);
      baseline().inverse(quarter.data(), size, twiddles.data(), true);
      for (InstructionSet set : available_instruction_sets()) {
        Numbers a(floats, offset, 10), b(floats, offset, 10), c(floats, offset, 10);
        kernels(set).forward(a.data(), size, twiddles.data());
        kernels(set).inverse(b.data(), size, twiddles.data(), false);
        kernels(set).inverse(c.data(), size, twiddles.data(), true);
        EXPECT_TRUE(a.same_bits(forward)) << size << " from " << offset;
        EXPECT_TRUE(b.same_bits(inverse)) << size << " from " << offset;
        EXPECT_TRUE(c.same_bits(quarter)) << size << " from " << offset;
      }
      if (size < 4) continue;  // a quarter of two rows is none
      const std::size_t made = floats / 4;
      EXPECT_EQ(std::memcmp(quarter.data(), inverse.data(), made * sizeof(float)), 0) << size;
    }
}

TEST(Kernels, RealSplitsHaveTheSameBitsAtOddAlignments) {
  for (int half : {8, 32, 512})
    for (std::size_t offset : offsets) {
      const auto floats = static_cast<std::size_t>(half) * 2 * lanes,
                 bins = static_cast<std::size_t>(half + 1) * lanes;
      std::vector<int> order(static_cast<std::size_t>(half));
      for (int k = 0; k < half; ++k)
        order[static_cast<std::size_t>(k)] = (k * 5 + 3) % half;  // a permutation
      const Numbers rows(floats, offset, 12), turns(static_cast<std::size_t>(half + 2), offset, 13);
      Numbers re(bins, offset), im(bins, offset), power(bins, offset), packed(floats, offset);
      baseline().real_bins(rows.data(), half, order.data(), turns.data(), re.data(), im.data());
      baseline().real_power(rows.data(), half, order.data(), turns.data(), power.data());
      baseline().pack_even(power.data(), half, order.data(), turns.data(), packed.data());
      for (std::size_t i = 0; i < bins; ++i)
        ASSERT_EQ(power[i], re[i] * re[i] + im[i] * im[i]) << "of half " << half;
      for (InstructionSet set : available_instruction_sets()) {
        Numbers r(bins, offset), i(bins, offset), p(bins, offset), packs(floats, offset);
        kernels(set).real_bins(rows.data(), half, order.data(), turns.data(), r.data(), i.data());
        kernels(set).real_power(rows.data(), half, order.data(), turns.data(), p.data());
        kernels(set).pack_even(p.data(), half, order.data(), turns.data(), packs.data());
        EXPECT_TRUE(r.same_bits(re) && i.same_bits(im) && p.same_bits(power) && packs.same_bits(packed))
            << half << " from " << offset;
      }
    }
}

}  // namespace
}  // namespace orakgarak::voice
