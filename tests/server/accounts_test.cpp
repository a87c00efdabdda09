// Accounts: who a guest becomes, who may come back, and what guessing brings.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "fixture.h"

namespace orakgarak::server {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string password = "correct horse", address = "sora@example.org";

std::string cookie_of(const Reply& reply) {
  const auto cookie = reply.field("Set-Cookie");
  const auto from = cookie.find('=') + 1;
  return cookie.substr(from, cookie.find(';') - from);
}

class Accounts : public ServerTest {
 protected:
  explicit Accounts(http::Limits limits = {}) : ServerTest(limits) {}

  static Json credentials(const std::string& email = address, const std::string& given = password) {
    return {{"email", email}, {"password", given}};
  }
  Reply sign_up(const std::string& cookie, const std::string& email = address) {
    return post("/v1/account", credentials(email), cookie);
  }
  Reply sign_in(const std::string& given = password, const std::string& cookie = {},
                const std::string& from = "203.0.113.7", const std::string& email = address) {
    return send({.method = "POST",
                 .target = "/v1/sign-in",
                 .body = credentials(email, given).dump(),
                 .cookie = cookie,
                 .address = from});
  }
  /// A new account: the cookie of its session.
  std::string account(const std::string& email = address) {
    const auto reply = sign_up(consent(), email);
    EXPECT_EQ(reply.status, 201) << reply.body;
    return cookie_of(reply);
  }
  std::size_t takes(const std::string& cookie) { return get("/v1/uploads", cookie).json()["items"].size(); }
  void say(const std::string& cookie, std::size_t song, const std::string& verdict) {
    const auto reply = send_as("PUT", "/v1/songs/" + catalogue_->id(song) + "/feedback", cookie,
                               Json{{"verdict", verdict}, {"key_shift", 0}}.dump());
    EXPECT_EQ(reply.status, 200) << reply.body;
  }
  std::string said(const std::string& cookie, std::size_t song) {
    const auto json = get("/v1/feedback", cookie).json();
    for (const auto& item : json["items"])
      if (item["song"] == catalogue_->id(song)) return item["verdict"];
    return "nothing";
  }
};

TEST_F(Accounts, AGuestWhoSignsUpKeepsEverythingUnderANewToken) {
  const auto guest = consent();
  const auto take = declare(guest);
  say(guest, 0, "easy");
  const auto reply = sign_up(guest, "Sora@EXAMPLE.org");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.json()["account"]["email"], "Sora@example.org");
  EXPECT_TRUE(reply.json()["consented"].get<bool>());
  EXPECT_TRUE(reply.field("Set-Cookie").contains("; Path=/; HttpOnly; SameSite=Lax"));
  const auto cookie = cookie_of(reply);
  EXPECT_EQ(get("/v1/uploads/" + take, cookie).status, 200);
  EXPECT_EQ(said(cookie, 0), "easy");
  EXPECT_EQ(get("/v1/session", cookie).json()["account"]["email"], "Sora@example.org");
  EXPECT_EQ(get("/v1/uploads", guest).code(), "no_session") << "whoever saw the guest's token has nothing";
}

TEST_F(Accounts, AGuestHasNone) {
  const auto guest = consent();
  EXPECT_TRUE(get("/v1/session", guest).json()["account"].is_null());
  const auto change = send_as("PUT", "/v1/account/password", guest,
                              Json{{"current", password}, {"password", "another one"}}.dump());
  EXPECT_EQ(change.status, 404);
  EXPECT_EQ(change.code(), "no_account");
}

TEST_F(Accounts, SigningUpNeedsConsentAnAddressOfNobodyAndHappensOnce) {
  EXPECT_EQ(sign_up("").code(), "no_session");
  const auto cookie = account();
  EXPECT_EQ(sign_up(cookie, "other@example.org").code(), "has_account");
  const auto taken = sign_up(consent(), "sora@EXAMPLE.org");
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(taken.code(), "email_taken");
  EXPECT_EQ(sign_up(consent(), "Sora@example.org").status, 201) << "another mailbox, to the mail server";
}

TEST_F(Accounts, WhatIsNoAddressOrNoPasswordIsRefused) {
  const auto guest = consent();
  for (const auto& [email, given] : std::vector<std::pair<std::string, std::string>>{
           {"sora", password}, {"", password}, {address, "1234567"}, {address, std::string(129, 'a')}}) {
    EXPECT_EQ(post("/v1/account", credentials(email, given), guest).code(), "bad_field") << email;
    EXPECT_EQ(post("/v1/sign-in", credentials(email, given)).code(),
              given == password ? "wrong_credentials" : "bad_field")
        << email;
  }
  EXPECT_EQ(post("/v1/sign-in", {{"email", address}, {"password", password}, {"more", 1}}).code(),
            "bad_field");
}

TEST_F(Accounts, ComingBackFromAnotherBrowserFindsEverything) {
  const auto first = account();
  const auto take = declare(first);
  const auto reply = sign_in();
  EXPECT_EQ(reply.status, 200) << reply.body;
  const auto second = cookie_of(reply);
  EXPECT_EQ(get("/v1/uploads/" + take, second).status, 200);
  EXPECT_EQ(get("/v1/uploads/" + take, first).status, 200) << "the first browser stays signed in";
  EXPECT_FALSE(reply.json()["consented"].get<bool>()) << "this browser was never asked";
  EXPECT_EQ(post("/v1/uploads", new_take(), second).code(), "consent_needed");
  EXPECT_EQ(post("/v1/session", {{"consent", 1}}, second).status, 201);
  EXPECT_EQ(takes(second), 1U);
  EXPECT_EQ(post("/v1/uploads", new_take(), second).status, 201);
}

TEST_F(Accounts, ATypedPasswordIsTheSameHoweverItIsComposed) {
  ASSERT_EQ(post("/v1/account", credentials(address, "caf\u00e9 caf\u00e9"), consent()).status, 201);
  EXPECT_EQ(sign_in("cafe\u0301 cafe\u0301").status, 200);
}

TEST_F(Accounts, AGuestWhoSignsInBringsItsAlbumsAndItsPageWhereThereIsNone) {
  account();
  const auto album_of = [&](const std::string& cookie) {
    const auto take = declare(cookie);
    complete(take);
    return post("/v1/albums", {{"title", "모음"}, {"tracks", {take}}}, cookie)
        .json()["id"]
        .get<std::string>();
  };
  const auto first = named("sora");
  const auto album = album_of(first);
  const auto cookie = cookie_of(sign_in(password, first));
  EXPECT_EQ(get("/v1/albums/" + album, cookie).json()["mine"], true);
  EXPECT_EQ(get("/v1/me/profile", cookie).json()["nickname"], "sora");
  const auto second = named("kim");
  const auto another = album_of(second);
  const auto again = cookie_of(sign_in(password, second));
  EXPECT_EQ(get("/v1/albums", again).json()["items"].size(), 2U);
  EXPECT_EQ(get("/v1/albums/" + another, again).json()["mine"], true);
  EXPECT_EQ(get("/v1/me/profile", again).json()["nickname"], "sora") << "the account's own stays";
  EXPECT_EQ(get("/v1/people/kim", again).status, 404);
}

TEST_F(Accounts, AGuestWhoSignsInBringsWhatItHas) {
  const auto old = account();
  const auto old_take = declare(old);
  say(old, 0, "easy");
  say(old, 1, "easy");
  now_ += minutes(1);
  const auto guest = consent();
  const auto take = declare(guest), finished = declare(guest);
  complete(finished);
  say(guest, 1, "too_hard");
  say(guest, 2, "fits");
  const auto cookie = cookie_of(sign_in(password, guest));
  EXPECT_EQ(takes(cookie), 3U);
  EXPECT_EQ(get("/v1/uploads/" + take, cookie).status, 200);
  EXPECT_EQ(get("/v1/uploads/" + finished + "/report", cookie).status, 200);
  EXPECT_EQ(get("/v1/profile", cookie).json()["takes"].size(), 1U);
  EXPECT_EQ(said(cookie, 0), "easy");
  EXPECT_EQ(said(cookie, 1), "too_hard") << "the later word";
  EXPECT_EQ(said(cookie, 2), "fits");
  EXPECT_EQ(takes(old), 3U) << "the other browser sees them too";
  EXPECT_EQ(get("/v1/uploads", guest).code(), "no_session");
  // what the merged takes do next is told to the account, after what it has heard
  const auto told = get("/v1/transitions?after=1", cookie).json()["items"];
  EXPECT_EQ(told.size(), 9U);
  EXPECT_EQ(told.back()["sequence"], 10);
  EXPECT_TRUE(get("/v1/session", cookie).json()["consented"].get<bool>()) << "this browser agreed as a guest";
}

TEST_F(Accounts, AWrongPasswordGivesAGuestNothing) {
  const auto old = account();
  const auto take = declare(old);
  const auto guest = consent();
  const auto own = declare(guest);
  EXPECT_EQ(sign_in("wrong password", guest).code(), "wrong_credentials");
  EXPECT_EQ(get("/v1/uploads/" + take, guest).status, 404);
  EXPECT_EQ(get("/v1/uploads/" + own, guest).status, 200);
  EXPECT_EQ(takes(guest), 1U);
  EXPECT_EQ(takes(old), 1U);
}

TEST_F(Accounts, SigningInAsAnotherMovesNothing) {
  const auto mine = account(), other = account("kim@example.org");
  declare(mine);
  declare(other);
  const auto cookie = cookie_of(sign_in(password, other));
  EXPECT_EQ(takes(cookie), 1U);
  EXPECT_EQ(takes(mine), 1U);
  EXPECT_EQ(get("/v1/uploads", other).status, 401) << "that browser is the other's no more";
  EXPECT_EQ(takes(cookie_of(sign_in(password, "", "203.0.113.7", "kim@example.org"))), 1U);
  EXPECT_FALSE(get("/v1/session", cookie).json()["consented"].get<bool>()) << "another person's consent";
}

TEST_F(Accounts, KnownAndUnknownAddressesAreAnsweredAlike) {
  account();
  const auto wrong = sign_in("wrong password"),
             unknown = sign_in(password, "", "203.0.113.7", "no@example.org");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(unknown.status, 401);
  auto one = wrong.json(), other = unknown.json();
  one.erase("trace_id");
  other.erase("trace_id");
  EXPECT_EQ(one, other);
  EXPECT_EQ(wrong.field("Set-Cookie"), "");
}

TEST_F(Accounts, GuessingWaitsEverLongerAndMakesNobodyElseWait) {
  const auto home = account();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("wrong password", "", "198.51.100.1").status, 401);
  const auto reply = sign_in(password, "", "198.51.100.1");
  EXPECT_EQ(reply.status, 429) << "not even the right one: the guesser must not learn it";
  EXPECT_EQ(reply.code(), "too_many_sign_ins");
  EXPECT_EQ(reply.field("Retry-After"), "5");
  EXPECT_EQ(sign_in(password, "", "198.51.100.2").status, 200) << "its owner, from elsewhere";
  EXPECT_EQ(sign_in("wrong password", home, "198.51.100.1").status, 401) << "its owner, beside the guesser";
  EXPECT_EQ(sign_in(password, home, "198.51.100.1").status, 200);
  now_ += seconds(5);
  EXPECT_EQ(sign_in("wrong password", "", "198.51.100.1").status, 401);
  EXPECT_EQ(sign_in(password, "", "198.51.100.1").field("Retry-After"), "10");
  now_ += seconds(10);
  EXPECT_EQ(sign_in(password, "", "198.51.100.1").status, 200);
  EXPECT_EQ(sign_in("wrong password", "", "198.51.100.1").status, 401) << "and it begins anew";
  EXPECT_EQ(sign_in(password, "", "198.51.100.1").status, 200);
}

TEST_F(Accounts, WhoGuessesOfNobodyWaitsAsLong) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in(password, "", "198.51.100.1", "no@example.org").status, 401);
  EXPECT_EQ(sign_in(password, "", "198.51.100.1", "no@example.org").field("Retry-After"), "5");
}

class FewSignIns : public Accounts {
 protected:
  FewSignIns() : Accounts({.sign_ins_an_hour = 3}) {}
};

TEST_F(FewSignIns, OneClientAddressTriesOnlySoOften) {
  account();
  for (const std::string email : {"a@example.org", "b@example.org"})
    EXPECT_EQ(sign_in("wrong password", "", "203.0.113.7", email).status, 401);
  EXPECT_EQ(sign_in().code(), "too_many_sign_ins");
  EXPECT_EQ(sign_in().field("Retry-After"), "1200");
  EXPECT_EQ(sign_up(consent(), "c@example.org").code(), "too_many_sign_ins");
  EXPECT_EQ(sign_in(password, "", "203.0.113.8").status, 200);
}

TEST_F(Accounts, AChangedPasswordEndsAllOtherSessions) {
  const auto here = account(), there = cookie_of(sign_in());
  const auto change = [&](const std::string& current) {
    return send_as("PUT", "/v1/account/password", here,
                   Json{{"current", current}, {"password", "another one"}}.dump());
  };
  EXPECT_EQ(change("wrong password").code(), "wrong_credentials");
  EXPECT_EQ(get("/v1/uploads", there).status, 200);
  const auto reply = change(password);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(get("/v1/uploads", there).status, 401);
  EXPECT_EQ(get("/v1/uploads", here).status, 401) << "the old token";
  EXPECT_EQ(get("/v1/uploads", cookie_of(reply)).status, 200);
  EXPECT_EQ(sign_in().status, 401);
  EXPECT_EQ(sign_in("another one").status, 200);
}

TEST_F(Accounts, GuessingTheCurrentPasswordFromAnOpenBrowserWaitsToo) {
  const auto here = account();
  const auto change = [&] {
    return send_as("PUT", "/v1/account/password", here,
                   Json{{"current", "wrong password"}, {"password", "another one"}}.dump());
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(change().status, 401);
  EXPECT_EQ(change().status, 429);
  EXPECT_EQ(sign_in().status, 200) << "its owner signs in all the same";
}

TEST_F(Accounts, SessionsAreListedAndEndedOneByOneOrAllOthers) {
  const auto here = account();
  now_ += hours(1);
  const auto there = cookie_of(sign_in()), third = cookie_of(sign_in());
  const auto items = [&](const std::string& cookie) { return get("/v1/sessions", cookie).json()["items"]; };
  ASSERT_EQ(items(here).size(), 3U);
  std::string id_there, own;
  for (const auto& item : items(there)) {
    if (item["this_one"].get<bool>()) id_there = item["id"];
    EXPECT_EQ(item["seen"].get<std::string>(), to_rfc3339(now_)) << item;
  }
  for (const auto& item : items(here))
    if (item["this_one"].get<bool>()) own = item["id"];
  EXPECT_EQ(id_there, people::hash_of({there}));
  EXPECT_EQ(send_as("DELETE", "/v1/sessions/" + id_there, here).status, 204);
  EXPECT_EQ(get("/v1/uploads", there).status, 401);
  EXPECT_EQ(send_as("DELETE", "/v1/sessions/" + id_there, here).code(), "no_such_session");
  EXPECT_EQ(send_as("DELETE", "/v1/sessions", here).status, 204);
  EXPECT_EQ(get("/v1/uploads", third).status, 401);
  ASSERT_EQ(items(here).size(), 1U);
  const auto out = send_as("DELETE", "/v1/sessions/" + own, here);
  EXPECT_EQ(out.status, 204);
  EXPECT_TRUE(out.field("Set-Cookie").contains("Max-Age=0")) << "one's own is signing out";
  EXPECT_EQ(get("/v1/uploads", here).status, 401);
}

TEST_F(Accounts, AnothersSessionsAreNotThere) {
  const auto mine = account(), other = account("kim@example.org");
  EXPECT_EQ(send_as("DELETE", "/v1/sessions/" + people::hash_of({other}), mine).code(), "no_such_session");
  EXPECT_EQ(send_as("DELETE", "/v1/sessions", mine).status, 204);
  EXPECT_EQ(get("/v1/uploads", other).status, 200);
  EXPECT_EQ(get("/v1/sessions", other).json()["items"].size(), 1U);
}

TEST_F(Accounts, NothingIsDoneForAnotherSite) {
  const auto cookie = account();
  const net::Fields elsewhere{{"Origin", "https://evil.example"}};
  for (const auto& [method, target] :
       std::vector<std::pair<std::string, std::string>>{{"POST", "/v1/sign-in"},
                                                        {"POST", "/v1/account"},
                                                        {"PUT", "/v1/account/password"},
                                                        {"DELETE", "/v1/sessions"}})
    EXPECT_EQ(send({.method = method, .target = target, .body = "{}", .cookie = cookie, .fields = elsewhere})
                  .code(),
              "cross_site")
        << target;
}

TEST_F(Accounts, DeletingEverythingDeletesTheAccount) {
  const auto cookie = account();
  const auto there = cookie_of(sign_in());
  EXPECT_EQ(send_as("DELETE", "/v1/me", cookie).status, 204);
  EXPECT_EQ(get("/v1/uploads", there).status, 401);
  EXPECT_EQ(sign_in().code(), "wrong_credentials");
  EXPECT_EQ(sign_up(consent()).status, 201) << "the address is free again";
}

TEST_F(Accounts, ManyAtOnceAreAskedToComeBack) {
  people::Passwords none({.memory_bytes = 8U << 10, .passes = 1, .at_once = 0, .waiting = 0});
  account();
  auto busy = std::unique_ptr<http::Service>(new http::Service{*uploads_,
                                                               *objects_,
                                                               *presigner_,
                                                               *people_,
                                                               *accounts_,
                                                               none,
                                                               *social_,
                                                               *catalogue_,
                                                               *hub_,
                                                               [this] { return now_; },
                                                               {},
                                                               "",
                                                               "",
                                                               "",
                                                               0,
                                                               "",
                                                               ""});
  handler_ = http::make_handler(*busy);
  const auto reply = sign_in();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.code(), "passwords_busy");
  EXPECT_EQ(reply.field("Retry-After"), "5");
}

}  // namespace
}  // namespace orakgarak::server
