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

/// {"items": […]}
template <class Items>
net::Response items_response(const Items& items, auto&& to_json) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return json_response(200, {{"items", std::move(list)}});
}

}  // namespace orakgarak::http
