#include "net/request_head.h"

#include <algorithm>
#include <charconv>

#include "net/text.h"

namespace orakgarak::net {
namespace {

using Checked = std::expected<void, Refusal>;

std::unexpected<Refusal> refused(int status, std::string code, std::string detail) {
  return std::unexpected(Refusal{status, std::move(code), std::move(detail)});
}

Method method_of(std::string_view name) {
  for (const Method method :
       {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options}) {
    if (name == to_string(method)) return method;
  }
  return Method::other;
}

std::vector<std::string_view> values(const Fields& fields, std::string_view name) {
  std::vector<std::string_view> found;
  for (const auto& [field, value] : fields.all()) {
    if (equal_ignoring_case(field, name)) found.emplace_back(value);
  }
  return found;
}

/// What the last of our proxies wrote: proxies add at the end.
std::string_view last_element(const Fields& fields, std::string_view name) {
  const auto all = values(fields, name);
  if (all.empty()) return {};
  const auto comma = all.back().rfind(',');
  return trimmed(comma == std::string_view::npos ? all.back() : all.back().substr(comma + 1));
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && stop == text.data() + text.size() && port > 0 && port <= 65535;
}

/// "example.org", "192.0.2.1:8080", "[::1]:8080".
bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 261) return false;
  std::string_view name = text, port;
  const auto bracket = text.find(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    name = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (!is_port(port)) return false;
  }
  if (name.starts_with('[')) {
    return name.ends_with(']') && name.find(':') != std::string_view::npos &&
           parse_ip(name.substr(1, name.size() - 2));
  }
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

bool climbs(std::string_view path) {
  while (!path.empty()) {
    const auto segment = take_until(path, '/');
    if (segment == "." || segment == "..") return true;
  }
  return false;
}

/// The two forms of a target that name a resource here: "/path?query" and "http://host/path?query".
Checked check_target(std::string_view target, RequestHead& head) {
  bool names_host = false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    head.host = target.substr(0, target.find_first_of("/?"));
    target.remove_prefix(head.host.size());
    if (head.host.empty()) target = {};
    names_host = !head.host.empty();
    break;
  }
  const auto path = target.substr(0, target.find('?'));
  if (path.size() < target.size()) head.query = target.substr(path.size() + 1);
  const bool is_path = path.starts_with('/') || (path.empty() && names_host);
  if (!is_path || target.find('#') != std::string_view::npos)
    return refused(400, "bad_target", "The target of the request has to be a path that begins with /.");
  auto decoded = percent_decode(path.empty() ? "/" : path);
  if (!decoded || !is_utf8(*decoded) || has_control(*decoded) || climbs(*decoded))
    return refused(
        400, "bad_path",
        "The path of the request does not decode to text, or holds \".\" or \"..\": send it resolved.");
  head.path = std::move(*decoded);
  return {};
}

Checked check_host(RequestHead& head, bool behind_proxy) {
  const auto named = values(head.fields, "Host");
  if (named.size() != 1 || !is_host(named[0]))
    return refused(400, "bad_host", "The request has to say in one Host field whom it is for.");
  if (head.host.empty()) head.host = named[0];
  if (behind_proxy) {
    if (const auto forwarded = last_element(head.fields, "X-Forwarded-Host"); !forwarded.empty())
      head.host = forwarded;
  }
  if (!is_host(head.host))
    return refused(400, "bad_host", "The host that the request is for is not well-formed.");
  std::ranges::transform(head.host, head.host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return {};
}

/// Stricter than the standard has to be: whatever two programs could read as two lengths is refused.
Checked check_length(RequestHead& head, int version) {
  const auto lengths = values(head.fields, "Content-Length");
  const auto codings = values(head.fields, "Transfer-Encoding");
  const auto contradicting = [] {
    return refused(400, "bad_length",
                   "The lengths of the request contradict each other: send one Content-Length, or "
                   "Transfer-Encoding: chunked.");
  };
  if (!codings.empty()) {
    if (!lengths.empty() || version < 11) return contradicting();
    if (codings.size() > 1 || !equal_ignoring_case(codings[0], "chunked"))
      return refused(501, "unknown_coding", "The only transfer encoding that this server reads is chunked.");
    head.chunked = true;
    return {};
  }
  if (lengths.empty()) return {};
  std::uint64_t length = 0;
  const char* const end = lengths[0].data() + lengths[0].size();
  const auto [stop, error] = std::from_chars(lengths[0].data(), end, length);
  if (lengths.size() > 1 || lengths[0].empty() || error != std::errc() || stop != end) return contradicting();
  if (length > 0) head.content_length = length;
  return {};
}

/// An entry of X-Forwarded-For, which some proxies write with a port.
std::optional<IpAddress> forwarded_ip(std::string_view entry) {
  if (entry.starts_with('[')) return parse_ip(entry.substr(1, entry.find(']') - 1));
  if (std::ranges::count(entry, ':') == 1) entry = entry.substr(0, entry.find(':'));
  return parse_ip(entry);
}

/// From the right, as long as those who say so are ours: the first that is not, or who cannot be read behind.
IpAddress client_address(const Fields& fields, IpAddress peer, const TrustedProxies& proxies) {
  std::string chain;
  for (const auto value : values(fields, "X-Forwarded-For")) (chain += ',') += value;
  std::string_view rest = chain;
  while (proxies.trusts(peer) && !rest.empty()) {
    const auto comma = rest.rfind(',');
    const auto next = forwarded_ip(trimmed(rest.substr(comma + 1)));
    if (!next) break;
    peer = *next;
    rest = rest.substr(0, comma);
  }
  return peer;
}

}  // namespace

std::expected<CheckedHead, Refusal> check_head(RawHead raw, const IpAddress& peer, bool secure,
                                               const TrustedProxies& proxies) {
  CheckedHead checked;
  RequestHead& head = checked.head;
  const bool behind_proxy = proxies.trusts(peer);
  head.method = method_of(raw.method);
  head.fields = std::move(raw.fields);
  head.trace = telemetry::begin_trace(head.fields.get("traceparent").value_or(""));
  head.address = to_string(behind_proxy ? client_address(head.fields, peer, proxies) : peer);
  head.secure = secure || (behind_proxy &&
                           equal_ignoring_case(last_element(head.fields, "X-Forwarded-Proto"), "https"));
  checked.keep_alive = raw.keep_alive;
  checked.chunks_understood = raw.version >= 11;
  if (auto target = check_target(raw.target, head); !target)
    return std::unexpected(std::move(target.error()));
  if (auto host = check_host(head, behind_proxy); !host) return std::unexpected(std::move(host.error()));
  if (auto length = check_length(head, raw.version); !length)
    return std::unexpected(std::move(length.error()));
  const auto expected = values(head.fields, "Expect");
  if (!expected.empty() && raw.version >= 11) {
    if (expected.size() > 1 || !equal_ignoring_case(expected[0], "100-continue"))
      return refused(417, "unknown_expectation",
                     "The only expectation that this server meets is 100-continue.");
    checked.expects_continue = true;
  }
  return checked;
}

}  // namespace orakgarak::net
