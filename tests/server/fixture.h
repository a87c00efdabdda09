#pragma once
// The server's routes over real stores in a folder of their own, without a socket: requests go to the handler
// as the socket would hand them over.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "http/router.h"
#include "http/service.h"

namespace orakgarak::server {

using http::Json;

struct Reply {
  int status = 0;
  net::Fields fields;
  std::string body;
  std::optional<net::StreamBody> stream;

  Json json() const { return Json::parse(body, nullptr, false); }
  std::string field(std::string_view name) const { return std::string(fields.get(name).value_or("")); }
  /// Of a problem.
  std::string code() const { return json().value("code", ""); }
};

struct Sent {
  std::string method = "GET", target;  ///< with its query
  std::string body{};
  std::string cookie{};  ///< the value of the session cookie; empty: none
  net::Fields fields{};
  std::string address = "203.0.113.7";
  bool secure = false;
  std::string type = "application/json";  ///< of the body, where there is one
};

class ServerTest : public testing::Test {
 protected:
  explicit ServerTest(http::Limits limits = {});
  ~ServerTest() override;

  Reply send(const Sent& request);
  Reply get(std::string target, std::string cookie = {}) {
    return send({.target = std::move(target), .cookie = std::move(cookie)});
  }
  Reply post(std::string target, const Json& body, std::string cookie = {}) {
    return send({"POST", std::move(target), body.dump(), std::move(cookie)});
  }
  Reply put(std::string target, const Json& body, std::string cookie) {
    return send({"PUT", std::move(target), body.dump(), std::move(cookie)});
  }
  Reply patch(std::string target, const Json& body, std::string cookie) {
    return send({"PATCH", std::move(target), body.dump(), std::move(cookie)});
  }
  Reply send_as(std::string method, std::string target, std::string cookie, std::string body = {}) {
    return send({std::move(method), std::move(target), std::move(body), std::move(cookie)});
  }

  /// A new person: the value of its cookie.
  std::string consent();
  /// A declared take of this person: its id.
  std::string declare(const std::string& cookie, const Json& changes = Json::object());
  static Json new_take();
  /// Through all its states; with a report of a voice from `lowest` to `highest` where none is given.
  void complete(const std::string& id, double lowest = 48, double highest = 70);
  /// A picture of this person, through all its states: its id.
  std::string picture(const std::string& cookie, const std::string& kind = "album_cover");
  /// A new person with a nickname: the value of its cookie.
  std::string named(const std::string& nickname);
  void fail(const std::string& id, bool retry_can_help);
  /// A dead letter of its check: its id.
  std::string bury(const std::string& id);
  /// An operator: its token.
  std::string operator_token(const std::string& name = "ana");
  net::Fields bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

  void walk(const std::string& id, std::span<const uploads::State> way,
            const std::optional<std::string>& report);

  uploads::UploadId id_of(const std::string& text) { return *uploads::UploadId::parse(text); }

  std::filesystem::path folder_;
  Time now_{std::chrono::days(20'000)};
  std::unique_ptr<uploads::UploadStore> uploads_;
  std::unique_ptr<people::PeopleStore> people_;
  std::unique_ptr<people::AccountStore> accounts_;
  people::Passwords passwords_{
      {.memory_bytes = 8U << 10, .passes = 1}};  // what each costs is people's to test
  std::unique_ptr<people::SocialStore> social_;
  std::unique_ptr<uploads::ObjectStore> objects_;
  std::unique_ptr<uploads::Presigner> presigner_;
  std::unique_ptr<http::Catalogue> catalogue_;
  std::unique_ptr<http::EventHub> hub_;
  std::unique_ptr<http::Service> service_;
  net::Handler handler_;
  std::vector<std::string> complaints_;  ///< codes
};

}  // namespace orakgarak::server
