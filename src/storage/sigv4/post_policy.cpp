#include "storage/sigv4/post_policy.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "storage/sigv4/encoding.h"

namespace orakgarak::storage::sigv4 {
namespace {

using Json = nlohmann::json;
using Fields = std::map<std::string, std::string>;

/// "2015-12-30T12:00:00.000Z"
std::string expiration(Time time) {
  return to_rfc3339(std::chrono::floor<std::chrono::seconds>(time)).substr(0, 19) + ".000Z";
}

std::optional<Time> parse_expiration(const std::string& text) {
  if (text.size() != 24) return std::nullopt;
  const auto time = parse_amz_time(text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2) + "T" +
                                   text.substr(11, 2) + text.substr(14, 2) + text.substr(17, 2) + "Z");
  return time && expiration(*time) == text ? time : std::nullopt;
}

bool read_condition(const Json& condition, PostPolicy& policy) {
  if (condition.is_object() && condition.size() == 1 && condition.begin()->is_string())
    return policy.equal.emplace(lower(condition.begin().key()), condition.begin()->get<std::string>()).second;
  if (!condition.is_array() || condition.size() != 3 || condition[0] != "content-length-range" ||
      !condition[1].is_number_unsigned() || !condition[2].is_number_unsigned())
    return false;
  policy.least = condition[1];
  policy.most = condition[2];
  return true;
}

/// Fields that no condition need name.
bool needs_no_condition(std::string_view name) { return name == "policy" || name == "x-amz-signature"; }

const std::string& value_of(const Fields& fields, const std::string& name) {
  static const std::string none;
  const auto found = fields.find(name);
  return found == fields.end() ? none : found->second;
}

std::expected<void, Refusal> verify_signature(const Signer& signer, const Fields& fields, Time now) {
  if (!fields.contains("policy") || !fields.contains("x-amz-signature"))
    return std::unexpected(Refusal::not_signed);
  const std::string& time = value_of(fields, "x-amz-date");
  const auto from = parse_amz_time(time);
  if (!from || value_of(fields, "x-amz-algorithm") != algorithm) return std::unexpected(Refusal::malformed);
  if (value_of(fields, "x-amz-credential") != credential_of(signer, time))
    return std::unexpected(Refusal::other_key);
  if (!same_signature(sign_text(signer, time, value_of(fields, "policy")),
                      value_of(fields, "x-amz-signature")))
    return std::unexpected(Refusal::altered);
  if (*from > now + most_ahead) return std::unexpected(Refusal::not_yet);
  return {};
}

}  // namespace

std::map<std::string, std::string> sign_post(const Signer& signer, PostPolicy policy, Time now) {
  const std::string time = amz_time(now);
  policy.equal["x-amz-algorithm"] = algorithm;
  policy.equal["x-amz-credential"] = credential_of(signer, time);
  policy.equal["x-amz-date"] = time;
  if (!signer.session_token.empty()) policy.equal["x-amz-security-token"] = signer.session_token;
  Json conditions = Json::array({Json::array({"content-length-range", policy.least, policy.most})});
  for (const auto& [name, value] : policy.equal) conditions.push_back(Json::object({{name, value}}));
  if (!policy.bucket.empty()) conditions.push_back(Json::object({{"bucket", policy.bucket}}));
  const std::string document =
      Json{{"expiration", expiration(policy.expires)}, {"conditions", std::move(conditions)}}.dump(
          -1, ' ', false, Json::error_handler_t::replace);  // what is no UTF-8 no form can match
  Fields fields = std::move(policy.equal);
  fields["policy"] = to_base64(std::as_bytes(std::span(document)));
  fields["x-amz-signature"] = sign_text(signer, time, fields["policy"]);
  return fields;
}

std::optional<PostPolicy> parse_policy(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto expires = json.find("expiration"), conditions = json.find("conditions");
  if (expires == json.end() || !expires->is_string() || conditions == json.end() || !conditions->is_array())
    return std::nullopt;
  const auto time = parse_expiration(expires->get<std::string>());
  if (!time) return std::nullopt;
  PostPolicy policy{.expires = *time, .equal = {}, .bucket = {}};
  for (const Json& condition : *conditions)
    if (!read_condition(condition, policy)) return std::nullopt;
  return policy;
}

std::expected<PostPolicy, Refusal> verify_post(const Signer& signer, const Fields& fields, Time now) {
  if (auto ours = verify_signature(signer, fields, now); !ours) return std::unexpected(ours.error());
  const auto document = from_base64(value_of(fields, "policy"));
  if (!document) return std::unexpected(Refusal::malformed);
  auto policy = parse_policy({reinterpret_cast<const char*>(document->data()), document->size()});
  if (!policy) return std::unexpected(Refusal::malformed);
  if (now >= policy->expires) return std::unexpected(Refusal::expired);
  for (const auto& [name, value] : policy->equal)
    if (!fields.contains(name) || value_of(fields, name) != value)
      return std::unexpected(Refusal::against_policy);
  for (const auto& [name, value] : fields)
    if (!needs_no_condition(name) && !policy->equal.contains(name))
      return std::unexpected(Refusal::against_policy);
  return *std::move(policy);
}

}  // namespace orakgarak::storage::sigv4
