#include "people/people.h"

#include <array>

namespace orakgarak::people {
namespace {

constexpr std::array verdicts{Verdict::easy, Verdict::fits, Verdict::too_hard, Verdict::not_for_me};

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::easy:
      return "easy";
    case Verdict::fits:
      return "fits";
    case Verdict::too_hard:
      return "too_hard";
    case Verdict::not_for_me:
      return "not_for_me";
  }
  return "?";
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  for (const Verdict verdict : verdicts)
    if (text == to_string(verdict)) return verdict;
  return std::nullopt;
}

}  // namespace orakgarak::people
