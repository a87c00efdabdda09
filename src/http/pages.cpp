#include "http/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "http/files.h"
#include "http/problem.h"
#include "http/router.h"

namespace orakgarak::http {
namespace {

constexpr std::string_view openapi =
#include "http/openapi.inc"
    ;

constexpr std::array<std::string_view, 14> page_addresses{"/",
                                                          "/sing",
                                                          "/takes",
                                                          "/takes/{id}",
                                                          "/songs",
                                                          "/songs/{id}",
                                                          "/albums",
                                                          "/albums/{id}",
                                                          "/albums/{id}/edit",
                                                          "/people/{nickname}",
                                                          "/settings",
                                                          "/sign-in",
                                                          "/privacy",
                                                          "/ops"};

/// Scripts and styles from here alone; bytes go here and to the objects, and sound and pictures come from
/// both, or are made in the page.
std::string page_policy(const std::string& objects_origin) {
  return fmt::format(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
      "img-src 'self' data: blob: {0}; media-src 'self' blob: {0}; font-src 'self'; manifest-src 'self'; "
      "connect-src 'self' {0}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      objects_origin);
}
constexpr std::string_view docs_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

net::Response text_response(std::string_view type, std::string body) {
  net::Response response;
  response.fields = {{"Content-Type", std::string(type)}, {"Cache-Control", "no-cache"}};
  response.body = std::move(body);
  return response;
}

/// Every code that this server answers with. Nothing in it comes from outside.
net::Response problems_page() {
  std::string rows;
  for (const auto& problem : known_problems())
    rows += fmt::format("<tr id=\"{0}\"><td>{1}</td><td><code>{0}</code></td><td>{2}.</td></tr>\n",
                        problem.code, problem.status, problem.title);
  auto response = text_response(
      "text/html; charset=utf-8",
      fmt::format("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width\"><title>Problems · Orakgarak</title>"
                  "<link rel=\"stylesheet\" href=\"/docs/docs.css\"></head><body><main><h1>Problems</h1>"
                  "<p>Every error is <code>application/problem+json</code> (RFC 9457). <code>code</code> is "
                  "stable; <code>detail</code> says what to do.</p>"
                  "<table><thead><tr><th>Status</th><th>Code</th><th>What it is</th></tr></thead><tbody>\n{}"
                  "</tbody></table></main></body></html>\n",
                  rows));
  response.fields.set("Content-Security-Policy", std::string(docs_policy));
  return response;
}

std::optional<net::Response> docs_response(const Service& service, const Call& call) {
  const std::string_view path = call.head.path;
  if (path == "/docs/openapi.yaml") return text_response("application/yaml", std::string(openapi));
  if (path == "/docs/problems") return problems_page();
  const auto name = path == "/docs" || path == "/docs/" ? "index.html" : path.substr(6);
  auto response = file_response(service.docs, name, call.head, false);
  if (response) response->fields.set("Content-Security-Policy", std::string(docs_policy));
  return response;
}

std::optional<net::Response> built_page(const Service& service, const Call& call) {
  const std::string_view path = call.head.path;
  if (!is_page_address(path))
    return file_response(service.page, path.substr(1), call.head, path.starts_with("/assets/"));
  auto response = file_response(service.page, "index.html", call.head, false);
  if (response)
    response->fields.set("Content-Security-Policy", page_policy(objects_origin_of(service, call.head)));
  return response;
}

}  // namespace

std::string_view openapi_text() { return openapi; }

bool is_page_address(std::string_view path) {
  return std::ranges::any_of(page_addresses,
                             [&](std::string_view pattern) { return match_path(pattern, path).has_value(); });
}

net::Response page_response(Service& service, const Call& call) {
  if (call.head.method != net::Method::get && call.head.method != net::Method::head) {
    auto response =
        problem(405, "method_not_allowed", "This address takes GET, HEAD only.", call.head.trace.id());
    response.fields.set("Allow", "GET, HEAD");
    return response;
  }
  const std::string_view path = call.head.path;
  auto response = path == "/docs" || path.starts_with("/docs/") ? docs_response(service, call)
                                                                : built_page(service, call);
  if (response) return std::move(*response);
  return problem(404, "not_found",
                 is_page_address(path)
                     ? "The page is not built; ./run builds it, and /docs lists the API."
                     : "There is nothing at this address; / is the page, /docs lists the API.",
                 call.head.trace.id());
}

}  // namespace orakgarak::http
