// Any bytes as a request: what reaches a handler keeps the promises of net/http.h, at any cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "net/request_head.h"
#include "net/request_parser.h"
#include "net/text.h"

using namespace orakgarak::net;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void check_texts(std::string_view text) {
  if (const auto decoded = percent_decode(text)) {
    must(percent_decode(percent_encode(*decoded)) == *decoded);
    must(percent_decode(percent_encode(*decoded, true)) == *decoded);
  }
  if (const auto pairs = parse_query(text)) {
    std::string again;
    for (const auto& [name, value] : *pairs) {
      must(is_utf8(name) && is_utf8(value));
      again += percent_encode(name) + "=" + percent_encode(value) + "&";
    }
    must(parse_query(again) == *pairs);
  }
  RequestHead head;
  head.fields.add("Cookie", std::string(text));
  for (const std::string_view name : {"", "a", "session"}) {
    if (const auto value = cookie(head, name)) must(text.find(*value) != std::string_view::npos);
  }
}

void check_promises(const RequestHead& head) {
  must(head.path.starts_with('/') && is_utf8(head.path) && !has_control(head.path));
  must((head.path + "/").find("/../") == std::string::npos &&
       (head.path + "/").find("/./") == std::string::npos);
  must(!head.host.empty() && head.host.find_first_of(" /@?#\\,\r\n\t") == std::string::npos);
  must(!has_control(head.query));
  must(parse_ip(head.address).has_value());
  must(!(head.chunked && head.content_length) && head.content_length != 0U);
}

/// What of the body comes out, or nothing where it is refused.
std::optional<std::string> body_of(std::string_view head, std::string_view raw, std::size_t step) {
  RequestParser parser;
  if (!parser.head(head)) return std::nullopt;
  std::string body, waiting;
  while (!raw.empty() && !parser.whole()) {
    waiting += raw.substr(0, step);
    raw.remove_prefix(std::min(step, raw.size()));
    const auto used = parser.body(waiting, body);
    if (!used) return std::nullopt;
    must(*used <= waiting.size());
    waiting.erase(0, *used);
  }
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  check_texts(all);
  std::size_t from = 0;
  const auto end = find_head_end(all, from);
  if (!end || !*end) return 0;
  const auto head = all.substr(0, **end), rest = all.substr(**end);
  std::size_t from_slowly = 0;
  for (std::size_t upto = 1; upto < head.size(); ++upto) {
    const auto early = find_head_end(all.substr(0, upto), from_slowly);
    must(early && !*early);
  }

  RequestParser parser;
  auto raw = parser.head(head);
  if (!raw) return 0;
  must(raw->fields.all().size() <= most_fields);
  static const std::vector<std::string> trusted{"10.0.0.0/8", "2001:db8::/32"};
  const auto checked = check_head(*raw, *parse_ip("10.0.0.1"), false, *TrustedProxies::parse(trusted));
  if (!checked) return 0;
  check_promises(checked->head);
  must(parser.whole() == !(checked->head.chunked || checked->head.content_length));
  const auto at_once = body_of(head, rest, rest.size()), slowly = body_of(head, rest, 1);
  // Up to four bytes are kept back until more come or the body ends.
  if (at_once && slowly) must(at_once->starts_with(*slowly) && at_once->size() - slowly->size() < 5);
  return 0;
}
