#pragma once
// What this server takes, at most. /v1/about tells the page.
#include <chrono>
#include <cstdint>

namespace orakgarak::http {

struct Limits {
  std::uint64_t upload_bytes = 100ULL << 20;
  std::uint64_t image_bytes = 10ULL << 20;
  std::uint64_t image_pixels = 40'000'000;
  std::chrono::seconds take{20 * 60};
  std::uint64_t body_bytes = 1ULL << 20;  ///< of JSON
  std::chrono::seconds presign{15 * 60};
  std::chrono::hours pending{24};            ///< until a PENDING upload expires
  std::chrono::days keep_failed{14};         ///< objects of FAILED and EXPIRED uploads
  std::chrono::days keep_guest{90};          ///< everything of a guest that is not seen
  int page = 100;                            ///< items of a list
  int uploads_an_hour = 60;                  ///< for a person, and for a client address
  int sessions_an_hour = 60;                 ///< for a client address
  int sign_ins_an_hour = 60;                 ///< for a client address, right or wrong, and new accounts
  std::uint64_t guests_bytes = 10ULL << 30;  ///< declared by all guests together
  int streams_a_person = 4;
  std::chrono::days session{400};  ///< the longest that browsers keep a cookie
};

}  // namespace orakgarak::http
