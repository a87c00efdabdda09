#pragma once
// A form that a browser may send until it expires: what must be in it stands in a policy, and the policy is
// signed. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
#include <cstdint>
#include <expected>
#include <map>

#include "storage/sigv4/signature.h"

namespace orakgarak::storage::sigv4 {

struct PostPolicy {
  Time expires;                              ///< in whole seconds
  std::map<std::string, std::string> equal;  ///< form fields that must be there with exactly this value
  std::uint64_t least = 0, most = 0;         ///< bytes of the file
  std::string bucket = {};  ///< the form goes to this one alone; said by its URL, not by a field
};

/// What a form must hold beside the file: the fields of `policy.equal` and those of the signature.
std::map<std::string, std::string> sign_post(const Signer& signer, PostPolicy policy, Time now);

/// The policy document; a bucket is read as a field like all others. Names of fields are lower case, as S3
/// compares them. Nothing where it is no JSON, or holds a condition of another sort than we sign: an exact
/// value, or content-length-range.
std::optional<PostPolicy> parse_policy(std::string_view json);

/// Is this form one that was signed, with every field as its policy says and none besides? fields: those
/// before the file, names in lower case. Gives the policy.
std::expected<PostPolicy, Refusal> verify_post(const Signer& signer,
                                               const std::map<std::string, std::string>& fields, Time now);

}  // namespace orakgarak::storage::sigv4
