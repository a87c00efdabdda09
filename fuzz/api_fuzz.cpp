// What the API reads of a request beyond its shape: a JSON body, a query, a traceparent, If-None-Match, a
// path.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/fields.h"
#include "http/files.h"
#include "http/pages.h"
#include "http/router.h"
#include "songs/search.h"
#include "telemetry/trace.h"

namespace {

using namespace orakgarak;

void check(bool holds) {
  if (!holds) std::abort();
}

void read_body(std::string_view bytes) {
  const auto json = http::parse_json(bytes);
  if (!json) return;
  const auto again = http::parse_json(formats::to_line(*json));
  check(again && *again == *json);
  http::FieldReader fields(*json, {"size", "name", "sha256", "list"});
  const auto size = fields.integer("size", 1, 100);
  check(1 <= size && size <= 100);
  check(http::characters(fields.text_or("name", "", 10)) <= 10);
  const auto sha256 = fields.read("sha256", http::parse_sha256, "a hash");
  check(!sha256 || sha256->size() == 64);
}

void read_query(std::string_view bytes) {
  constexpr std::string_view known[] = {"limit", "decade"};
  auto query = http::Query::parse(bytes, known);
  if (!query) return;
  const auto limit = query->integer_or("limit", 50, 1, 100);
  check(1 <= limit && limit <= 100);
  (void)query->all("decade", 2);
  (void)query->flag("decade");
}

/// Two patterns never hold for one path and method.
void find_address(std::string_view path) {
  for (const auto method : {net::Method::get, net::Method::post, net::Method::put, net::Method::del})
    check(std::ranges::count_if(http::routes(), [&](const http::Route& route) {
            return route.method == method && http::match_path(route.pattern, path);
          }) <= 1);
  (void)http::is_page_address(path);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read_body(text);
  read_query(text);
  const auto trace = telemetry::begin_trace(text);
  check(telemetry::trace_id_of(trace.traceparent) == trace.id() && trace.id().size() == 32);
  net::RequestHead head;
  head.fields.add("If-None-Match", text);
  (void)http::has_already(head, "\"tag\"");
  find_address("/" + text);
  check(songs::search_key(text).size() >= songs::initials_key(text).size());
  return 0;
}
