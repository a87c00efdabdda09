#pragma once
// The bytes in front of a response's body.
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "net/http.h"

namespace orakgarak::net {

struct ResponseHead {
  int status = 200;
  const Fields& fields;
  const Fields& always;                 ///< those that `fields` does not name
  std::optional<std::uint64_t> length;  ///< Content-Length
  bool chunked = false;
  bool keep_alive = true;
  Time now;
};

/// Control characters in a value become spaces: no value can add a line.
std::string write_head(const ResponseHead& head);

/// Whether a response of this status has no body, whatever it is given: 204, 304.
bool is_bodiless(int status);

}  // namespace orakgarak::net
