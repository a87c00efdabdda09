#pragma once
// Who sings here: guests by consent, their sessions, what they said of songs, and operators. A person is an
// OwnerId and nothing else: no name is kept of a guest. One that can come back has an account
// (people/account_store.h).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "people/token.h"
#include "uploads/upload.h"

namespace orakgarak::people {

using uploads::OwnerId;

struct Session {
  OwnerId owner;
  Time created, seen, expires;
  int consent = 0;  ///< version of the words that were agreed to
  Time consented;
};

/// As its owner sees it. The hash names it: who knows the hash has not the token.
struct OpenSession {
  std::string token_hash;
  Session session;
};

struct Operator {
  std::string name;  ///< 1 to 64 characters, for the audit trail
  Time created;
};

enum class Verdict : std::uint8_t { easy, fits, too_hard, not_for_me };
std::string_view to_string(Verdict);  ///< "easy", "fits", "too_hard", "not_for_me"
std::optional<Verdict> parse_verdict(std::string_view);

/// What a person said of one song in one key; a later word on the same song takes its place.
struct Feedback {
  std::string song;      ///< songs::song_id
  int key_shift = 0;     ///< −12 to 12
  int octave_shift = 0;  ///< −1 to 1
  Verdict verdict = Verdict::fits;
  Time at;
};

}  // namespace orakgarak::people
