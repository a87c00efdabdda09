// What every AccountStore keeps.
#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <thread>

#include "suite.h"

namespace orakgarak::people {
namespace {

TEST_P(PeopleStoreContract, AGuestBecomesAnAccountUnderTheSameId) {
  const Guest guest = begin(store());
  ok(store().say(guest.owner, word_on("aaaa", Verdict::easy)));
  EXPECT_EQ(code_of(accounts->account(guest.owner)), "no_account");
  const Rotation rotated = rotation(guest.hash);
  const Session session = ok(accounts->sign_up(account_of(guest.owner), rotated));
  EXPECT_EQ(session.owner, guest.owner);
  EXPECT_EQ(session.created, rotated.now);
  EXPECT_EQ(session.expires, rotated.expires);
  EXPECT_EQ(session.consent, 3);
  EXPECT_EQ(session.consented, noon);
  EXPECT_EQ(code_of(store().session(guest.hash, noon)), "no_session") << "the guest's token is worth nothing";
  EXPECT_EQ(ok(store().session(rotated.after, noon)).owner, guest.owner);
  for (const Account& found :
       {ok(accounts->account(guest.owner)), ok(accounts->account_by("sora@example.org"))}) {
    EXPECT_EQ(found.owner, guest.owner);
    EXPECT_EQ(found.since, noon + hours{1});
    EXPECT_EQ(found.email, "sora@example.org");
    EXPECT_EQ(found.password, "$argon2id$made");
  }
  EXPECT_EQ(ok(store().said(guest.owner)).size(), 1U);
}

TEST_P(PeopleStoreContract, AnAddressIsOneAccountsAndAPersonHasOne) {
  const Guest first = signed_up(), second = begin(store());
  EXPECT_EQ(code_of(accounts->sign_up(account_of(second.owner), rotation(second.hash))), "email_taken");
  EXPECT_EQ(code_of(accounts->account(second.owner)), "no_account") << "nothing of it has happened";
  EXPECT_EQ(code_of(store().session(second.hash, noon)), "no error");
  EXPECT_EQ(code_of(accounts->sign_up(account_of(first.owner, "b@example.org"), rotation(first.hash))),
            "has_account");
  EXPECT_EQ(code_of(accounts->account_by("b@example.org")), "no_account");
  EXPECT_EQ(code_of(accounts->account_by("SORA@example.org")), "no_account") << "compared as it is";
}

TEST_P(PeopleStoreContract, OnlyItsOwnSessionMakesAGuestAnAccount) {
  const Guest guest = begin(store()), other = begin(store());
  EXPECT_EQ(code_of(accounts->sign_up(account_of(guest.owner), rotation(other.hash))), "no_session");
  EXPECT_EQ(code_of(accounts->sign_up(account_of(guest.owner), rotation(""))), "no_session");
  EXPECT_EQ(code_of(accounts->sign_up(account_of(guest.owner), rotation(guest.hash, noon + days{100}))),
            "no_session");
  EXPECT_EQ(code_of(accounts->account(guest.owner)), "no_account");
}

TEST_P(PeopleStoreContract, ABrowserWithoutASessionSignsInAndHasAgreedToNothing) {
  const Guest account = signed_up();
  const Rotation rotated = rotation("");
  EXPECT_EQ(ok(accounts->sign_in(account.owner, rotated)).consent, 0);
  EXPECT_EQ(ok(store().session(rotated.after, noon)).owner, account.owner);
  EXPECT_EQ(code_of(store().session(account.hash, noon)), "no error") << "the other browser";
  EXPECT_EQ(ok(store().sessions(account.owner, noon)).size(), 2U);
  EXPECT_EQ(ok(store().consent(rotated.after, 4, noon)).consent, 4);
}

TEST_P(PeopleStoreContract, AGuestWhoSignsInEndsAndItsWordsAreTheAccounts) {
  const Guest account = signed_up(), guest = begin(store()), other = begin(store());
  ok(store().say(account.owner, word_on("aaaa", Verdict::easy, noon)));
  ok(store().say(account.owner, word_on("bbbb", Verdict::easy, noon + minutes{9})));
  ok(store().say(guest.owner, word_on("aaaa", Verdict::too_hard, noon + minutes{1})));
  ok(store().say(guest.owner, word_on("bbbb", Verdict::too_hard, noon + minutes{1})));
  ok(store().say(guest.owner, word_on("cccc", Verdict::fits, noon)));
  ok(store().say(other.owner, word_on("dddd", Verdict::fits, noon)));
  const Session session = ok(accounts->sign_in(account.owner, rotation(guest.hash)));
  EXPECT_EQ(session.owner, account.owner);
  EXPECT_EQ(session.consent, 3) << "this browser agreed as a guest";
  const auto said = ok(store().said(account.owner));
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(said[0].song + std::string(to_string(said[0].verdict)), "bbbbeasy") << "the later of two words";
  EXPECT_EQ(said[1].song + std::string(to_string(said[1].verdict)), "aaaatoo_hard");
  EXPECT_EQ(said[2].song + std::string(to_string(said[2].verdict)), "ccccfits");
  EXPECT_TRUE(place->tables_mentioning(guest.owner.text()).empty());
  EXPECT_TRUE(place->tables_mentioning(guest.hash).empty());
  EXPECT_EQ(ok(store().said(other.owner)).size(), 1U);
}

TEST_P(PeopleStoreContract, AnotherAccountIsNotMerged) {
  const Guest mine = signed_up(), other = signed_up("kim@example.org");
  ok(store().say(other.owner, word_on("aaaa", Verdict::easy)));
  EXPECT_EQ(ok(accounts->sign_in(mine.owner, rotation(other.hash))).consent, 0) << "that was another's word";
  EXPECT_EQ(code_of(store().session(other.hash, noon)), "no_session");
  EXPECT_EQ(ok(accounts->account_by("kim@example.org")).owner, other.owner);
  EXPECT_EQ(ok(store().said(other.owner)).size(), 1U);
  EXPECT_TRUE(ok(store().said(mine.owner)).empty());
}

TEST_P(PeopleStoreContract, SigningInAgainTakesThePlaceOfThisBrowsersSession) {
  const Guest account = signed_up();
  EXPECT_EQ(ok(accounts->sign_in(account.owner, rotation(account.hash))).consent, 3);
  EXPECT_EQ(code_of(store().session(account.hash, noon)), "no_session");
  EXPECT_EQ(ok(store().sessions(account.owner, noon)).size(), 1U);
}

TEST_P(PeopleStoreContract, NobodySignsInAsAGuestOrAsOneWhoLeaves) {
  const Guest guest = begin(store()), account = signed_up();
  EXPECT_EQ(code_of(accounts->sign_in(guest.owner, rotation(""))), "no_account");
  ok(store().leave(account.owner));
  EXPECT_EQ(code_of(accounts->sign_in(account.owner, rotation(guest.hash))), "no_account");
  EXPECT_EQ(code_of(accounts->account_by("sora@example.org")), "no_account");
  EXPECT_EQ(code_of(store().session(guest.hash, noon)), "no error") << "the guest stays what it was";
}

TEST_P(PeopleStoreContract, AChangedPasswordEndsAllSessionsButTheNewOne) {
  const Guest account = signed_up(), other = signed_up("kim@example.org");
  ok(accounts->sign_in(account.owner, rotation("")));
  const Rotation rotated = rotation(account.hash);
  EXPECT_EQ(ok(accounts->change_password(account.owner, "$argon2id$new", rotated)).consent, 3);
  const auto open = ok(store().sessions(account.owner, noon));
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].token_hash, rotated.after);
  EXPECT_EQ(ok(accounts->account(account.owner)).password, "$argon2id$new");
  EXPECT_EQ(ok(accounts->account(other.owner)).password, "$argon2id$made");
  EXPECT_EQ(code_of(store().session(other.hash, noon)), "no error");
  EXPECT_EQ(code_of(accounts->change_password(account.owner, "$", rotation(other.hash))), "no_session");
  const Guest guest = begin(store());
  EXPECT_EQ(code_of(accounts->change_password(guest.owner, "$", rotation(guest.hash))), "no_account");
  EXPECT_EQ(ok(accounts->account(account.owner)).password, "$argon2id$new");
}

TEST_P(PeopleStoreContract, SessionsAreListedSeenLastFirstAndOthersEnd) {
  const Guest account = signed_up(), other = signed_up("kim@example.org");
  const Rotation second = rotation("", noon + hours{3}), third = rotation("", noon + hours{2});
  ok(accounts->sign_in(account.owner, second));
  ok(accounts->sign_in(account.owner, third));
  std::vector<std::string> listed;
  for (const OpenSession& open : ok(store().sessions(account.owner, noon))) listed.push_back(open.token_hash);
  EXPECT_THAT(listed, testing::ElementsAre(second.after, third.after, account.hash));
  ok(store().end_other_sessions(account.owner, third.after));
  const auto left = ok(store().sessions(account.owner, noon));
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].token_hash, third.after);
  EXPECT_EQ(left[0].session.created, noon + hours{2});
  EXPECT_EQ(code_of(store().session(other.hash, noon)), "no error");
}

TEST_P(PeopleStoreContract, AccountsAreNotForgottenForBeingUnseen) {
  const Guest account = signed_up(), guest = begin(store());
  EXPECT_EQ(ok(store().unseen_since(noon + days{1000}, all)), std::vector{guest.owner});
  ok(store().leave(account.owner));
  EXPECT_EQ(ok(store().unseen_since(noon + days{1000}, all)), (std::vector{account.owner, guest.owner}))
      << "but for leaving";
}

TEST_P(PeopleStoreContract, EraseLeavesNothingOfAnAccount) {
  const Guest account = signed_up();
  ok(store().erase(account.owner));
  EXPECT_TRUE(place->tables_mentioning(account.owner.text()).empty());
  EXPECT_TRUE(place->tables_mentioning("sora@example.org").empty());
  EXPECT_TRUE(place->tables_mentioning("$argon2id$made").empty());
  const Guest again = signed_up();
  EXPECT_EQ(ok(accounts->account_by("sora@example.org")).owner, again.owner) << "the address is free";
}

TEST_P(PeopleStoreContract, OfManyWhoWantOneAddressAtOnceOneGetsIt) {
  constexpr int many = 8;
  std::vector<Guest> guests;
  for (int i = 0; i < many; ++i) guests.push_back(begin(store()));
  std::latch start(many);
  std::atomic<int> made = 0, taken = 0;
  std::vector<std::jthread> threads;
  for (const Guest& guest : guests)
    threads.emplace_back([&, own = place->open_accounts()] {
      start.arrive_and_wait();
      const auto done = own->sign_up(account_of(guest.owner), rotation(guest.hash));
      ++(done ? made : taken);
      if (!done) {
        EXPECT_EQ(code_of(done), "email_taken");
      }
    });
  threads.clear();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(taken, many - 1);
}

TEST_P(PeopleStoreContract, AGuestWhoSignsInTwiceAtOnceIsMergedOnce) {
  const Guest account = signed_up(), guest = begin(store());
  ok(store().say(guest.owner, word_on("aaaa", Verdict::fits)));
  constexpr int many = 4;
  std::latch start(many);
  std::vector<std::jthread> threads;
  for (int i = 0; i < many; ++i)
    threads.emplace_back([&, own = place->open_accounts()] {
      start.arrive_and_wait();
      EXPECT_EQ(code_of(own->sign_in(account.owner, rotation(guest.hash))), "no error");
    });
  threads.clear();
  EXPECT_EQ(ok(store().said(account.owner)).size(), 1U);
  EXPECT_TRUE(place->tables_mentioning(guest.owner.text()).empty());
  EXPECT_EQ(ok(store().sessions(account.owner, noon)).size(), 1U + many);
}

}  // namespace
}  // namespace orakgarak::people
