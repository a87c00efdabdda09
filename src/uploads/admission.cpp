#include "uploads/admission.h"

#include <algorithm>
#include <numeric>

namespace orakgarak::uploads {
namespace {

constexpr std::uint64_t mebibyte = 1ULL << 20;
constexpr double least_bytes_a_second = 750;

// Measured (docs/benchmarks.md) and rounded up.
constexpr std::uint64_t check_bytes = mebibyte;
constexpr std::uint64_t decode_bytes = 48 * mebibyte;
constexpr std::uint64_t voice_fixed_bytes = 40 * mebibyte, voice_bytes_a_second = 96 << 10;
constexpr std::uint64_t backing_bytes_a_second = 336 << 10,
                        backing_around_seconds = 26;     // searched beside the take
constexpr std::uint64_t picture_bytes = 448 * mebibyte;  // a progressive JPEG of 40 megapixels

std::uint64_t voice_bytes(Seconds length) {
  return voice_fixed_bytes +
         static_cast<std::uint64_t>(length.value) * voice_bytes_a_second / mebibyte * mebibyte;
}

}  // namespace

std::string_view to_string(Engine engine) {
  switch (engine) {
    case Engine::check:
      return "check";
    case Engine::decode:
      return "decode";
    case Engine::voice:
      return "voice";
    case Engine::decode_and_voice:
      return "decode_and_voice";
    case Engine::picture:
      return "picture";
    case Engine::backing:
      return "backing";
  }
  return "";
}

Seconds longest_take(const Declared& declared, Seconds limit) {
  return Seconds(std::min(limit.value, static_cast<double>(declared.size) / least_bytes_a_second));
}

Need need_of(Stage stage, Priority priority, const TakeLength& length) {
  switch (stage) {
    case Stage::check:
      return {Engine::check, priority, {check_bytes}};
    case Stage::convert:
      return {Engine::decode, priority, {decode_bytes}};
    case Stage::analyze: {
      const auto voice = voice_bytes(length.at_most);
      if (length.over_backing) {
        const auto seconds = static_cast<std::uint64_t>(length.at_most.value) + backing_around_seconds;
        return {
            Engine::backing, priority, {decode_bytes + voice_fixed_bytes + seconds * backing_bytes_a_second}};
      }
      if (length.at_hand) return {Engine::voice, priority, {voice}};
      return {Engine::decode_and_voice, priority, {decode_bytes + voice, std::max(decode_bytes, voice)}};
    }
    case Stage::optimize:
    case Stage::thumbnail:
      break;
  }
  return {Engine::picture, priority, {picture_bytes}};
}

std::optional<std::size_t> next_to_enter(std::span<const Waiting> waiting, const Room& room) {
  std::vector<std::size_t> order(waiting.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {},
                    [&](std::size_t i) { return std::pair(waiting[i].priority, waiting[i].ticket); });
  const auto batch =
      std::ranges::find(order, Priority::batch, [&](std::size_t i) { return waiting[i].priority; });
  if (batch != order.end() && waiting[*batch].waited >= batch_patience &&
      room.live_in_a_row >= live_before_batch)
    std::rotate(order.begin(), batch, batch + 1);

  const std::uint64_t left = room.budget - std::min(room.budget, room.granted);
  for (std::size_t place = 0; place < order.size(); ++place) {
    const Waiting& next = waiting[order[place]];
    if ((next.waited >= shrinks_after ? next.least : next.usual) <= left) return order[place];
    if (next.waited >= passed_for || place + 1 == order.size()) return std::nullopt;
    if (next.priority == Priority::live && waiting[order[place + 1]].priority == Priority::batch)
      return std::nullopt;
  }
  return std::nullopt;
}

std::uint32_t least_correction(Engine engine) {
  // A picture's estimate knows nothing of the picture: many small ones say nothing of the next large one. Nor
  // do takes over a backing that was never sent say anything of those over one that was.
  return engine == Engine::picture || engine == Engine::backing ? no_correction : no_correction / 2;
}

std::uint32_t corrected(Engine engine, std::uint32_t correction, std::uint64_t estimated,
                        std::uint64_t measured) {
  const double ratio =
      static_cast<double>(measured) / static_cast<double>(std::max<std::uint64_t>(1, estimated));
  const auto seen = static_cast<std::uint32_t>(std::min(ratio * 1125, 1e6));
  const auto next = seen >= correction ? seen : correction - (correction - seen + 63) / 64;
  return std::clamp(next, least_correction(engine), most_correction);
}

}  // namespace orakgarak::uploads
