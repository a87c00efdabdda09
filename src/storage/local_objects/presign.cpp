#include "storage/local_objects/presign.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/http.h"
#include "storage/local_objects/folder.h"
#include "storage/local_objects/parts.h"
#include "storage/local_objects/signer.h"
#include "storage/sigv4/encoding.h"
#include "storage/sigv4/post_policy.h"
#include "storage/sigv4/presigned_url.h"

namespace orakgarak::storage {
namespace {

using uploads::Declared;
using uploads::ObjectFacts;
using uploads::OpenMultipart;
using uploads::PartWanted;
using uploads::PresignedForm;
using uploads::PresignedPart;
using uploads::StoredPart;

/// As a client names the host of `base`: without the port that goes without saying.
std::string host_of(std::string_view base) {
  const auto scheme_end = base.find("://");
  std::string_view host = scheme_end == std::string_view::npos ? base : base.substr(scheme_end + 3);
  const std::string_view port = base.starts_with("https:") ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return std::string(host);
}

Result<std::string> checksum_of(const std::string& sha256) {
  const auto digest = uploads::parse_digest(sha256);
  if (!digest) return rejected("bad_checksum", "a SHA-256 is 64 hexadecimal digits in lower case");
  return sigv4::to_base64(*digest);
}

class LocalPresigner final : public uploads::Presigner {
 public:
  LocalPresigner(Folder folder, sigv4::Signer signer)
      : folder_(std::move(folder)), signer_(std::move(signer)) {}

  Result<PresignedForm> form(const std::string& base, const std::string& key, const Declared& declared,
                             Time now, Time expires) override {
    if (!is_key(key)) return bad_key();
    auto checksum = checksum_of(declared.sha256);
    if (!checksum) return std::unexpected(std::move(checksum.error()));
    sigv4::PostPolicy policy{.expires = expires,
                             .equal = {{"key", key},
                                       {"Content-Type", declared.content_type},
                                       {"x-amz-checksum-sha256", *std::move(checksum)}},
                             .least = declared.size,
                             .most = declared.size};
    return PresignedForm{base + "/", sigv4::sign_post(signer_, std::move(policy), now)};
  }

  Result<std::string> open_parts(const std::string& key, const Declared&) override {
    return open_multipart(folder_, key);
  }

  Result<PresignedPart> part(const std::string& base, const std::string& key, const std::string& multipart,
                             const PartWanted& part, std::uint64_t length, Time now, Time expires) override {
    if (!is_key(key)) return bad_key();
    auto checksum = checksum_of(part.sha256);
    if (!checksum) return std::unexpected(std::move(checksum.error()));
    const std::string path = "/" + key;
    sigv4::Request request{"PUT",
                           path,
                           {{"partNumber", std::to_string(part.number)}, {"uploadId", multipart}},
                           {{"host", host_of(base)},
                            {"content-length", std::to_string(length)},
                            {"x-amz-checksum-sha256", *checksum}},
                           std::string(sigv4::unsigned_payload)};
    const auto from = std::chrono::floor<std::chrono::seconds>(now);
    const auto life = std::clamp(std::chrono::floor<std::chrono::seconds>(expires - from),
                                 std::chrono::seconds(1), sigv4::longest_url_life);
    return PresignedPart{part.number,
                         fmt::format("{}{}?{}", base, net::percent_encode(path, true),
                                     sigv4::presign_query(signer_, std::move(request), now, life)),
                         {{"x-amz-checksum-sha256", *std::move(checksum)}}};
  }

  Result<std::vector<StoredPart>> parts(const std::string& key, const std::string& multipart) override {
    return stored_parts(folder_, key, multipart);
  }
  Result<ObjectFacts> complete(const std::string& key, const std::string& multipart,
                               std::span<const StoredPart> parts) override {
    return complete_multipart(folder_, key, multipart, parts);
  }
  Result<void> abort(const std::string& key, const std::string& multipart) override {
    return abort_multipart(folder_, key, multipart);
  }
  Result<std::vector<OpenMultipart>> multiparts(const std::optional<OpenMultipart>& after,
                                                std::size_t limit) override {
    return list_multiparts(folder_, after, limit);
  }

 private:
  Folder folder_;
  sigv4::Signer signer_;
};

}  // namespace

Result<std::unique_ptr<uploads::Presigner>> open_local_presigner(const std::filesystem::path& path) {
  auto folder = open_folder(path);
  if (!folder) return std::unexpected(std::move(folder.error()));
  auto signer = open_signer(*folder);
  if (!signer) return std::unexpected(std::move(signer.error()));
  return std::make_unique<LocalPresigner>(*std::move(folder), *std::move(signer));
}

}  // namespace orakgarak::storage
