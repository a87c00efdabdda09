#pragma once
// Lists, a page at a time. A cursor names the last item of the page before, so that what is new or deleted
// meanwhile moves nothing.
#include "http/call.h"
#include "http/upload_json.h"

namespace orakgarak::http {

/// Uploads, newest first, by the parameters state, kind, cursor and limit; of one owner where one is named.
Result<net::Response> upload_page(Service& service, const Call& call,
                                  const std::optional<uploads::OwnerId>& owner, Reader reader);

/// The parameter `limit`: 1 to Limits::page, 50 (or as much as a page may have) where it is absent.
std::size_t limit_of(const Service& service, Query& query);

/// The parameter `cursor`, for lists whose cursors are ids.
template <class AnyId>
std::optional<AnyId> cursor_of(Query& query) {
  const auto text = query.one("cursor");
  auto id = text ? AnyId::parse(*text) : std::nullopt;
  if (text && !id) query.fault("cursor", "what `next` of a page says", "bad_cursor");
  return id;
}

/// {"items": […], "next": the id of the last, or null}. found: one more than `limit` where there is a next
/// page.
template <class Item>
net::Response list_page(std::vector<Item> found, std::size_t limit, auto&& to_json) {
  const bool more = found.size() > limit;
  if (more) found.erase(found.begin() + static_cast<std::ptrdiff_t>(limit), found.end());
  Json items = Json::array();
  for (const auto& item : found) items.push_back(to_json(item));
  return json_response(
      200, {{"items", std::move(items)}, {"next", more ? Json(found.back().id.text()) : Json(nullptr)}});
}

/// {"items": […]}
template <class Items>
net::Response items_response(const Items& items, auto&& to_json) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return json_response(200, {{"items", std::move(list)}});
}

}  // namespace orakgarak::http
