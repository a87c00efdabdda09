// Any bytes as a presigned query and as the fields of a form: none that we did not sign is good, and a policy
// that is read says what it is signed for. First byte: which of them.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "net/http.h"
#include "storage/sigv4/encoding.h"
#include "storage/sigv4/post_policy.h"
#include "storage/sigv4/presigned_url.h"

namespace {

using namespace orakgarak;
using namespace orakgarak::storage::sigv4;

const Signer signer{"AKIAIOSFODNN7EXAMPLE", "unknown to whoever sends", "local", "s3"};
const Time now = *parse_amz_time("20261124T120000Z");

void query(std::string_view text) {
  const auto pairs = net::parse_query(text);
  if (!pairs) return;
  const auto header = [](std::string_view name) { return std::optional(std::string(name)); };
  if (verify_query(signer, "PUT", "/uploads/a", *pairs, header, now)) std::abort();
}

void form(std::string_view text) {
  const auto pairs = net::parse_query(text);
  if (!pairs) return;
  std::map<std::string, std::string> fields;
  for (const auto& [name, value] : *pairs) fields.emplace(lower(name), value);
  if (verify_post(signer, fields, now)) std::abort();
}

void policy(std::string_view text) {
  const auto read = parse_policy(text);
  if (!read) return;
  // Signed by us it is good until it expires, and holds a form to its fields.
  auto ours = *read;
  ours.expires = now + std::chrono::hours(1);
  for (const char* name : {"policy", "x-amz-signature", "x-amz-date", "x-amz-credential", "x-amz-algorithm"})
    ours.equal.erase(name);
  auto fields = sign_post(signer, ours, now);
  const auto back = verify_post(signer, fields, now);
  if (!back || back->least != ours.least || back->most != ours.most) std::abort();
  fields["one-more"] = "";
  if (!ours.equal.contains("one-more") && verify_post(signer, fields, now)) std::abort();
}

void base64(std::string_view text) {
  const auto bytes = from_base64(text);
  if (bytes && to_base64(*bytes) != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      query(text);
      break;
    case 1:
      form(text);
      break;
    case 2:
      policy(text);
      break;
    default:
      base64(text);
  }
  return 0;
}
