#include "songs/profile.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/math.h"

namespace orakgarak::songs {
namespace {

constexpr Duration reach_half_life = std::chrono::days(365);
constexpr double same_notes = 1;  ///< semitones

/// One take's word on one end, outward positive.
struct Told {
  double pitch, uncertainty;
  Time when;
};

std::vector<Told> told_ends(std::span<const SungTake> takes, std::optional<SungEnd> SungTake::* end,
                            int outward) {
  std::vector<Told> told;
  for (const SungTake& take : takes)
    if (const auto& its = take.*end)
      told.push_back({outward * its->pitch.value, its->uncertainty.value, take.when});
  // Of ends at the same pitch the surer one speaks.
  std::ranges::sort(told, [](const Told& a, const Told& b) {
    return std::tie(a.pitch, b.uncertainty) < std::tie(b.pitch, a.uncertainty);
  });
  return told;
}

/// S at each end: the largest weight there or further out.
std::vector<double> reach_weights(const std::vector<Told>& told, Duration half_life) {
  const Time newest = std::ranges::max_element(told, {}, &Told::when)->when;
  std::vector<double> reach(told.size());
  double outer = 0;
  for (std::size_t i = told.size(); i-- > 0;) {
    outer = std::max(outer, faded(newest - told[i].when, half_life));
    reach[i] = outer;
  }
  return reach;
}

std::optional<ProfileEnd> merge_end(std::span<const SungTake> takes, std::optional<SungEnd> SungTake::* end,
                                    Duration half_life, int outward) {
  const std::vector<Told> told = told_ends(takes, end, outward);
  if (told.empty()) return std::nullopt;
  const std::vector<double> reach = reach_weights(told, half_life);
  std::size_t sure = 0;
  while (sure + 1 < told.size() && reach[sure + 1] == 1) ++sure;

  double mean = told[sure].pitch;
  for (std::size_t i = sure + 1; i < told.size(); ++i) mean += reach[i] * (told[i].pitch - told[i - 1].pitch);
  double variance = 0;
  for (std::size_t i = sure; i < told.size(); ++i) {
    const double share = reach[i] - (i + 1 < told.size() ? reach[i + 1] : 0);
    const double off = told[i].pitch - mean;
    variance += share * (told[i].uncertainty * told[i].uncertainty + off * off);
  }
  return ProfileEnd{Midi(outward * mean), Semitones(math::sqrt(variance))};
}

/// Ends of different takes may cross: all of them were sung.
void uncross(std::optional<ProfileEnd>& low, std::optional<ProfileEnd>& high) {
  if (low && high && low->pitch > high->pitch) std::swap(*low, *high);
}

/// A comfortable end never lies outside the full range: it may come from a take that declined the full end.
void keep_inside(std::optional<ProfileEnd>& full, const std::optional<ProfileEnd>& comfortable, int outward) {
  if (!full || !comfortable || outward * (comfortable->pitch.value - full->pitch.value) <= 0) return;
  const bool by_words = comfortable->moved != Semitones();
  const Semitones moved = by_words ? comfortable->pitch - full->pitch : Semitones();
  full = comfortable;
  full->moved = moved;
}

void keep_order(SingerProfile& profile) {
  uncross(profile.comfortable_low, profile.comfortable_high);
  uncross(profile.lowest, profile.highest);
  keep_inside(profile.lowest, profile.comfortable_low, -1);
  keep_inside(profile.highest, profile.comfortable_high, +1);
}

Time newest_of(std::span<const SungTake> takes) {
  Time newest = takes.front().when;
  for (const SungTake& take : takes) newest = std::max(newest, take.when);
  return newest;
}

std::array<float, 128> merge_seconds(std::span<const SungTake> takes, Time newest) {
  std::array<double, 128> seconds{};
  for (const SungTake& take : takes) {
    const double weight = faded(newest - take.when, comfort_half_life);
    for (std::size_t p = 0; p < seconds.size(); ++p) seconds[p] += weight * double{take.seconds[p]};
  }
  std::array<float, 128> merged{};
  std::ranges::transform(seconds, merged.begin(), [](double s) { return static_cast<float>(s); });
  return merged;
}

std::optional<SungEnd> sung_end(const std::expected<voice::RangeEnd, voice::RangeDecline>& end) {
  if (!end) return std::nullopt;
  return SungEnd{end->pitch, end->uncertainty};
}

/// outward: +1 strikes the upper end, −1 the lower.
void strike(SungTake& take, std::optional<SungEnd>& full, std::optional<SungEnd>& comfortable, int outward) {
  if (!full) return;
  const double struck = outward * full->pitch.value;
  if (comfortable && outward * comfortable->pitch.value > struck - same_notes) comfortable.reset();
  for (int p = 0; p < 128; ++p)
    if (outward * p > struck - same_notes) take.seconds[p] = 0;
  full.reset();
}

}  // namespace

SungTake sung_take(const voice::VoiceReport& report, Time when) {
  SungTake take;
  take.lowest = sung_end(report.range.lowest);
  take.highest = sung_end(report.range.highest);
  take.comfortable_low = sung_end(report.range.comfortable_low);
  take.comfortable_high = sung_end(report.range.comfortable_high);
  std::ranges::copy(report.tessitura.seconds, take.seconds.begin());
  take.when = when;
  return take;
}

bool is_usable(const SungTake& take) {
  return take.lowest || take.highest || take.comfortable_low || take.comfortable_high;
}

SungTake without_struck(SungTake take, bool lowest, bool highest) {
  if (lowest) strike(take, take.lowest, take.comfortable_low, -1);
  if (highest) strike(take, take.highest, take.comfortable_high, +1);
  return take;
}

SingerProfile merge_takes(std::span<const SungTake> takes, std::span<const FeltSong> words) {
  SingerProfile profile;
  if (takes.empty()) return profile;
  const Time newest = newest_of(takes);
  profile.takes = static_cast<int>(takes.size());
  profile.lowest = merge_end(takes, &SungTake::lowest, reach_half_life, -1);
  profile.highest = merge_end(takes, &SungTake::highest, reach_half_life, +1);
  profile.comfortable_low = merge_end(takes, &SungTake::comfortable_low, comfort_half_life, -1);
  profile.comfortable_high = merge_end(takes, &SungTake::comfortable_high, comfort_half_life, +1);
  profile.seconds = merge_seconds(takes, newest);
  keep_order(profile);
  move_comfortable_ends(profile, words, newest);
  keep_order(profile);
  return profile;
}

SingerProfile merge_profile(std::span<const voice::VoiceReport> reports) {
  std::vector<SungTake> takes;
  for (const voice::VoiceReport& report : reports) takes.push_back(sung_take(report, Time()));
  return merge_takes(takes);
}

}  // namespace orakgarak::songs
