#include "storage/s3_objects/download.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "storage/s3_objects/version.h"
#include "uploads/temp_file.h"

namespace orakgarak::storage::s3 {
namespace {

using uploads::ObjectFacts;
using uploads::OpenFile;
using uploads::TempFile;

constexpr int partial_content = 206;

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// HEAD says nothing of why it found nothing: an object that is not there must be told from a bucket that is
/// not, as of a server that was started without its disks.
std::unexpected<Error> not_found(const Client& client, const Answer& answer) {
  const auto bucket =
      client.ask({.method = "GET", .key = {}, .query = {{"list-type", "2"}, {"max-keys", "1"}}});
  if (!bucket) return std::unexpected(bucket.error());
  if (!bucket->is_good()) return client.refused(*bucket);
  return client.refused(answer);
}

/// An object on its way into a file.
class Download {
 public:
  Download(const Client& client, const std::string& key, const std::string& version,
           const std::function<bool()>& still_ours, TempFile file)
      : client_(client), key_(key), version_(version), still_ours_(still_ours), file_(std::move(file)) {}

  Result<OpenFile> run() {
    for (int broken = 0;; ++broken) {
      const std::uint64_t before = file_.size();
      auto came = try_once();
      if (came) return std::move(file_).open();
      const bool broke_off = came.error().code == "objects_unavailable" && file_.size() > before;
      if (!broke_off || broken == most_resumed) return std::unexpected(std::move(came.error()));
    }
  }

 private:
  Result<void> try_once() {
    Call call{.method = "GET", .key = key_};
    hold_to(version_, call);
    if (file_.size() > 0) call.headers.emplace_back("range", fmt::format("bytes={}-", file_.size()));
    begun_ = false;
    const auto answer = client_.get(
        call, [&](const Answer& head, std::span<const std::byte> bytes) { return take(head, bytes); });
    if (!answer) return std::unexpected(answer.error());
    if (!begun_)  // there was no byte in it
      if (auto begun = begin(*answer); !begun) return begun;
    if (whole_ && file_.size() != *whole_) return client_.unreadable();
    return {};
  }

  Result<void> take(const Answer& head, std::span<const std::byte> bytes) {
    if (still_ours_ && !still_ours_())
      return fail(ErrorKind::conflict, "job_lost", "another worker has taken this over");
    if (!begun_)
      if (auto begun = begin(head); !begun) return begun;
    return file_.write(bytes);
  }

  /// Where the bytes that come belong; a server may send all of them again.
  Result<void> begin(const Answer& head) {
    begun_ = true;
    if (head.status != partial_content) {
      whole_ = whole_number(head.field("content-length"));
      return file_.clear();
    }
    const std::string& range = head.field("content-range");  // "bytes 5-9/10"
    const auto slash = range.find('/');
    whole_ =
        slash == std::string::npos ? std::nullopt : whole_number(std::string_view(range).substr(slash + 1));
    if (!whole_ || !range.starts_with(fmt::format("bytes {}-", file_.size()))) return client_.unreadable();
    return {};
  }

  const Client& client_;
  const std::string& key_;
  const std::string& version_;
  const std::function<bool()>& still_ours_;
  TempFile file_;
  bool begun_ = false;
  std::optional<std::uint64_t> whole_;
};

}  // namespace

Result<ObjectFacts> facts_of(const Client& client, const std::string& key) {
  const auto answer = client.ask({.method = "HEAD", .key = key});
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 404) return not_found(client, *answer);
  if (!answer->is_good()) return client.refused(*answer);
  const auto size = whole_number(answer->field("content-length"));
  auto version = version_of(*answer);
  if (!size || !version) return client.unreadable();
  return ObjectFacts{*size, *std::move(version)};
}

Result<OpenFile> download(const Client& client, const std::string& key, const std::string& version,
                          const std::function<bool()>& still_ours) {
  auto file = TempFile::make();
  if (!file) return std::unexpected(std::move(file.error()));
  auto came = Download(client, key, version, still_ours, *std::move(file)).run();
  if (came || came.error().code != "no_such_object") return came;
  // A version that is gone is no sign that the key has nothing: other bytes may be there.
  const auto there = facts_of(client, key);
  if (there) return fail(ErrorKind::conflict, "object_changed", "other bytes have been put under this key");
  return std::unexpected(there.error());
}

}  // namespace orakgarak::storage::s3
