#include "storage/sigv4/presigned_upload.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/http.h"
#include "storage/object_key.h"
#include "storage/sigv4/encoding.h"
#include "storage/sigv4/post_policy.h"
#include "storage/sigv4/presigned_url.h"
#include "uploads/sha256.h"

namespace orakgarak::storage::sigv4 {
namespace {

using uploads::PresignedForm;
using uploads::PresignedPart;

Result<std::string> checksum_of(const std::string& sha256) {
  const auto digest = uploads::parse_digest(sha256);
  if (!digest) return rejected("bad_checksum", "a SHA-256 is 64 hexadecimal digits in lower case");
  return to_base64(*digest);
}

}  // namespace

std::string host_of(std::string_view base) {
  const auto scheme_end = base.find("://");
  std::string_view host = scheme_end == std::string_view::npos ? base : base.substr(scheme_end + 3);
  const std::string_view port = base.starts_with("https:") ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return std::string(host);
}

Result<PresignedForm> presign_form(const Signer& signer, const Place& place, const std::string& base,
                                   const std::string& key, const uploads::Declared& declared, Time now,
                                   Time expires) {
  if (!is_key(key)) return bad_key();
  auto checksum = checksum_of(declared.sha256);
  if (!checksum) return std::unexpected(std::move(checksum.error()));
  PostPolicy policy{.expires = expires,
                    .equal = {{"key", key},
                              {"Content-Type", declared.content_type},
                              {"x-amz-checksum-sha256", *std::move(checksum)}},
                    .least = declared.size,
                    .most = declared.size,
                    .bucket = place.bucket};
  return PresignedForm{base + place.path + "/", sign_post(signer, std::move(policy), now)};
}

Result<PresignedPart> presign_part(const Signer& signer, const Place& place, const std::string& base,
                                   const std::string& key, const std::string& multipart,
                                   const uploads::PartWanted& part, std::uint64_t length, Time now,
                                   Time expires) {
  if (!is_key(key)) return bad_key();
  auto checksum = checksum_of(part.sha256);
  if (!checksum) return std::unexpected(std::move(checksum.error()));
  const std::string path = place.path + "/" + key;
  Request request{"PUT",
                  path,
                  {{"partNumber", std::to_string(part.number)}, {"uploadId", multipart}},
                  {{"host", host_of(base)},
                   {"content-length", std::to_string(length)},
                   {"x-amz-checksum-sha256", *checksum}},
                  std::string(unsigned_payload)};
  const auto from = std::chrono::floor<std::chrono::seconds>(now);
  const auto life = std::clamp(std::chrono::floor<std::chrono::seconds>(expires - from),
                               std::chrono::seconds(1), longest_url_life);
  return PresignedPart{part.number,
                       fmt::format("{}{}?{}", base, net::percent_encode(path, true),
                                   presign_query(signer, std::move(request), now, life)),
                       {{"x-amz-checksum-sha256", *std::move(checksum)}}};
}

}  // namespace orakgarak::storage::sigv4
