#pragma once
// The bytes of one request, taken apart by Boost.Beast's parser: its request line and fields as they came,
// and its body out of the chunks. What Beast lets pass and a proxy before us could read otherwise is refused
// here.
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace orakgarak::net {

/// Why a request is not for a handler, as ServerOptions::refuse is told it.
struct Refusal {
  int status = 400;
  std::string code, detail;
};

inline constexpr std::size_t most_fields = 100;  ///< in a head

struct RawHead {
  std::string method, target;
  int version = 11;  ///< 10 or 11
  bool keep_alive = true;
  Fields fields;
};

/// Where the head ends that `bytes` begin with: just after its empty line. Nothing while it is not whole;
/// refused as soon as it can be no head. from: where the last look at fewer of the same bytes ended; moved
/// on.
std::expected<std::optional<std::size_t>, Refusal> find_head_end(std::string_view bytes, std::size_t& from);

/// For one request.
class RequestParser {
 public:
  RequestParser();
  ~RequestParser();

  /// bytes: a whole head, with its empty line. The first call.
  std::expected<RawHead, Refusal> head(std::string_view bytes);
  /// Whether body() has nothing to wait for any more.
  bool whole() const;
  /// Appends to `body` what of it stands in `bytes`, and gives how many bytes are done with; the others have
  /// to come again, with more behind them.
  std::expected<std::size_t, Refusal> body(std::string_view bytes, std::string& body);

 private:
  struct Beast;
  std::unique_ptr<Beast> beast_;
};

}  // namespace orakgarak::net
