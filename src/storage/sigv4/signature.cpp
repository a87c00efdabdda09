#include "storage/sigv4/signature.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "net/http.h"
#include "uploads/sha256.h"

namespace orakgarak::storage::sigv4 {
namespace {

using uploads::Digest;
using uploads::sha256;
using uploads::to_hex;

Digest hmac(std::span<const std::byte> key, std::string_view text) {
  Digest digest{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

Digest signing_key(const Signer& signer, std::string_view date) {
  const std::string first = "AWS4" + signer.secret_key;
  const auto of_date = hmac(std::as_bytes(std::span(first)), date);
  const auto of_region = hmac(of_date, signer.region);
  const auto of_service = hmac(of_region, signer.service);
  return hmac(of_service, "aws4_request");
}

/// Without blanks at the ends, and runs of them as one.
std::string trimmed(std::string_view text) {
  std::string made;
  for (const char c : text)
    if (c != ' ' || (!made.empty() && made.back() != ' ')) made += c;
  if (made.ends_with(' ')) made.pop_back();
  return made;
}

Pairs canonical_headers(const Pairs& headers) {
  Pairs made;
  for (const auto& [name, value] : headers) made.emplace_back(lower(name), trimmed(value));
  std::ranges::sort(made);
  return made;
}

std::string canonical_query(const Pairs& query) {
  Pairs encoded;
  for (const auto& [name, value] : query)
    encoded.emplace_back(net::percent_encode(name), net::percent_encode(value));
  std::ranges::sort(encoded);
  std::string text;
  for (const auto& [name, value] : encoded)
    text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, value);
  return text;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

std::string signed_headers(const Pairs& headers) {
  std::string names;
  for (const auto& [name, value] : canonical_headers(headers)) names += (names.empty() ? "" : ";") + name;
  return names;
}

std::string canonical_request(const Request& request) {
  std::string text = fmt::format("{}\n{}\n{}\n", request.method, net::percent_encode(request.path, true),
                                 canonical_query(request.query));
  for (const auto& [name, value] : canonical_headers(request.headers))
    text += fmt::format("{}:{}\n", name, value);
  return text + fmt::format("\n{}\n{}", signed_headers(request.headers), request.payload);
}

std::string amz_time(Time time) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}",
                     fmt::gmtime(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()));
}

std::optional<Time> parse_amz_time(std::string_view text) {
  constexpr std::string_view form =
      "dddddddd"
      "T"
      "dddddd"
      "Z";
  if (text.size() != form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t digits) {
    int value = 0;
    for (const char c : text.substr(from, digits)) value = 10 * value + (c - '0');
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(6, 2)))};
  if (!day.ok() || number(9, 2) > 23 || number(11, 2) > 59 || number(13, 2) > 59) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(number(9, 2)) + std::chrono::minutes(number(11, 2)) +
         std::chrono::seconds(number(13, 2));
}

std::string scope_of(const Signer& signer, std::string_view time) {
  return fmt::format("{}/{}/{}/aws4_request", time.substr(0, 8), signer.region, signer.service);
}

std::string credential_of(const Signer& signer, std::string_view time) {
  return fmt::format("{}/{}", signer.access_key, scope_of(signer, time));
}

std::string sign_text(const Signer& signer, std::string_view time, std::string_view text) {
  return to_hex(hmac(signing_key(signer, time.substr(0, 8)), text));
}

std::string sign_request(const Signer& signer, std::string_view time, std::string_view request) {
  return sign_text(
      signer, time,
      fmt::format("{}\n{}\n{}\n{}", algorithm, time, scope_of(signer, time), to_hex(sha256(request))));
}

Pairs sign_headers(const Signer& signer, Request request, Time now) {
  const std::string time = amz_time(now);
  request.headers.emplace_back("x-amz-date", time);
  if (signer.service == "s3") request.headers.emplace_back("x-amz-content-sha256", request.payload);
  if (!signer.session_token.empty())
    request.headers.emplace_back("x-amz-security-token", signer.session_token);
  std::string proof =
      fmt::format("{} Credential={}, SignedHeaders={}, Signature={}", algorithm, credential_of(signer, time),
                  signed_headers(request.headers), sign_request(signer, time, canonical_request(request)));
  request.headers.emplace_back("Authorization", std::move(proof));
  return std::move(request.headers);
}

bool same_signature(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace orakgarak::storage::sigv4
