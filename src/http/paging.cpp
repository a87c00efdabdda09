#include "http/paging.h"

#include <algorithm>

namespace orakgarak::http {

std::size_t limit_of(const Service& service, Query& query) {
  constexpr int usual = 50;
  const int most = service.limits.page;
  return static_cast<std::size_t>(query.integer_or("limit", std::min(usual, most), 1, most));
}

Result<net::Response> upload_page(Service& service, const Call& call,
                                  const std::optional<uploads::OwnerId>& owner, Reader reader) {
  auto query = call.query;
  const auto state = query.read("state", uploads::parse_state, "a state, such as COMPLETED");
  const auto kind = query.read("kind", uploads::parse_kind, "take, backing, profile_image or album_cover");
  const auto limit = limit_of(service, query);
  const auto before = cursor_of<uploads::UploadId>(query);
  if (query.error()) return std::unexpected(*query.error());

  auto found =
      service.uploads.list({owner, state, kind}, before, limit + 1);  // one more: is there a next page?
  if (!found) return std::unexpected(std::move(found.error()));
  return list_page(std::move(*found), limit,
                   [&](const uploads::Upload& upload) { return upload_json(upload, reader); });
}

}  // namespace orakgarak::http
