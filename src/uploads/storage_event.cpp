#include "uploads/storage_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/percent.h"
#include "uploads/upkeep.h"

namespace orakgarak::uploads {
namespace {

using Json = nlohmann::json;

std::unexpected<Error> bad(std::string_view why) {
  return rejected("bad_storage_event", fmt::format("This is no event of an object store: {}.", why));
}

/// Looks at brackets alone, before anything is built of them.
bool is_too_deep(std::string_view json) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      if (++depth > most_storage_event_depth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

/// The text at `path`; nullptr where there is none.
const std::string* text_at(const Json& json, std::initializer_list<const char*> path) {
  const Json* at = &json;
  for (const char* name : path) {
    if (!at->is_object()) return nullptr;
    const auto found = at->find(name);
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at->get_ptr<const std::string*>();
}

/// A key as bucket notifications write it: as in a form, "+" for a space. Nothing where a % is broken.
std::optional<std::string> form_decoded(std::string text) {
  std::ranges::replace(text, '+', ' ');
  return percent_decoded(text);
}

class Reader {
 public:
  explicit Reader(std::string_view bucket) : bucket_(bucket) {}

  Result<StorageEvent> read(const Json& json) {
    if (!json.is_object()) return bad("it is not a JSON object");
    if (const auto records = json.find("Records"); records != json.end()) return notification(*records);
    if (const auto* test = text_at(json, {"Event"}); test && *test == "s3:TestEvent") return ignored();
    if (text_at(json, {"source"}) && text_at(json, {"detail-type"})) return bridged(json);
    return bad("it has neither \"Records\" nor \"source\" and \"detail-type\"");
  }

 private:
  Result<StorageEvent> ignored() {
    ++event_.ignored;
    return std::move(event_);
  }

  /// s3:ObjectCreated:Post of MinIO is ObjectCreated:Post of AWS.
  Result<StorageEvent> notification(const Json& records) {
    if (!records.is_array()) return bad("\"Records\" is not a list");
    if (records.size() > most_storage_event_records)
      return bad(fmt::format("it has more than {} records", most_storage_event_records));
    for (const Json& record : records)
      if (auto read = one_record(record); !read) return std::unexpected(std::move(read.error()));
    return std::move(event_);
  }

  Result<void> one_record(const Json& record) {
    const auto* name = text_at(record, {"eventName"});
    if (!name) return bad("a record has no \"eventName\"");
    const auto what = std::string_view(*name).substr(name->starts_with("s3:") ? 3 : 0);
    if (!what.starts_with("ObjectCreated:")) {
      ++event_.ignored;
      return {};
    }
    const auto* bucket = text_at(record, {"s3", "bucket", "name"});
    const auto* key = text_at(record, {"s3", "object", "key"});
    if (!bucket || !key) return bad("a record names no bucket or no object");
    auto plain = form_decoded(*key);
    if (!plain) return bad("the key of an object is not URL-encoded");
    add(*bucket, std::move(*plain));
    return {};
  }

  Result<StorageEvent> bridged(const Json& json) {
    if (*text_at(json, {"source"}) != "aws.s3" || *text_at(json, {"detail-type"}) != "Object Created")
      return ignored();
    const auto* bucket = text_at(json, {"detail", "bucket", "name"});
    const auto* key = text_at(json, {"detail", "object", "key"});
    if (!bucket || !key) return bad("its \"detail\" names no bucket or no object");
    add(*bucket, *key);
    return std::move(event_);
  }

  void add(const std::string& bucket, std::string key) {
    const bool ours = bucket_.empty() || bucket == bucket_;
    if (!ours || std::ranges::find(event_.created, key) != event_.created.end())
      ++event_.ignored;
    else
      event_.created.push_back(std::move(key));
  }

  std::string_view bucket_;
  StorageEvent event_;
};

Result<bool> is_there(ObjectStore& objects, const std::string& key) {
  const auto facts = objects.head(key);
  if (!facts && facts.error().kind != ErrorKind::not_found) return std::unexpected(facts.error());
  return facts.has_value();
}

Result<void> take_key(UploadStore& store, ObjectStore& objects, const std::string& key, Time now,
                      StorageEventTaken& taken) {
  const auto count = [](int& counted, int& otherwise, const Result<bool>& result) -> Result<void> {
    if (!result) return std::unexpected(result.error());
    ++(*result ? counted : otherwise);
    return {};
  };
  const auto id = upload_of_key(key);
  if (!id || key != object_key(*id)) {
    ++taken.ignored;
    return {};
  }
  const auto upload = store.find(*id);
  if (!upload && upload.error().kind != ErrorKind::not_found) return std::unexpected(upload.error());
  if (!upload || upload->state != State::pending)
    return count(taken.removed, taken.ignored, remove_unwanted(store, objects, key));
  // A job that finds nothing is a fault that ends in FAILED; whoever forged this event is not to cause it.
  auto there = is_there(objects, key);
  if (there && *there) there = object_arrived(store, key, now);
  return count(taken.queued, taken.ignored, there);
}

}  // namespace

Result<StorageEvent> read_storage_event(std::string_view json, std::string_view bucket) {
  if (json.size() > most_storage_event_bytes)
    return bad(fmt::format("it has more than {} KiB", most_storage_event_bytes >> 10));
  if (is_too_deep(json))
    return bad(fmt::format("it is nested more than {} levels deep", most_storage_event_depth));
  const Json parsed = Json::parse(json, nullptr, false);
  if (parsed.is_discarded()) return bad("it is not JSON");
  return Reader(bucket).read(parsed);
}

Result<StorageEventTaken> take_storage_event(UploadStore& store, ObjectStore& objects, std::string_view json,
                                             std::string_view bucket, Time now) {
  const auto event = read_storage_event(json, bucket);
  if (!event) return std::unexpected(event.error());
  StorageEventTaken taken{.ignored = event->ignored};
  for (const std::string& key : event->created)
    if (auto done = take_key(store, objects, key, now, taken); !done)
      return std::unexpected(std::move(done.error()));
  return taken;
}

}  // namespace orakgarak::uploads
