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

/// The URL of `request` under `base`, signed for as long as until `expires`.
std::string signed_url(const Signer& signer, const std::string& base, Request request, Time now,
                       Time expires) {
  const auto from = std::chrono::floor<std::chrono::seconds>(now);
  const auto life = std::clamp(std::chrono::floor<std::chrono::seconds>(expires - from),
                               std::chrono::seconds(1), longest_url_life);
  const auto path = net::percent_encode(request.path, true);
  return fmt::format("{}{}?{}", base, path, presign_query(signer, std::move(request), now, life));
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
  Request request{"PUT",
                  place.path + "/" + key,
                  {{"partNumber", std::to_string(part.number)}, {"uploadId", multipart}},
                  {{"host", host_of(base)},
                   {"content-length", std::to_string(length)},
                   {"x-amz-checksum-sha256", *checksum}},
                  std::string(unsigned_payload)};
  return PresignedPart{part.number,
                       signed_url(signer, base, std::move(request), now, expires),
                       {{"x-amz-checksum-sha256", *std::move(checksum)}}};
}

Result<std::string> presign_download(const Signer& signer, const Place& place, const std::string& base,
                                     const std::string& key, const uploads::Download& download, Time now,
                                     Time expires) {
  if (!is_key(key)) return bad_key();
  Request request{"GET",
                  place.path + "/" + key,
                  {{"response-content-type", download.content_type}},
                  {{"host", host_of(base)}},
                  std::string(unsigned_payload)};
  if (!download.file_name.empty())
    request.query.emplace_back(
        "response-content-disposition",
        "attachment; filename*=UTF-8''" + net::percent_encode(download.file_name));  // RFC 6266
  return signed_url(signer, base, std::move(request), now, expires);
}

}  // namespace orakgarak::storage::sigv4
