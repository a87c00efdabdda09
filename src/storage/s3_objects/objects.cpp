#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "storage/object_key.h"
#include "storage/s3_objects/answers.h"
#include "storage/s3_objects/download.h"
#include "storage/s3_objects/s3.h"
#include "storage/s3_objects/version.h"
#include "uploads/sha256.h"
#include "uploads/temp_file.h"

namespace orakgarak::storage {
namespace {

using s3::Answer;
using s3::Call;
using uploads::ByteSink;
using uploads::ListedObject;
using uploads::ObjectFacts;
using uploads::OpenFile;

/// Of S3; and MinIO, asked for one object alone, tells of no other where the prefix itself is one.
constexpr std::size_t most_on_a_page = 1000, least_on_a_page = 2;

class S3Objects final : public uploads::ObjectStore {
 public:
  explicit S3Objects(const S3Options& options) : client_(options) {}

  Result<ObjectFacts> head(const std::string& key) override {
    if (!is_key(key)) return bad_key();
    return s3::facts_of(client_, key);
  }

  Result<OpenFile> open(const std::string& key, const std::string& version,
                        const std::function<bool()>& still_ours) override {
    if (!is_key(key)) return bad_key();
    return s3::download(client_, key, version, still_ours);
  }

  Result<ObjectFacts> put(const std::string& key,
                          const std::function<Result<void>(const ByteSink&)>& write) override {
    if (!is_key(key)) return bad_key();
    auto file = uploads::TempFile::make();
    if (!file) return std::unexpected(std::move(file.error()));
    uploads::Sha256 hash;
    const auto spool = [&](std::span<const std::byte> bytes) {
      hash.add(bytes);
      return file->write(bytes);
    };
    if (auto written = write(spool); !written) return std::unexpected(std::move(written.error()));
    const auto answer =
        client_.get({.method = "PUT",
                     .key = key,
                     .body = s3::FileBody{file->fd(), file->size(), uploads::to_hex(hash.finish())}});
    if (!answer) return std::unexpected(answer.error());
    auto version = s3::version_of(*answer);
    if (!version) return client_.unreadable();
    return ObjectFacts{file->size(), *std::move(version)};
  }

  Result<void> remove(const std::string& key) override {
    if (!is_key(key)) return bad_key();
    const auto answer = client_.ask({.method = "DELETE", .key = key});
    if (!answer) return std::unexpected(answer.error());
    if (!answer->is_good()) {
      auto refused = client_.refused(*answer);
      if (refused.error().code == "no_such_object") return {};
      return refused;
    }
    const bool only_marked =
        !answer->field("x-amz-version-id").empty() || answer->field("x-amz-delete-marker") == "true";
    return only_marked ? remove_versions(key) : Result<void>{};
  }

  Result<std::vector<ListedObject>> list(const std::string& prefix, const std::string& after,
                                         std::size_t limit) override {
    std::vector<ListedObject> found;
    for (std::string next; found.size() < limit;) {
      const auto page =
          page_of(prefix, after, std::clamp(limit - found.size(), least_on_a_page, most_on_a_page), next);
      if (!page) return std::unexpected(page.error());
      for (const ListedObject& object : page->objects)  // those of others cannot be named here
        if (is_key(object.key) && found.size() < limit) found.push_back(object);
      if (page->next.empty()) break;
      if (page->next == next) return client_.unreadable();
      next = page->next;
    }
    return found;
  }

 private:
  Result<s3::ObjectPage> page_of(const std::string& prefix, const std::string& after, std::size_t limit,
                                 const std::string& next) const {
    Call call{.method = "GET",
              .query = {{"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", std::to_string(limit)}}};
    if (!prefix.empty()) call.query.emplace_back("prefix", prefix);
    if (!next.empty())
      call.query.emplace_back("continuation-token", next);
    else if (!after.empty())
      call.query.emplace_back("start-after", after);
    const auto answer = client_.get(call);
    if (!answer) return std::unexpected(answer.error());
    auto page = s3::read_objects(answer->body);
    if (!page) return client_.unreadable();
    return *std::move(page);
  }

  /// Where the bucket keeps versions, deleting hides an object and keeps its bytes. What a person deletes has
  /// to go, so every version goes.
  Result<void> remove_versions(const std::string& key) const {
    Call call{.method = "GET", .query = {{"versions", ""}, {"encoding-type", "url"}, {"prefix", key}}};
    for (const auto asked = call.query;;) {
      const auto answer = client_.get(call);
      if (!answer) return std::unexpected(answer.error());
      const auto page = s3::read_versions(answer->body);
      if (!page) return client_.unreadable();
      for (const auto& version : page->versions) {
        if (version.key != key) continue;  // a longer one
        auto gone = client_.get({.method = "DELETE", .key = key, .query = {{"versionId", version.id}}});
        if (!gone && gone.error().code != "no_such_object") return std::unexpected(std::move(gone.error()));
      }
      if (page->next_key != key) return {};
      call.query = asked;
      call.query.emplace_back("key-marker", page->next_key);
      call.query.emplace_back("version-id-marker", page->next_id);
    }
  }

  s3::Client client_;
};

}  // namespace

Result<void> check_s3(const S3Options& options) {
  const s3::Client client(options);
  const auto answer = client.ask({.method = "GET", .query = {{"list-type", "2"}, {"max-keys", "1"}}});
  if (!answer) return std::unexpected(answer.error());
  if (answer->is_good()) return s3::read_objects(answer->body) ? Result<void>{} : client.unreadable();
  auto refused = client.refused(*answer);
  if (s3::trouble_of(answer->status, s3::error_code(answer->body)) == s3::Trouble::unusable)
    return rejected("objects_unusable", refused.error().detail);
  return refused;
}

std::unique_ptr<uploads::ObjectStore> s3_objects(const S3Options& options) {
  return std::make_unique<S3Objects>(options);
}

}  // namespace orakgarak::storage
