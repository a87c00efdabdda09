#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "storage/object_key.h"
#include "storage/s3_objects/answers.h"
#include "storage/s3_objects/download.h"
#include "storage/s3_objects/s3.h"
#include "storage/s3_objects/version.h"
#include "uploads/sha256.h"

namespace orakgarak::storage {
namespace {

using s3::Call;
using uploads::Declared;
using uploads::Download;
using uploads::ObjectFacts;
using uploads::OpenMultipart;
using uploads::PartWanted;
using uploads::PresignedForm;
using uploads::PresignedPart;
using uploads::StoredPart;

constexpr std::size_t most_on_a_page = 1000;  ///< of S3
constexpr std::size_t md5_bytes = 16;

/// The ETag of what is put together of these parts: MD5 of their MD5s, and how many. Nothing where theirs are
/// no MD5s, as of encrypted ones.
std::optional<std::string> etag_of(const std::vector<StoredPart>& parts) {
  std::vector<unsigned char> digests;
  for (const StoredPart& part : parts) {
    long length = 0;
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> bytes(
        OPENSSL_hexstr2buf(part.etag.c_str(), &length), [](unsigned char* data) { OPENSSL_free(data); });
    if (bytes == nullptr || length != md5_bytes) return std::nullopt;
    digests.insert(digests.end(), bytes.get(), bytes.get() + length);
  }
  std::array<std::byte, md5_bytes> digest{};
  if (EVP_Digest(digests.data(), digests.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                 EVP_md5(), nullptr) != 1)
    return std::nullopt;
  return fmt::format("{}-{}", uploads::to_hex(digest), parts.size());
}

bool comes_after(const OpenMultipart& one, const OpenMultipart& other) {
  return std::pair(std::string_view(one.key), std::string_view(one.id)) >
         std::pair(std::string_view(other.key), std::string_view(other.id));
}

class S3Presigner final : public uploads::Presigner {
 public:
  explicit S3Presigner(const S3Options& options) : client_(options) {}

  Result<PresignedForm> form(const std::string& base, const std::string& key, const Declared& declared,
                             Time now, Time expires) override {
    return sigv4::presign_form(client_.signer(), client_.place(), base, key, declared, now, expires);
  }

  Result<PresignedPart> part(const std::string& base, const std::string& key, const std::string& multipart,
                             const PartWanted& part, std::uint64_t length, Time now, Time expires) override {
    return sigv4::presign_part(client_.signer(), client_.place(), base, key, multipart, part, length, now,
                               expires);
  }

  Result<std::string> download(const std::string& base, const std::string& key, const Download& download,
                               Time now, Time expires) override {
    return sigv4::presign_download(client_.signer(), client_.place(), base, key, download, now, expires);
  }

  Result<std::string> open_parts(const std::string& key, const Declared& declared) override {
    if (!is_key(key)) return bad_key();
    const auto answer = client_.get(
        {.method = "POST",
         .key = key,
         .query = {{"uploads", ""}},
         .headers = {{"content-type", declared.content_type}, {"x-amz-checksum-algorithm", "SHA256"}}});
    if (!answer) return std::unexpected(answer.error());
    auto id = s3::read_opened(answer->body);
    if (!id) return client_.unreadable();
    return *std::move(id);
  }

  Result<std::vector<StoredPart>> parts(const std::string& key, const std::string& multipart) override {
    if (!is_key(key)) return bad_key();
    std::vector<StoredPart> found;
    for (int after = 0;;) {
      const auto answer = client_.get({.method = "GET",
                                       .key = key,
                                       .query = {{"uploadId", multipart},
                                                 {"max-parts", std::to_string(most_on_a_page)},
                                                 {"part-number-marker", std::to_string(after)}}});
      if (!answer) return std::unexpected(answer.error());
      auto page = s3::read_parts(answer->body);
      if (!page) return client_.unreadable();
      std::ranges::move(page->parts, std::back_inserter(found));
      if (page->next == 0) break;
      if (page->next <= after) return client_.unreadable();
      after = page->next;
    }
    std::ranges::sort(found, {}, &StoredPart::number);
    return found;
  }

  Result<ObjectFacts> complete(const std::string& key, const std::string& multipart,
                               std::span<const StoredPart> wanted) override {
    if (!is_key(key)) return bad_key();
    std::vector<StoredPart> parts(wanted.begin(), wanted.end());
    std::ranges::sort(parts, {}, &StoredPart::number);
    if (parts.empty()) return why_not(key, multipart, parts);
    const auto answer = client_.ask({.method = "POST",
                                     .key = key,
                                     .query = {{"uploadId", multipart}},
                                     .body = s3::write_parts(parts),
                                     .puts_together = true});
    if (!answer) return std::unexpected(answer.error());
    const auto etag = s3::read_completed(answer->body);
    if (!answer->is_good() || !etag) return not_completed(*answer, key, multipart, parts);
    auto told = *answer;
    told.fields["etag"] = *etag;
    auto version = s3::version_of(told);
    if (!version) return client_.unreadable();
    std::uint64_t size = 0;
    for (const StoredPart& part : parts) size += part.size;
    return ObjectFacts{size, *std::move(version)};
  }

  Result<void> abort(const std::string& key, const std::string& multipart) override {
    if (!is_key(key)) return bad_key();
    const auto answer = client_.get({.method = "DELETE", .key = key, .query = {{"uploadId", multipart}}});
    if (answer || answer.error().kind == ErrorKind::not_found) return {};
    return std::unexpected(answer.error());
  }

  /// By key, then by id. Some servers tell all at once, whatever they are asked, and in another order; what
  /// is all there is put into ours.
  Result<std::vector<OpenMultipart>> multiparts(const std::optional<OpenMultipart>& after,
                                                std::size_t limit) override {
    std::vector<OpenMultipart> found;
    std::string key_marker = after ? after->key : "", id_marker = after ? after->id : "";
    for (bool all = false; !all && found.size() < limit;) {
      auto page = page_of(key_marker, id_marker, std::min(limit, most_on_a_page));
      if (!page) return std::unexpected(std::move(page.error()));
      std::erase_if(page->multiparts, [&](const OpenMultipart& multipart) {
        return !is_key(multipart.key) || (after && !comes_after(multipart, *after));
      });
      all = page->next_key.empty();
      if (all)
        std::ranges::sort(page->multiparts, [](const auto& a, const auto& b) { return comes_after(b, a); });
      std::ranges::move(page->multiparts, std::back_inserter(found));
      if (!all && page->next_key == key_marker && page->next_id == id_marker) return client_.unreadable();
      key_marker = page->next_key;
      id_marker = page->next_id;
    }
    if (found.size() > limit) found.erase(found.begin() + static_cast<std::ptrdiff_t>(limit), found.end());
    return found;
  }

 private:
  Result<s3::MultipartPage> page_of(const std::string& key_marker, const std::string& id_marker,
                                    std::size_t limit) const {
    Call call{.method = "GET",
              .query = {{"uploads", ""}, {"encoding-type", "url"}, {"max-uploads", std::to_string(limit)}}};
    if (!key_marker.empty()) call.query.emplace_back("key-marker", key_marker);
    if (!id_marker.empty()) call.query.emplace_back("upload-id-marker", id_marker);
    const auto answer = client_.get(call);
    if (!answer) return std::unexpected(answer.error());
    auto page = s3::read_multiparts(answer->body);
    if (!page) return client_.unreadable();
    return *std::move(page);
  }

  Result<ObjectFacts> not_completed(const s3::Answer& answer, const std::string& key,
                                    const std::string& multipart, const std::vector<StoredPart>& parts) {
    const std::string code = s3::error_code(answer.body);
    if (code == "InvalidPart" || code == "InvalidPartOrder") return why_not(key, multipart, parts);
    if (code == "NoSuchUpload") return completed_before(key, parts);
    if (code.empty() && answer.is_good()) return client_.unreadable();
    return client_.refused(answer);
  }

  /// S3 says only that some part is not as wanted.
  Result<ObjectFacts> why_not(const std::string& key, const std::string& multipart,
                              const std::vector<StoredPart>& wanted) {
    const auto have = parts(key, multipart);
    if (!have) return std::unexpected(have.error());
    if (wanted.empty()) return rejected("part_missing", "no part has arrived; send them");
    for (const StoredPart& part : wanted)
      if (std::ranges::find(*have, part.number, &StoredPart::number) == have->end())
        return rejected("part_missing", fmt::format("part {} has not arrived; send it", part.number));
    return rejected("part_changed", "a part was sent again meanwhile; look again");
  }

  /// Is the object the one that these parts make?
  Result<ObjectFacts> completed_before(const std::string& key, const std::vector<StoredPart>& parts) {
    const auto gone = fail(ErrorKind::not_found, "no_such_multipart", "there is no such multipart upload");
    const auto answer = client_.ask({.method = "HEAD", .key = key});
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == 404) return gone;
    if (!answer->is_good()) return client_.refused(*answer);
    const auto etag = s3::read_etag(answer->field("etag"));
    if (!etag || etag != etag_of(parts)) return gone;
    return s3::facts_of(client_, key);
  }

  s3::Client client_;
};

}  // namespace

std::unique_ptr<uploads::Presigner> s3_presigner(const S3Options& options) {
  return std::make_unique<S3Presigner>(options);
}

}  // namespace orakgarak::storage
