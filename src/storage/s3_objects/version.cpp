#include "storage/s3_objects/version.h"

#include <fmt/format.h>

#include "storage/s3_objects/answers.h"

namespace orakgarak::storage::s3 {
namespace {

constexpr char by_id = 'v', by_etag = 'e';

}  // namespace

std::optional<std::string> version_of(const Answer& answer) {
  const std::string& id = answer.field("x-amz-version-id");
  // "null" is the version of every object that was put while the bucket kept none: other bytes take its name.
  if (!id.empty() && id != "null") {
    if (!read_etag(id)) return std::nullopt;
    return by_id + id;
  }
  const auto etag = read_etag(answer.field("etag"));
  return etag ? std::optional(by_etag + *etag) : std::nullopt;
}

void hold_to(const std::string& version, Call& call) {
  const std::string rest = version.empty() ? "" : version.substr(1);
  const bool good = read_etag(rest) == rest;
  if (good && version.starts_with(by_id))
    call.query.emplace_back("versionId", rest);
  else
    call.headers.emplace_back("if-match",
                              fmt::format("\"{}\"", good && version.starts_with(by_etag) ? rest : "none"));
}

}  // namespace orakgarak::storage::s3
