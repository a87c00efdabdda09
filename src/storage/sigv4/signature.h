#pragma once
// AWS Signature Version 4, the part that everything signed has in common: keys, scope, canonical request.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace orakgarak::storage::sigv4 {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
/// In the place of the body's hash where the body is not part of what is signed.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

/// What signs: a key pair, for one region and service.
struct Signer {
  std::string access_key, secret_key;
  std::string region = "us-east-1";
  std::string service = "s3";
  std::string session_token = {};  ///< of keys that are lent for a while; empty where they are not
};

/// Why something signed is refused.
enum class Refusal : std::uint8_t {
  not_signed,  ///< there is no signature
  malformed,   ///< what belongs to a signature is missing, twice there or senseless
  other_key,   ///< of another key, region or service
  not_yet,     ///< signed for a time more than 15 minutes ahead
  expired,
  altered,         ///< the signature is not that of what came
  against_policy,  ///< a field is not as the policy says, or no condition names it
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string path;     ///< decoded, begins with '/'
  Pairs query;          ///< decoded, without the signature
  Pairs headers;        ///< those that are signed; names in any case
  std::string payload;  ///< hash of the body, or unsigned_payload
};

/// ASCII letters; names of headers and fields compare without case.
std::string lower(std::string_view text);

/// S3's form: the path is encoded once, "." and "//" stay.
std::string canonical_request(const Request&);
/// "host;x-amz-date"
std::string signed_headers(const Pairs& headers);

std::string amz_time(Time);  ///< "20130524T000000Z": whole seconds
std::optional<Time> parse_amz_time(std::string_view);

/// "20130524/us-east-1/s3/aws4_request"
std::string scope_of(const Signer&, std::string_view amz_time);
/// "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
std::string credential_of(const Signer&, std::string_view amz_time);
/// 64 hexadecimal digits: of a canonical request, by way of the string to sign.
std::string sign_request(const Signer&, std::string_view amz_time, std::string_view canonical_request);
/// The header fields of a request that prove who sends it: those of `request`, "x-amz-date", the session
/// token where there is one, and "Authorization". request.headers: "host" among them; where `service` is S3,
/// the hash of the body becomes a field too.
Pairs sign_headers(const Signer&, Request request, Time now);
/// 64 hexadecimal digits: of the text itself, as a POST policy is signed.
std::string sign_text(const Signer&, std::string_view amz_time, std::string_view text);
/// Takes as long whatever differs.
bool same_signature(std::string_view, std::string_view);

/// How far ahead of ours a signer's clock may be.
inline constexpr Duration most_ahead = std::chrono::minutes(15);

}  // namespace orakgarak::storage::sigv4
