#pragma once
// Who gets memory next, and how much: decisions on plain data. A Device (uploads/device.h) keeps the count.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/units.h"
#include "uploads/upload.h"

namespace orakgarak::uploads {

/// What does the work, since each needs memory in a way of its own. `decode_and_voice`: a take that is heard
/// as it is decoded, because its samples are not at hand. `backing`: a take that is heard less a backing, for
/// which both are held.
enum class Engine : std::uint8_t { check, decode, voice, decode_and_voice, picture, backing };
inline constexpr std::array every_engine{
    Engine::check, Engine::decode, Engine::voice, Engine::decode_and_voice, Engine::picture, Engine::backing};
std::string_view to_string(Engine);

/// What a job may need at most, child processes included, in each size that it can be done in: the usual one
/// first, then ever smaller ones, which take longer and come to the same. At least one size.
struct Need {
  Engine engine = Engine::check;
  Priority priority = Priority::live;
  std::vector<std::uint64_t> sizes;  ///< bytes
};

/// How long a take is, as far as that is known before it is heard.
struct TakeLength {
  Seconds at_most;
  bool at_hand = false;       ///< its samples are there: it need not be decoded
  bool over_backing = false;  ///< a backing was played meanwhile, which may have to be taken out
};
/// From the declared size, whatever its format: 6 kbit/s are the least that anybody records with.
Seconds longest_take(const Declared& declared, Seconds limit);

/// The sizes of decode_and_voice are: both at once; one after the other (`after_each_other`).
Need need_of(Stage stage, Priority priority, const TakeLength& length);
inline constexpr int after_each_other = 1;

/// Who waits. `waited` grows while it waits; tickets are in the order of arrival.
struct Waiting {
  Priority priority = Priority::live;
  std::uint64_t ticket = 0;
  Duration waited{};
  std::uint64_t usual = 0, least = 0;  ///< bytes
};

/// What is left, and what was decided before.
struct Room {
  std::uint64_t budget = 0, granted = 0;
  std::uint32_t live_in_a_row = 0;  ///< live jobs that entered since the last batch job did
};

/// A job that has waited so long takes a smaller size where that fits.
inline constexpr Duration shrinks_after = std::chrono::seconds(2);
/// So long those behind a job that does not fit may pass it, where they fit; then what comes back is kept for
/// it.
inline constexpr Duration passed_for = std::chrono::seconds(2);
/// A batch job that has waited so long goes before live ones, once after `live_before_batch` of them.
inline constexpr Duration batch_patience = std::chrono::seconds(60);
inline constexpr std::uint32_t live_before_batch = 3;

/// Who of them enters now: live before batch, within each in the order in which they came, but for the three
/// rules above; batch never passes live. Nobody: nothing. O(n log n).
std::optional<std::size_t> next_to_enter(std::span<const Waiting> waiting, const Room& room);

/// What measured peaks say of an estimate, in thousandths of it: follows a higher one at once and a lower one
/// slowly, an eighth above it, between `least` of the engine and `most_correction`.
std::uint32_t corrected(Engine engine, std::uint32_t correction, std::uint64_t estimated,
                        std::uint64_t measured);
inline constexpr std::uint32_t no_correction = 1000, most_correction = 4000;
std::uint32_t least_correction(Engine engine);

}  // namespace orakgarak::uploads
