// What belongs to one owner: how much may be declared, what is struck out, and erasing all of it.
#include <algorithm>
#include <atomic>

#include "suite.h"

namespace orakgarak::uploads {
namespace {

using enum State;

NewUpload within(const OwnerId& owner, Quota quota, std::uint64_t size = 1234, Time now = noon) {
  NewUpload upload = declared(owner, Kind::take, now);
  upload.declared.size = size;
  upload.quota = quota;
  return upload;
}

TEST_P(UploadStoreContract, AnOwnerMayDeclareOnlySoManyUploadsInATime) {
  const auto declare = [&](const OwnerId& who, Time now) {
    return code_of(store().insert(within(who, {.since = now - hours{1}, .uploads = 2}, 1, now)));
  };
  EXPECT_EQ(declare(owner, noon), "no error");
  EXPECT_EQ(declare(owner, noon + minutes{1}), "no error");
  EXPECT_EQ(declare(owner, noon + minutes{2}), "too_many_uploads");
  EXPECT_EQ(declare(OwnerId::make(noon), noon + minutes{2}), "no error") << "another owner";
  EXPECT_EQ(declare(owner, noon + hours{1}), "too_many_uploads");
  EXPECT_EQ(declare(owner, noon + hours{1} + Duration{1}), "no error") << "the first is too long ago";
}

TEST_P(UploadStoreContract, ARefusedUploadLeavesNothing) {
  const NewUpload refused = within(owner, {.since = noon, .uploads = 0});
  EXPECT_EQ(code_of(store().insert(refused)), "too_many_uploads");
  EXPECT_EQ(store().insert(refused).error().kind, ErrorKind::retry);
  EXPECT_TRUE(place->tables_mentioning(refused.id.text()).empty());
  EXPECT_EQ(ok(store().made_since(owner, noon)).uploads, 0U);
  EXPECT_EQ(ok(store().declared_bytes()), 0U);
}

TEST_P(UploadStoreContract, ErasingAnUploadMakesNoRoomInItsOwnersCount) {
  ok(store().erase(new_upload().id, noon));
  ok(store().insert(declared(owner, Kind::take, noon + minutes{3})));
  const Made made = ok(store().made_since(owner, noon));
  EXPECT_EQ(made.uploads, 2U);
  EXPECT_EQ(made.first, noon);
  EXPECT_EQ(ok(store().made_since(owner, noon + minutes{1})).first, noon + minutes{3});
  EXPECT_FALSE(ok(store().made_since(owner, noon + minutes{4})).first);
}

TEST_P(UploadStoreContract, WhatWasDeclaredADayAgoIsCountedNoMore) {
  new_upload();
  ok(store().insert(declared(owner, Kind::take, noon + hours{24} + Duration{1})));
  EXPECT_EQ(ok(store().made_since(owner, noon)).uploads, 1U);
}

TEST_P(UploadStoreContract, AllOwnersTogetherMayDeclareOnlySoManyBytes) {
  const Quota quota{.since = noon, .total_bytes = 1000};
  ok(store().insert(within(owner, quota, 999)));
  EXPECT_EQ(code_of(store().insert(within(OwnerId::make(noon), quota, 2))), "store_full");
  ok(store().insert(within(OwnerId::make(noon), quota, 1)));
  EXPECT_EQ(ok(store().declared_bytes()), 1000U);
  EXPECT_EQ(code_of(store().insert(within(owner, quota, 1))), "store_full");
  EXPECT_EQ(code_of(store().insert(within(owner, {.since = noon, .total_bytes = 999}, 1))), "store_full")
      << "the limit may have been lowered";
}

TEST_P(UploadStoreContract, BytesAreGivenBackOnceTheObjectIsGivenUp) {
  const Upload erased = in_state(completed), cleaned = in_state(failed), kept = new_upload();
  EXPECT_EQ(ok(store().declared_bytes()), 3 * 1234U);
  ok(store().mark_gone(cleaned.id, noon));
  ok(store().mark_gone(cleaned.id, noon));
  EXPECT_EQ(ok(store().declared_bytes()), 2 * 1234U);
  for (const Upload& upload : {erased, cleaned}) ok(store().erase(upload.id, noon));
  EXPECT_EQ(ok(store().declared_bytes()), 1234U);
  ok(store().erase(kept.id, noon));
  EXPECT_EQ(ok(store().declared_bytes()), 0U);
}

std::vector<std::string> counts(UploadStore& store) {
  std::vector<std::string> lines;
  for (const StateCount& one : ok(store.count_uploads()))
    lines.push_back(std::string(to_string(one.state)) + " " + std::string(to_string(one.kind)) + " " +
                    std::to_string(one.count) + " at +" +
                    std::to_string(std::chrono::duration_cast<minutes>(one.oldest - noon).count()));
  std::ranges::sort(lines);
  return lines;
}

TEST_P(UploadStoreContract, UploadsOfAllOwnersAreCountedByStateAndKindWithTheOldestOfEach) {
  EXPECT_TRUE(counts(store()).empty());
  for (const int minute : {7, 2, 5})
    ok(store().insert(declared(OwnerId::make(noon), Kind::take, noon + minutes{minute})));
  ok(store().insert(declared(owner, Kind::backing, noon + minutes{1})));
  in_state(completed);
  in_state(completed, Kind::album_cover);
  Move late = step(new_upload(), expired);
  late.now = noon + minutes{9};
  const Upload gone = ok(store().move(late));
  ok(store().mark_gone(gone.id, noon + minutes{20}));
  EXPECT_EQ(counts(store()), (std::vector<std::string>{"COMPLETED album_cover 1 at +0",
                                                       "COMPLETED take 1 at +0", "EXPIRED take 1 at +9",
                                                       "PENDING backing 1 at +1", "PENDING take 3 at +2"}));
  ok(store().erase(gone.id, noon));
  EXPECT_EQ(counts(store()).size(), 4U);
}

TEST_P(UploadStoreContract, AQuotaHoldsAgainstThoseWhoAskAtOnce) {
  std::atomic<int> made = 0;
  in_threads(*place, store(), 8, [&](UploadStore& own, int) {
    for (int i = 0; i < 4; ++i)
      if (own.insert(within(owner, {.since = noon, .uploads = 10}))) ++made;
  });
  EXPECT_EQ(made, 10);
}

TEST_P(UploadStoreContract, OfTwoMultipartUploadsThatWereOpenedAtOnceOneIsKept) {
  const Upload upload = new_upload();
  EXPECT_EQ(upload.multipart, "");
  EXPECT_EQ(ok(store().set_multipart(upload.id, "", "first")).multipart, "first");
  EXPECT_EQ(code_of(store().set_multipart(upload.id, "", "second")), "stale_version");
  EXPECT_EQ(ok(store().set_multipart(upload.id, "first", "third")).multipart, "third");
  EXPECT_EQ(ok(store().find(upload.id)).multipart, "third");
  EXPECT_EQ(ok(store().find(upload.id)).version, upload.version) << "no transition";
  EXPECT_EQ(code_of(store().set_multipart(in_state(uploaded).id, "", "m")), "stale_version");
}

TEST_P(UploadStoreContract, TheEndsOfATakeCanBeStruckOutAndTakenBack) {
  const Upload take = in_state(completed);
  EXPECT_FALSE(take.struck.lowest || take.struck.highest);
  EXPECT_TRUE(ok(store().strike(take.id, {.lowest = true, .highest = false})).struck.lowest);
  const Struck struck = ok(store().strike(take.id, {.lowest = false, .highest = true})).struck;
  EXPECT_FALSE(struck.lowest);
  EXPECT_TRUE(struck.highest);
  EXPECT_TRUE(ok(store().find(take.id)).struck.highest);
  EXPECT_EQ(code_of(store().strike(in_state(completed, Kind::album_cover).id, {})), "not_a_take");
}

TEST_P(UploadStoreContract, TheLastSequenceOfAnOwnerIsThatOfItsLatestTransition) {
  EXPECT_EQ(ok(store().last_sequence(owner)), 0);
  in_state(audio_converting);
  EXPECT_EQ(ok(store().last_sequence(owner)), 3);
  EXPECT_EQ(ok(store().owner_events(owner, 0, all)).back().sequence, 3);
}

TEST_P(UploadStoreContract, AllOfAnOwnerIsErasedInBoundedStepsAndNothingOfOthers) {
  std::vector<Upload> mine;
  for (const State state : {pending, audio_converting, completed, failed, expired})
    mine.push_back(in_state(state));
  const OwnerId other = OwnerId::make(noon);
  const Upload kept = bring_to(store(), completed, Kind::take, other);
  const Claim held = running(mine[1], Stage::convert);
  EXPECT_EQ(ok(store().erase_owned(owner, 2, noon)), 2U);
  EXPECT_EQ(ok(store().erase_owned(owner, 2, noon)), 2U);
  EXPECT_EQ(ok(store().erase_owned(owner, 2, noon)), 1U);
  EXPECT_EQ(ok(store().erase_owned(owner, 2, noon)), 0U) << "again is harmless";
  for (const Upload& upload : mine)
    EXPECT_EQ(place->tables_mentioning(upload.id.text()), std::vector<std::string>{"removals"});
  EXPECT_EQ(place->tables_mentioning(owner.text()), std::vector<std::string>{"closed_owners"});
  EXPECT_EQ(to_remove().size(), 10U);
  EXPECT_EQ(code_of(store().renew(held, noon + hours{1})), "job_lost");
  EXPECT_EQ(ok(store().find(kept.id)).id, kept.id);
  EXPECT_EQ(code_of(store().insert(declared(other))), "no error");
}

TEST_P(UploadStoreContract, NothingIsMadeForAnOwnerWhoIsBeingErased) {
  for (int i = 0; i < 3; ++i) new_upload();
  EXPECT_EQ(ok(store().erase_owned(owner, 1, noon)), 1U);
  EXPECT_EQ(code_of(store().insert(declared(owner))), "owner_closed");
  EXPECT_EQ(ok(store().erase_owned(owner, all, noon)), 2U);
  EXPECT_EQ(code_of(store().insert(declared(owner))), "owner_closed") << "it was under way";
  ok(store().erase_owned(OwnerId::make(noon), 1, noon + hours{24} + Duration{1}));
  EXPECT_TRUE(place->tables_mentioning(owner.text()).empty()) << "a day later even the id is gone";
}

std::vector<Upload> all_of(UploadStore& store, const OwnerId& of) {
  return ok(store.list({.owner = of, .state = {}, .kind = {}}, {}, all));
}

/// All of an owner's transitions: "SEQUENCE UPLOAD STATE".
std::vector<std::string> heard(UploadStore& store, const OwnerId& of) {
  std::vector<std::string> lines;
  for (const OwnerEvent& event : ok(store.owner_events(of, 0, all)))
    lines.push_back(std::to_string(event.sequence) + " " + event.upload.text() + " " +
                    std::string(to_string(event.entry.to)));
  return lines;
}

TEST_P(UploadStoreContract, WhatIsHandedOverIsTheOthersWithItsHistory) {
  const OwnerId guest = OwnerId::make(noon), stranger = OwnerId::make(noon);
  const Upload own = in_state(uploaded);
  const Upload first = bring_to(store(), uploaded, Kind::take, guest);
  const Upload second = bring_to(store(), pending, Kind::take, guest);
  const Upload others = bring_to(store(), pending, Kind::take, stranger);
  ok(store().hand_over(guest, owner, noon));
  ok(store().hand_over(guest, owner, noon));
  EXPECT_EQ(
      heard(store(), owner),
      (std::vector<std::string>{"1 " + own.id.text() + " PENDING", "2 " + own.id.text() + " UPLOADED",
                                "3 " + first.id.text() + " PENDING", "4 " + first.id.text() + " UPLOADED",
                                "5 " + second.id.text() + " PENDING"}));
  EXPECT_EQ(ok(store().last_sequence(owner)), 5);
  EXPECT_EQ(all_of(store(), owner).size(), 3U);
  EXPECT_EQ(ok(store().find(first.id)).owner, owner);
  EXPECT_EQ(ok(store().find(first.id)).version, first.version);
  EXPECT_EQ(ok(store().history(first.id)).size(), 2U);
  EXPECT_EQ(ok(store().made_since(owner, noon)).uploads, 3U)
      << "nobody may declare more by coming as another";
  EXPECT_EQ(ok(store().find(others.id)).owner, stranger);
  EXPECT_EQ(place->tables_mentioning(guest.text()), (std::vector<std::string>{"closed_owners", "outbox"}))
      << "what was told before is told as it was";
}

TEST_P(UploadStoreContract, WorkGoesOnWhileItsUploadIsHandedOver) {
  const OwnerId guest = OwnerId::make(noon);
  const Upload take = bring_to(store(), audio_converting, Kind::take, guest);
  const Claim held = running(take, Stage::convert);
  ok(store().hand_over(guest, owner, noon));
  ok(store().renew(held, noon + hours{1}));
  Move move = step(take, audio_converted);
  move.by = &held;
  EXPECT_EQ(ok(store().move(move)).owner, owner);
  EXPECT_EQ(ok(store().last_sequence(owner)), 4);
}

TEST_P(UploadStoreContract, NothingIsMadeForWhoWasHandedOverNorGivenToWhoIsErased) {
  const OwnerId guest = OwnerId::make(noon), leaving = OwnerId::make(noon);
  new_upload();
  ok(store().erase_owned(leaving, all, noon));
  EXPECT_EQ(code_of(store().hand_over(owner, leaving, noon)), "owner_closed");
  EXPECT_EQ(code_of(store().insert(declared(owner))), "no error") << "nothing has happened";
  ok(store().hand_over(guest, owner, noon));
  EXPECT_EQ(code_of(store().insert(declared(guest))), "owner_closed") << "it was under way";
  EXPECT_EQ(all_of(store(), owner).size(), 2U);
}

TEST_P(UploadStoreContract, TransitionsDuringAHandOverGetEachNumberOnce) {
  constexpr int guests = 4, uploads_of_each = 5;
  std::vector<OwnerId> from;
  for (int i = 0; i < guests; ++i) from.push_back(OwnerId::make(noon));
  in_threads(*place, store(), 2 * guests, [&](UploadStore& own, int i) {
    const OwnerId& guest = from[static_cast<std::size_t>(i / 2)];
    if (i % 2 == 0) {
      for (int n = 0; n < uploads_of_each; ++n) {
        const auto made = own.insert(declared(guest));
        if (!made) continue;  // it was handed over before
        ok(own.move(step(*made, uploaded)));
        ok(own.insert(declared(owner)));
      }
    } else {
      ok(own.hand_over(guest, owner, noon));
    }
  });
  for (const OwnerId& guest : from) {
    EXPECT_TRUE(heard(store(), guest).empty());
    EXPECT_TRUE(all_of(store(), guest).empty());
  }
  std::size_t entries = 0;
  for (const Upload& upload : all_of(store(), owner)) entries += ok(store().history(upload.id)).size();
  EXPECT_EQ(heard(store(), owner).size(), entries);
  EXPECT_EQ(ok(store().last_sequence(owner)), static_cast<std::int64_t>(entries));
}

}  // namespace
}  // namespace orakgarak::uploads
