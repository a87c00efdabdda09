#include "storage/sigv4/presigned_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "net/http.h"

namespace orakgarak::storage::sigv4 {
namespace {

constexpr std::string_view signature_name = "X-Amz-Signature";

/// The only value of that name.
std::expected<std::string_view, Refusal> only(const Pairs& query, std::string_view name) {
  const auto named = [&](const auto& pair) { return pair.first == name; };
  const auto first = std::ranges::find_if(query, named);
  if (first == query.end() || std::ranges::count_if(query, named) != 1)
    return std::unexpected(Refusal::malformed);
  return first->second;
}

/// What a signed query says of itself.
struct Claims {
  std::string_view time, names, signature;
  Time from;
  std::chrono::seconds life{};
};

std::expected<Claims, Refusal> read_claims(const Signer& signer, const Pairs& query) {
  const auto how = only(query, "X-Amz-Algorithm"), credential = only(query, "X-Amz-Credential"),
             time = only(query, "X-Amz-Date"), life = only(query, "X-Amz-Expires"),
             names = only(query, "X-Amz-SignedHeaders"), signature = only(query, signature_name);
  if (!how || !credential || !time || !life || !names || !signature || *how != algorithm)
    return std::unexpected(Refusal::malformed);
  const auto from = parse_amz_time(*time);
  std::int64_t seconds = 0;
  const auto [end, fault] = std::from_chars(life->data(), life->data() + life->size(), seconds);
  if (!from || fault != std::errc{} || end != life->data() + life->size() || seconds < 1 ||
      seconds > longest_url_life.count())
    return std::unexpected(Refusal::malformed);
  if (*credential != credential_of(signer, *time)) return std::unexpected(Refusal::other_key);
  return Claims{*time, *names, *signature, *from, std::chrono::seconds(seconds)};
}

std::vector<std::string> split(std::string_view names) {
  std::vector<std::string> made;
  for (std::size_t at = 0; at <= names.size();) {
    const auto end = std::min(names.find(';', at), names.size());
    made.emplace_back(names.substr(at, end - at));
    at = end + 1;
  }
  return made;
}

}  // namespace

std::string presign_query(const Signer& signer, Request request, Time now, std::chrono::seconds life) {
  const std::string time = amz_time(now);
  request.query.emplace_back("X-Amz-Algorithm", algorithm);
  request.query.emplace_back("X-Amz-Credential", credential_of(signer, time));
  request.query.emplace_back("X-Amz-Date", time);
  request.query.emplace_back("X-Amz-Expires", std::to_string(life.count()));
  request.query.emplace_back("X-Amz-SignedHeaders", signed_headers(request.headers));
  if (!signer.session_token.empty()) request.query.emplace_back("X-Amz-Security-Token", signer.session_token);
  const std::string signature = sign_request(signer, time, canonical_request(request));
  std::string text;
  for (const auto& [name, value] : request.query)
    text += fmt::format("{}={}&", net::percent_encode(name), net::percent_encode(value));
  return text + fmt::format("{}={}", signature_name, signature);
}

std::expected<std::vector<std::string>, Refusal> verify_query(const Signer& signer, std::string_view method,
                                                              std::string_view path, const Pairs& query,
                                                              const HeaderLookup& header, Time now) {
  if (std::ranges::none_of(query, [](const auto& pair) { return pair.first == signature_name; }))
    return std::unexpected(Refusal::not_signed);
  const auto claims = read_claims(signer, query);
  if (!claims) return std::unexpected(claims.error());
  if (claims->from > now + most_ahead) return std::unexpected(Refusal::not_yet);
  if (now >= claims->from + claims->life) return std::unexpected(Refusal::expired);
  auto names = split(claims->names);
  Request request{std::string(method), std::string(path), {}, {}, std::string(unsigned_payload)};
  std::ranges::copy_if(query, std::back_inserter(request.query),
                       [](const auto& pair) { return pair.first != signature_name; });
  for (const std::string& name : names) {
    auto value = header(name);
    if (!value) return std::unexpected(Refusal::altered);
    request.headers.emplace_back(name, std::move(*value));
  }
  if (!same_signature(sign_request(signer, claims->time, canonical_request(request)), claims->signature))
    return std::unexpected(Refusal::altered);
  return names;
}

}  // namespace orakgarak::storage::sigv4
