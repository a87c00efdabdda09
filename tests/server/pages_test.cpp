// Addresses, methods, files and the documentation.
#include "http/pages.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "fixture.h"
#include "http/problem.h"

namespace orakgarak::server {
namespace {

class Pages : public ServerTest {
 protected:
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
};

TEST_F(Pages, UnknownAddressesAndMethodsAreTold) {
  EXPECT_EQ(get("/v1/nothing").code(), "not_found");
  EXPECT_EQ(get("/v1").status, 404);
  EXPECT_EQ(get("/v1/uploads/").status, 404);
  EXPECT_EQ(get("/v1//about").status, 404);
  const auto reply = send_as("PUT", "/v1/about", "");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.field("Allow"), "GET, HEAD");
  EXPECT_EQ(send_as("TRACE", "/v1/session", "").field("Allow"), "GET, HEAD, POST, DELETE");
  EXPECT_EQ(send_as("OPTIONS", "/v1/about", "").status, 405) << "no other origin is let in";
  EXPECT_EQ(send_as("POST", "/", "").field("Allow"), "GET, HEAD");
  EXPECT_EQ(get("/v1/about?x=1").code(), "bad_query");
}

TEST_F(Pages, ErrorsAreProblemDetailsWithTheirTrace) {
  const auto reply =
      send({.target = "/v1/nothing",
            .fields = {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}});
  EXPECT_EQ(reply.field("Content-Type"), "application/problem+json");
  const auto json = reply.json();
  EXPECT_EQ(json["type"], "/docs/problems#not_found");
  EXPECT_EQ(json["status"], 404);
  EXPECT_EQ(json["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST_F(Pages, AboutTellsTheLimits) {
  const auto about = get("/v1/about").json();
  EXPECT_EQ(about["version"], "1.2.3");
  EXPECT_EQ(about["limits"]["upload_bytes"], 100 << 20);
  EXPECT_EQ(about["limits"]["part_bytes"], 16 << 20);
}

TEST_F(Pages, ThePageIsOneFileForAllItsAddresses) {
  EXPECT_EQ(get("/").status, 404) << "not built";
  write("page/index.html", "<html>");
  for (const auto* path :
       {"/", "/sing", "/takes", "/takes/x", "/songs/0123456789abcdef", "/privacy", "/ops"}) {
    const auto reply = get(path);
    EXPECT_EQ(reply.body, "<html>") << path;
    EXPECT_EQ(reply.field("Cache-Control"), "no-cache");
  }
  EXPECT_EQ(get("/takes/x/y").status, 404);
  EXPECT_EQ(get("/index.htm").status, 404);
}

TEST_F(Pages, ThePagesPolicyNamesTheObjectsAndNothingElse) {
  write("page/index.html", "<html>");
  const auto policy = get("/").field("Content-Security-Policy");
  EXPECT_TRUE(policy.contains("connect-src 'self' http://localhost:8081;")) << policy;
  EXPECT_FALSE(policy.contains("unsafe-inline"));
  EXPECT_FALSE(policy.contains("'unsafe-eval'"));
  service_->public_objects_url = "https://files.example";
  EXPECT_TRUE(
      get("/").field("Content-Security-Policy").contains("connect-src 'self' https://files.example;"));
}

TEST_F(Pages, BuiltFilesStayForEverUnderNamesThatChange) {
  write("page/assets/a-1f.js", "script");
  write("page/icon.svg", "<svg/>");
  EXPECT_EQ(get("/assets/a-1f.js").field("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/assets/a-1f.js").field("Content-Type"), "text/javascript; charset=utf-8");
  const auto icon = get("/icon.svg");
  EXPECT_EQ(icon.field("Cache-Control"), "no-cache");
  const auto again = send({.target = "/icon.svg", .fields = {{"If-None-Match", icon.field("ETag")}}});
  EXPECT_EQ(again.status, 304);
}

TEST_F(Pages, WhatWasCompressedBeforehandIsSentToWhoTakesIt) {
  write("page/assets/core.wasm", "plain");
  write("page/assets/core.wasm.gz", "zipped");
  write("page/assets/core.wasm.br", "smaller");
  const auto taking = [&](const char* codings) {
    return send({.target = "/assets/core.wasm", .fields = {{"Accept-Encoding", codings}}});
  };
  EXPECT_EQ(get("/assets/core.wasm").body, "plain");
  const auto best = taking("gzip, deflate, br");
  EXPECT_EQ(best.body, "smaller");
  EXPECT_EQ(best.field("Content-Encoding"), "br");
  EXPECT_EQ(best.field("Content-Type"), "application/wasm");
  EXPECT_EQ(best.field("Vary"), "Accept-Encoding");
  EXPECT_EQ(taking("br;q=0, gzip;q=0.5").body, "zipped");
  EXPECT_EQ(taking("br;q=0.000,*").body, "plain");
  EXPECT_NE(best.field("ETag"), get("/assets/core.wasm").field("ETag"));
}

TEST_F(Pages, NothingOutsideOfTheFolderIsSent) {
  write("secret", "secret");
  write("page/.built", "secret");
  std::filesystem::create_symlink(folder_ / "secret", folder_ / "page/link");
  for (const auto* path : {"/../secret", "/.built", "/link", "/assets/../../secret", "/assets", "/assets/",
                           "//secret", "/docs/../secret", "/docs//secret"})
    EXPECT_EQ(get(path).status, 404) << path;
}

TEST_F(Pages, TheDocumentationIsThere) {
  write("docs/index.html", "<api>");
  write("docs/docs.js", "script");
  EXPECT_EQ(get("/docs").body, "<api>");
  EXPECT_EQ(get("/docs/").body, "<api>");
  EXPECT_EQ(get("/docs/docs.js").body, "script");
  EXPECT_FALSE(get("/docs").field("Content-Security-Policy").contains("unsafe"));
  EXPECT_TRUE(get("/docs/openapi.yaml").body.starts_with("openapi: 3.1.0"));
  EXPECT_EQ(get("/docs/nothing").status, 404);
  const auto problems = get("/docs/problems").body;
  for (const auto& problem : http::known_problems())
    EXPECT_TRUE(problems.contains("id=\"" + std::string(problem.code) + "\"")) << problem.code;
}

TEST(Problems, HaveCodesThatAreDifferentAndStatusesOfErrors) {
  std::set<std::string_view> codes;
  int last = 400;
  for (const auto& problem : http::known_problems()) {
    EXPECT_TRUE(codes.insert(problem.code).second) << problem.code;
    EXPECT_GE(problem.status, last) << problem.code << ": sorted by status";
    last = problem.status;
  }
}

TEST(Problems, AFaultOfOursTellsNothingOfUs) {
  const auto response =
      http::problem({ErrorKind::retry, "store_unavailable", "/home/ana/db is locked", {}}, "");
  EXPECT_EQ(response.status, 503);
  EXPECT_FALSE(std::get<std::string>(response.body).contains("/home/ana"));
  EXPECT_EQ(response.fields.get("Retry-After"), "5");
}

TEST_F(Pages, SayWhetherTheServerIsWellWithoutAskingWho) {
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 200);
  http::Health health([] { return orakgarak::fail(ErrorKind::retry, "store_unavailable", "away"); },
                      std::chrono::seconds(10));
  service_->health = &health;
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").code(), "not_ready");
  EXPECT_EQ(send_as("POST", "/readyz", "").code(), "method_not_allowed");
}

TEST(Routes, AreThoseOfTheContract) {
  // "  /v1/…:" opens an address, "    get:" under it a method.
  std::set<std::string> promised, served{"get /healthz", "get /readyz"};  // which no session is asked for
  std::istringstream text{std::string(http::openapi_text())};
  std::string path;
  for (std::string line; std::getline(text, line) && line != "components:";) {
    if (line.starts_with("  /") && line.ends_with(':')) path = line.substr(2, line.size() - 3);
    for (const auto* method : {"get", "post", "put", "patch", "delete"})
      if (line == std::string("    ") + method + ":") promised.insert(std::string(method) + " " + path);
  }
  for (const auto& route : http::routes()) {
    std::string method(net::to_string(route.method));
    std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    served.insert(method + " " + std::string(route.pattern));
  }
  EXPECT_EQ(served, promised);
}

}  // namespace
}  // namespace orakgarak::server
