#include "suite.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <thread>

namespace orakgarak::people {
namespace {

TEST_P(PeopleStoreContract, ConsentMakesAGuestWithASession) {
  const Guest guest = begin(store());
  const Session found = ok(store().session(guest.hash, noon + seconds{1}));
  EXPECT_EQ(found.owner, guest.owner);
  EXPECT_EQ(found.created, noon);
  EXPECT_EQ(found.seen, noon);
  EXPECT_EQ(found.expires, noon + days{100});
  EXPECT_EQ(found.consent, 3);
  EXPECT_EQ(found.consented, noon);
}

TEST_P(PeopleStoreContract, NoTokenIsStored) {
  const Guest guest = begin(store());
  EXPECT_TRUE(place->tables_mentioning(guest.token.text).empty());
  EXPECT_EQ(code_of(store().session(guest.token.text, noon)), "no_session");
  EXPECT_EQ(code_of(store().session("", noon)), "no_session");
}

TEST_P(PeopleStoreContract, AGuestOrATokenIsNotMadeTwice) {
  const Guest guest = begin(store()), other;
  EXPECT_EQ(code_of(store().begin(guest.owner, other.hash, 1, noon, noon + days{1})), "exists");
  EXPECT_EQ(code_of(store().begin(other.owner, guest.hash, 1, noon, noon + days{1})), "exists");
  EXPECT_EQ(code_of(store().session(other.hash, noon)), "no_session") << "nothing of either is there";
  EXPECT_TRUE(place->tables_mentioning(other.owner.text()).empty());
}

TEST_P(PeopleStoreContract, ASessionEndsWhenItExpires) {
  const Guest guest = begin(store());
  EXPECT_EQ(code_of(store().session(guest.hash, noon + days{100} - Duration{1})), "no error");
  EXPECT_EQ(code_of(store().session(guest.hash, noon + days{100})), "no_session");
  EXPECT_EQ(code_of(store().consent(guest.hash, 4, noon + days{100})), "no_session");
  EXPECT_EQ(ok(store().end_expired(noon + days{100} - Duration{1})), 0U);
  EXPECT_EQ(ok(store().end_expired(noon + days{100})), 1U);
  EXPECT_TRUE(place->tables_mentioning(guest.hash).empty());
}

TEST_P(PeopleStoreContract, BeingSeenIsWrittenAtMostOnceAMinute) {
  const Guest guest = begin(store());
  EXPECT_EQ(ok(store().session(guest.hash, noon + seconds{59})).seen, noon);
  EXPECT_EQ(ok(store().session(guest.hash, noon + minutes{1})).seen, noon + minutes{1});
  EXPECT_EQ(ok(store().session(guest.hash, noon + minutes{1} + seconds{59})).seen, noon + minutes{1});
  EXPECT_EQ(ok(store().session(guest.hash, noon)).seen, noon + minutes{1})
      << "a clock set back unsees nobody";
}

TEST_P(PeopleStoreContract, NewerWordsAreAgreedToInTheSameSession) {
  const Guest guest = begin(store());
  EXPECT_EQ(ok(store().consent(guest.hash, 4, noon + hours{1})).owner, guest.owner);
  const Session after = ok(store().session(guest.hash, noon + hours{1}));
  EXPECT_EQ(after.consent, 4);
  EXPECT_EQ(after.consented, noon + hours{1});
  EXPECT_EQ(after.created, noon);
  EXPECT_EQ(code_of(store().consent(Guest().hash, 4, noon)), "no_session");
}

TEST_P(PeopleStoreContract, SigningOutEndsThatSessionAloneAndKeepsWhatWasMade) {
  const Guest guest = begin(store()), other = begin(store());
  ok(store().say(guest.owner, word_on("0123456789abcdef", Verdict::easy)));
  ok(store().end_session(guest.hash));
  ok(store().end_session(guest.hash));
  EXPECT_EQ(code_of(store().session(guest.hash, noon)), "no_session");
  EXPECT_EQ(code_of(store().session(other.hash, noon)), "no error");
  EXPECT_EQ(ok(store().said(guest.owner)).size(), 1U);
}

TEST_P(PeopleStoreContract, OnesSessionsAreListedAndEnded) {
  const Guest guest = begin(store()), other = begin(store());
  EXPECT_EQ(ok(store().sessions(guest.owner, noon + days{1})).at(0).token_hash, guest.hash);
  EXPECT_TRUE(ok(store().sessions(guest.owner, noon + days{100})).empty()) << "it has expired";
  EXPECT_EQ(code_of(store().end_session_of(guest.owner, other.hash)), "no_such_session") << "another's";
  EXPECT_EQ(code_of(store().session(other.hash, noon)), "no error");
  ok(store().end_session_of(guest.owner, guest.hash));
  EXPECT_EQ(code_of(store().end_session_of(guest.owner, guest.hash)), "no_such_session");
  EXPECT_EQ(code_of(store().session(guest.hash, noon)), "no_session");
}

TEST_P(PeopleStoreContract, TheLatestWordOnASongTakesThePlaceOfTheOneBefore) {
  const Guest guest = begin(store());
  ok(store().say(guest.owner, word_on("aaaa", Verdict::too_hard)));
  ok(store().say(guest.owner, word_on("bbbb", Verdict::not_for_me, noon + seconds{1})));
  ok(store().say(guest.owner,
                 {.song = "aaaa", .key_shift = 3, .verdict = Verdict::easy, .at = noon + seconds{2}}));
  const auto said = ok(store().said(guest.owner));
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0].song, "aaaa") << "latest first";
  EXPECT_EQ(said[0].verdict, Verdict::easy);
  EXPECT_EQ(said[0].key_shift, 3);
  EXPECT_EQ(said[0].octave_shift, 0);
  EXPECT_EQ(said[0].at, noon + seconds{2});
  EXPECT_EQ(said[1].verdict, Verdict::not_for_me);
  EXPECT_EQ(said[1].key_shift, -2);
  EXPECT_EQ(said[1].octave_shift, 1);
}

TEST_P(PeopleStoreContract, AWordCanBeTakenBackAndIsItsSpeakersAlone) {
  const Guest guest = begin(store()), other = begin(store());
  for (const Guest& who : {guest, other}) ok(store().say(who.owner, word_on("aaaa", Verdict::fits)));
  ok(store().unsay(guest.owner, "aaaa"));
  EXPECT_EQ(code_of(store().unsay(guest.owner, "aaaa")), "no_feedback");
  EXPECT_TRUE(ok(store().said(guest.owner)).empty());
  EXPECT_EQ(ok(store().said(other.owner)).size(), 1U);
}

TEST_P(PeopleStoreContract, NothingIsSaidForAGuestWhoIsNotThere) {
  EXPECT_EQ(code_of(store().say(Guest().owner, word_on("aaaa", Verdict::fits))), "no_such_guest");
  const Guest gone = begin(store());
  ok(store().erase(gone.owner));
  EXPECT_EQ(code_of(store().say(gone.owner, word_on("aaaa", Verdict::fits))), "no_such_guest");
  EXPECT_TRUE(ok(store().said(gone.owner)).empty());
}

TEST_P(PeopleStoreContract, EraseLeavesNothingOfAGuestAndAllOfTheOthers) {
  const Guest gone = begin(store()), kept = begin(store());
  for (const Guest& who : {gone, kept}) ok(store().say(who.owner, word_on("aaaa", Verdict::fits)));
  ok(store().erase(gone.owner));
  ok(store().erase(gone.owner));
  EXPECT_TRUE(place->tables_mentioning(gone.owner.text()).empty());
  EXPECT_TRUE(place->tables_mentioning(gone.hash).empty());
  EXPECT_EQ(code_of(store().session(gone.hash, noon)), "no_session");
  EXPECT_EQ(code_of(store().session(kept.hash, noon)), "no error");
  EXPECT_EQ(ok(store().said(kept.owner)).size(), 1U);
}

TEST_P(PeopleStoreContract, AGuestWhoLeavesIsSignedOutAndNamedUntilErased) {
  const Guest guest = begin(store());
  begin(store());
  EXPECT_TRUE(ok(store().unseen_since(noon, all)).empty());
  ok(store().leave(guest.owner));
  ok(store().leave(guest.owner));
  ok(store().leave(OwnerId::make(noon)));
  EXPECT_EQ(code_of(store().session(guest.hash, noon)), "no_session");
  EXPECT_EQ(ok(store().unseen_since(noon - days{90}, all)), std::vector{guest.owner});
  ok(store().erase(guest.owner));
  EXPECT_TRUE(ok(store().unseen_since(noon, all)).empty());
}

TEST_P(PeopleStoreContract, GuestsUnseenForLongAreNamedLongestAgoFirst) {
  const Guest old = begin(store(), noon), older = begin(store(), noon - days{1}), back = begin(store(), noon);
  ok(store().session(back.hash, noon + days{30}));
  EXPECT_TRUE(ok(store().unseen_since(noon - days{1}, all)).empty());
  EXPECT_EQ(ok(store().unseen_since(noon + days{30}, all)), (std::vector{older.owner, old.owner}));
  EXPECT_EQ(ok(store().unseen_since(noon + days{30}, 1)), std::vector{older.owner});
}

TEST_P(PeopleStoreContract, OperatorsAreKnownByTheirTokenUntilRemoved) {
  const Token kim = new_token(), lee = new_token();
  ok(store().add_operator({"lee", noon}, hash_of(lee)));
  ok(store().add_operator({"kim", noon + hours{1}}, hash_of(kim)));
  EXPECT_EQ(code_of(store().add_operator({"kim", noon}, hash_of(new_token()))), "exists");
  EXPECT_EQ(code_of(store().add_operator({"park", noon}, hash_of(kim))), "exists");
  EXPECT_EQ(ok(store().operator_of(hash_of(kim))).name, "kim");
  EXPECT_EQ(code_of(store().operator_of(hash_of(new_token()))), "no_such_operator");
  const auto known = ok(store().operators());
  ASSERT_EQ(known.size(), 2U);
  EXPECT_EQ(known[0].name, "kim");
  EXPECT_EQ(known[0].created, noon + hours{1});
  EXPECT_TRUE(place->tables_mentioning(kim.text).empty());
  ok(store().remove_operator("kim"));
  EXPECT_EQ(code_of(store().remove_operator("kim")), "no_such_operator");
  EXPECT_EQ(code_of(store().operator_of(hash_of(kim))), "no_such_operator");
  EXPECT_EQ(ok(store().operator_of(hash_of(lee))).name, "lee");
}

TEST_P(PeopleStoreContract, WhatIsWrittenIsThereForTheNextWhoOpensIt) {
  const Guest guest = begin(store());
  opened = place->open();
  EXPECT_EQ(ok(store().session(guest.hash, noon)).owner, guest.owner);
}

TEST_P(PeopleStoreContract, EightThreadsThatSpeakOfOneSongLeaveOneWord) {
  const Guest guest = begin(store());
  constexpr int threads = 8;
  std::latch start(threads);
  std::vector<std::jthread> speakers;
  for (int i = 0; i < threads; ++i)
    speakers.emplace_back([&, own = i % 2 == 0 ? nullptr : place->open()] {
      PeopleStore& mine = own ? *own : store();
      start.arrive_and_wait();
      for (int round = 0; round < 20; ++round) {
        EXPECT_TRUE(mine.say(guest.owner, word_on("aaaa", Verdict::fits)));
        EXPECT_TRUE(mine.session(guest.hash, noon + minutes{round}));
      }
    });
  speakers.clear();
  EXPECT_EQ(ok(store().said(guest.owner)).size(), 1U);
  EXPECT_EQ(ok(store().session(guest.hash, noon)).seen, noon + minutes{19});
}

TEST_P(PeopleStoreContract, OfTwoProcessesThatAddOneOperatorOneDoes) {
  opened.reset();
  accounts.reset();
  constexpr int names = 50;
  std::array<pid_t, 2> children{};
  for (pid_t& child : children) {
    child = fork();
    if (child != 0) continue;
    int added = 0;
    const auto own = place->open();
    for (int i = 0; i < names; ++i) {
      const auto done = own->add_operator({"operator " + std::to_string(i), noon}, hash_of(new_token()));
      if (!done && done.error().code != "exists") _exit(255);
      added += done ? 1 : 0;
    }
    _exit(added);
  }
  int added = 0;
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 255);
    added += WEXITSTATUS(status);
  }
  EXPECT_EQ(added, names);
  opened = place->open();
  EXPECT_EQ(ok(store().operators()).size(), std::size_t{names});
}

}  // namespace
}  // namespace orakgarak::people
