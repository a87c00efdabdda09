#include "suite.h"

#include <atomic>
#include <thread>

#include "uploads/objects.h"

namespace orakgarak::people {

using uploads::Kind;
using uploads::State;
using uploads::UploadId;

OwnerId SocialStoreContract::guest() {
  const auto owner = OwnerId::make(noon);
  ok(opened.people->begin(owner, hash_of(new_token()), 1, noon, noon + days{100}));
  return owner;
}

OwnerId SocialStoreContract::person(const std::string& nickname, Shown shown) {
  const auto owner = guest();
  ok(store().put_profile(owner, *parse_nickname(nickname), "", shown, noon));
  return owner;
}

UploadId SocialStoreContract::completed(const OwnerId& owner, Kind kind) {
  const auto id = UploadId::make(later());
  const bool audio = uploads::medium_of(kind) == uploads::Medium::audio;
  ok(opened.uploads->insert({.id = id,
                             .owner = owner,
                             .kind = kind,
                             .declared = {audio ? "audio/webm" : "image/png", 10, std::string(64, 'a'), "f"},
                             .object_key = uploads::object_key(id),
                             .now = noon,
                             .expires = noon + days{1},
                             .traceparent = ""}));
  const std::vector<State> way = audio ? std::vector{State::pending,
                                                     State::uploaded,
                                                     State::audio_converting,
                                                     State::audio_converted,
                                                     State::voice_analysis_pending,
                                                     State::voice_analyzing,
                                                     State::voice_analyzed,
                                                     State::completed}
                                       : std::vector{State::pending, State::uploaded, State::image_optimizing,
                                                     State::thumbnail_generating, State::completed};
  for (std::size_t i = 0; i + 1 < way.size(); ++i) {
    uploads::Move move{.upload = id,
                       .version = static_cast<std::int64_t>(i) + 1,
                       .from = way[i],
                       .to = way[i + 1],
                       .now = noon,
                       .why = "test",
                       .object_version = i == 0 ? std::optional<std::string>("v") : std::nullopt};
    if (kind == Kind::take && way[i + 1] == State::completed) move.report = uploads::Report{"{}", 1};
    ok(opened.uploads->move(move));
  }
  return id;
}

Album SocialStoreContract::draft(const OwnerId& owner, const std::string& title) {
  return ok(
      store().add_album(AlbumId::make(later()), owner, {.title = title, .tracks = {completed(owner)}}, noon));
}

Album SocialStoreContract::published(const OwnerId& owner, const std::string& title, Time at) {
  return ok(store().set_album_state(draft(owner, title).id, owner, AlbumState::published, "", at));
}

namespace {

std::vector<UploadId> ids_of(const std::vector<Recording>& recordings) {
  std::vector<UploadId> ids;
  for (const auto& one : recordings) ids.push_back(one.id);
  return ids;
}
std::vector<std::string> titles_of(const std::vector<Album>& albums) {
  std::vector<std::string> titles;
  for (const auto& one : albums) titles.push_back(one.title);
  return titles;
}
Viewer as(const OwnerId& person) { return {.person = person}; }
const Viewer anybody{};

TEST_P(SocialStoreContract, AProfileIsMadeOnceAndThenChanged) {
  const auto kim = guest();
  EXPECT_EQ(code_of(store().profile(kim)), "no_profile");
  const Shown shown{.range = true, .recordings = true};
  ok(store().put_profile(kim, *parse_nickname("Kim"), "안녕\n'하세요'", shown, noon));
  ok(store().put_profile(kim, *parse_nickname("Kim노래"), "hi", {.colour = true}, noon + hours{1}));
  const auto found = ok(store().profile(kim));
  EXPECT_EQ(found.owner, kim);
  EXPECT_EQ(found.nickname, "Kim노래");
  EXPECT_EQ(found.introduction, "hi");
  EXPECT_EQ(found.shown, (Shown{.colour = true}));
  EXPECT_EQ(found.since, noon) << "the first nickname's time stays";
  EXPECT_EQ(ok(store().person(parse_nickname("ＫＩＭ노래")->key, anybody)).owner, kim);
  EXPECT_EQ(code_of(store().person(parse_nickname("Kim")->key, anybody)), "no_such_person")
      << "it is free again";
  EXPECT_EQ(code_of(store().put_profile(OwnerId::make(noon), *parse_nickname("Lee"), "", {}, noon)),
            "no_such_guest");
}

TEST_P(SocialStoreContract, ANicknameIsOnePersonsHoweverItIsWritten) {
  person("Kim");
  const auto other = guest();
  for (const auto* same : {"kim", "KIM", "ｋｉｍ"})
    EXPECT_EQ(code_of(store().put_profile(other, *parse_nickname(same), "", {}, noon)), "nickname_taken")
        << same;
  EXPECT_EQ(code_of(store().profile(other)), "no_profile");
}

TEST_P(SocialStoreContract, OfEightWhoWantOneNicknameOneGetsIt) {
  std::vector<OwnerId> owners;
  for (int i = 0; i < 8; ++i) owners.push_back(guest());
  std::atomic<int> got = 0;
  {
    std::vector<std::jthread> threads;
    for (const auto& owner : owners)
      threads.emplace_back([&, own = place->open()] {
        const auto put = own.social->put_profile(owner, *parse_nickname("kim"), "", {}, noon);
        if (put)
          ++got;
        else
          EXPECT_EQ(put.error().code, "nickname_taken") << put.error().detail;
      });
  }
  EXPECT_EQ(got, 1);
}

TEST_P(SocialStoreContract, OnesRecordingsAreTheCompletedTakesNewestFirst) {
  const auto kim = guest(), lee = guest();
  const auto first = completed(kim), second = completed(kim), third = completed(kim);
  completed(kim, Kind::album_cover);
  completed(lee);
  EXPECT_EQ(ids_of(ok(store().recordings(kim, {}, all))), (std::vector{third, second, first}));
  EXPECT_EQ(ids_of(ok(store().recordings(kim, {}, 2))), (std::vector{third, second}));
  EXPECT_EQ(ids_of(ok(store().recordings(kim, second, 2))), std::vector{first});
  const auto one = ok(store().recording(first, as(kim)));
  EXPECT_EQ(one.owner, kim);
  EXPECT_EQ(one.title, "");
  EXPECT_FALSE(one.shown);
  EXPECT_EQ(one.sung, noon);
}

TEST_P(SocialStoreContract, ARecordingIsRenamedAndShownByItsOwnerAlone) {
  const auto kim = person("kim"), lee = person("lee");
  const auto take = completed(kim);
  EXPECT_EQ(code_of(store().change_recording(lee, take, "mine", true)), "no_such_recording");
  EXPECT_EQ(ok(store().change_recording(kim, take, "벚꽃 엔딩", {})).title, "벚꽃 엔딩");
  const auto changed = ok(store().change_recording(kim, take, {}, true));
  EXPECT_EQ(changed.title, "벚꽃 엔딩") << "what is not named stays";
  EXPECT_TRUE(changed.shown);
  EXPECT_EQ(code_of(store().change_recording(kim, completed(kim, Kind::album_cover), "x", {})),
            "no_such_recording");
}

TEST_P(SocialStoreContract, OthersHearWhatIsShownOnAPageThatShowsRecordings) {
  const auto kim = person("kim"), lee = guest();
  const auto take = completed(kim), hidden = completed(kim);
  ok(store().change_recording(kim, take, {}, true));
  EXPECT_EQ(code_of(store().recording(take, as(lee))), "no_such_recording") << "the page does not";
  EXPECT_TRUE(ok(store().shown_recordings(kim, {}, all)).empty());
  ok(store().put_profile(kim, *parse_nickname("kim"), "", {.recordings = true}, noon));
  for (const auto& viewer : {anybody, as(lee), as(kim)})
    EXPECT_EQ(code_of(store().recording(take, viewer)), "no error");
  for (const auto& viewer : {anybody, as(lee)})
    EXPECT_EQ(code_of(store().recording(hidden, viewer)), "no_such_recording");
  EXPECT_EQ(ids_of(ok(store().shown_recordings(kim, {}, all))), std::vector{take});
  ok(store().change_recording(kim, take, {}, false));
  EXPECT_EQ(code_of(store().recording(take, as(lee))), "no_such_recording");
}

TEST_P(SocialStoreContract, WhoHasNoNicknameShowsNothing) {
  const auto nobody = guest();
  EXPECT_EQ(code_of(store().change_recording(nobody, completed(nobody), {}, true)), "nickname_needed");
  EXPECT_EQ(code_of(store().set_album_state(draft(nobody).id, nobody, AlbumState::published, "", noon)),
            "nickname_needed");
  EXPECT_EQ(
      ok(store().set_album_state(draft(nobody).id, nobody, AlbumState::unlisted, "hash", noon)).nickname, "")
      << "a link may be given away without one";
}

TEST_P(SocialStoreContract, AnAlbumKeepsItsTracksInTheirOrder) {
  const auto kim = person("kim");
  const auto one = completed(kim), two = completed(kim), three = completed(kim);
  const auto cover = completed(kim, Kind::album_cover);
  ok(store().change_recording(kim, two, "둘", {}));
  const auto id = AlbumId::make(later());
  const auto made = ok(store().add_album(
      id, kim,
      {.title = "모음", .text = "a\nb", .language = "ko", .cover = cover, .tracks = {three, one, two}},
      noon));
  EXPECT_EQ(made.state, AlbumState::draft);
  const auto found = ok(store().album(id, as(kim)));
  EXPECT_EQ(found.title, "모음");
  EXPECT_EQ(found.text, "a\nb");
  EXPECT_EQ(found.language, "ko");
  EXPECT_EQ(found.nickname, "kim");
  EXPECT_EQ(found.cover, cover);
  EXPECT_EQ(found.track_count, 3U);
  EXPECT_EQ(found.created, noon);
  EXPECT_FALSE(found.published);
  EXPECT_EQ(ids_of(found.tracks), (std::vector{three, one, two}));
  EXPECT_EQ(found.tracks[2].title, "둘");
  ok(store().edit_album(id, kim, {.title = "new", .tracks = {two, three}}));
  const auto edited = ok(store().album(id, as(kim)));
  EXPECT_EQ(edited.title, "new");
  EXPECT_FALSE(edited.cover);
  EXPECT_EQ(ids_of(edited.tracks), (std::vector{two, three}));
}

TEST_P(SocialStoreContract, AnAlbumIsMadeOfOnesOwnFinishedThings) {
  const auto kim = person("kim"), lee = person("lee");
  const auto own = completed(kim), others = completed(lee), picture = completed(kim, Kind::album_cover);
  const AlbumWords right{.title = "a", .tracks = {own}};
  const auto id = AlbumId::make(later());
  ok(store().add_album(id, kim, right, noon));
  for (const auto& wrong : {others, picture, UploadId::make(noon)}) {
    auto words = right;
    words.tracks = {own, wrong};
    EXPECT_EQ(code_of(store().add_album(AlbumId::make(later()), kim, words, noon)), "not_your_recording");
    EXPECT_EQ(code_of(store().edit_album(id, kim, words)), "not_your_recording");
  }
  for (const auto& wrong : {own, completed(lee, Kind::album_cover), completed(kim, Kind::profile_image)}) {
    auto words = right;
    words.cover = wrong;
    EXPECT_EQ(code_of(store().add_album(AlbumId::make(later()), kim, words, noon)), "not_your_picture");
  }
  EXPECT_EQ(ok(store().albums(kim, {}, all)).size(), 1U) << "nothing of them is there";
  EXPECT_EQ(code_of(store().edit_album(id, lee, right)), "no_such_album");
  EXPECT_EQ(code_of(store().set_album_state(id, lee, AlbumState::published, "", noon)), "no_such_album");
  EXPECT_EQ(code_of(store().remove_album(id, lee)), "no_such_album");
}

TEST_P(SocialStoreContract, ADraftIsItsOwnersAndWhatIsPublishedEverybodys) {
  const auto kim = person("kim"), lee = guest();
  const auto album = draft(kim);
  EXPECT_EQ(code_of(store().album(album.id, as(kim))), "no error");
  for (const auto& viewer : {anybody, as(lee), Viewer{.person = lee, .link_hash = "hash"}})
    EXPECT_EQ(code_of(store().album(album.id, viewer)), "no_such_album");
  EXPECT_TRUE(ok(store().published_albums(kim, {}, all)).empty());
  EXPECT_EQ(ok(store().set_album_state(album.id, kim, AlbumState::published, "", noon + hours{1})).published,
            noon + hours{1});
  for (const auto& viewer : {anybody, as(lee)})
    EXPECT_EQ(code_of(store().album(album.id, viewer)), "no error");
  EXPECT_EQ(titles_of(ok(store().published_albums(kim, {}, all))), std::vector<std::string>{"First songs"});
  ok(store().set_album_state(album.id, kim, AlbumState::draft, "", noon + hours{2}));
  EXPECT_EQ(code_of(store().album(album.id, as(lee))), "no_such_album");
  EXPECT_EQ(ok(store().set_album_state(album.id, kim, AlbumState::published, "", noon + hours{3})).published,
            noon + hours{1})
      << "publishing it again does not make it new";
}

TEST_P(SocialStoreContract, AnUnlistedAlbumIsForThoseWithItsLinkUntilThatIsTakenBack) {
  const auto kim = guest(), lee = guest();
  const auto album = draft(kim);
  const auto token = new_token();
  const Viewer holder{.person = lee, .link_hash = hash_of(token)},
      stranger{.link_hash = hash_of(new_token())};
  ok(store().set_album_state(album.id, kim, AlbumState::unlisted, hash_of(token), noon));
  EXPECT_EQ(code_of(store().album(album.id, holder)), "no error");
  EXPECT_EQ(code_of(store().album(album.id, {.link_hash = hash_of(token)})), "no error");
  EXPECT_EQ(code_of(store().album(album.id, stranger)), "no_such_album");
  EXPECT_EQ(code_of(store().album(album.id, anybody)), "no_such_album");
  EXPECT_TRUE(place->tables_mentioning(token.text).empty()) << "only its hash is kept";
  EXPECT_TRUE(ok(store().published_albums(kim, {}, all)).empty());
  ok(store().set_album_state(album.id, kim, AlbumState::unlisted, hash_of(new_token()), noon));
  EXPECT_EQ(code_of(store().album(album.id, holder)), "no_such_album") << "a new link ends the old one";
  ok(store().set_album_state(album.id, kim, AlbumState::unlisted, hash_of(token), noon));
  ok(store().set_album_state(album.id, kim, AlbumState::draft, "", noon));
  EXPECT_EQ(code_of(store().album(album.id, holder)), "no_such_album");
}

TEST_P(SocialStoreContract, ADeletedRecordingLeavesItsAlbumsAndTheLastTakesThemFromSight) {
  const auto kim = person("kim");
  const auto one = completed(kim), two = completed(kim), cover = completed(kim, Kind::album_cover);
  const auto id = AlbumId::make(later());
  ok(store().add_album(id, kim, {.title = "a", .cover = cover, .tracks = {one, two}}, noon));
  ok(store().set_album_state(id, kim, AlbumState::published, "", noon));
  for (const auto& gone : {one, cover}) ok(opened.uploads->erase(gone, noon));
  const auto left = ok(store().album(id, anybody));
  EXPECT_EQ(ids_of(left.tracks), std::vector{two});
  EXPECT_FALSE(left.cover);
  ok(opened.uploads->erase(two, noon));
  EXPECT_EQ(code_of(store().album(id, anybody)), "no_such_album");
  EXPECT_TRUE(ok(store().published_albums(kim, {}, all)).empty());
  EXPECT_EQ(ok(store().album(id, as(kim))).track_count, 0U);
  ok(store().set_album_state(id, kim, AlbumState::draft, "", noon));
  EXPECT_EQ(code_of(store().set_album_state(id, kim, AlbumState::published, "", noon)), "album_empty");
}

TEST_P(SocialStoreContract, AlbumsAreListedNewestFirst) {
  const auto kim = person("kim");
  const auto a = draft(kim, "a"), b = published(kim, "b"), c = published(kim, "c");
  draft(person("lee"), "other");
  EXPECT_EQ(titles_of(ok(store().albums(kim, {}, all))), (std::vector<std::string>{"c", "b", "a"}));
  EXPECT_EQ(titles_of(ok(store().albums(kim, c.id, 1))), std::vector<std::string>{"b"});
  EXPECT_EQ(titles_of(ok(store().published_albums(kim, c.id, all))), std::vector<std::string>{"b"});
  ok(store().remove_album(b.id, kim));
  EXPECT_EQ(code_of(store().remove_album(b.id, kim)), "no_such_album");
  EXPECT_EQ(titles_of(ok(store().albums(kim, b.id, all))), std::vector<std::string>{"a"})
      << "the one that a page ended with need not be there any more";
  EXPECT_EQ(ok(opened.uploads->list({kim, {}, {}}, {}, all)).size(), 3U) << "recordings stay";
}

TEST_P(SocialStoreContract, OnePersonHasSoManyAlbumsAndNoMore) {
  const auto kim = guest();
  const AlbumWords words{.title = "a", .tracks = {completed(kim)}};
  for (std::size_t i = 0; i < most_albums; ++i)
    ok(store().add_album(AlbumId::make(later()), kim, words, noon));
  EXPECT_EQ(code_of(store().add_album(AlbumId::make(later()), kim, words, noon)), "too_many_albums");
}

TEST_P(SocialStoreContract, ErasingAPersonLeavesNothingOfWhatTheyShowed) {
  const auto kim = person("kim-the-singer", {.recordings = true}), lee = person("lee");
  const auto album = published(kim, "an album to forget");
  ok(store().change_recording(kim, album.tracks[0].id, "a title to forget", true));
  published(lee, "kept");
  ok(opened.uploads->erase_owned(kim, all, noon));
  ok(opened.people->erase(kim));
  for (const auto* trace : {"kim-the-singer", "an album to forget", "a title to forget"})
    EXPECT_TRUE(place->tables_mentioning(trace).empty()) << trace;
  EXPECT_TRUE(place->tables_mentioning(album.id.text()).empty());
  EXPECT_EQ(code_of(store().add_album(AlbumId::make(later()), kim, {.title = "a"}, noon)), "no_such_guest");
  EXPECT_EQ(ok(store().published_albums(lee, {}, all)).size(), 1U);
}

TEST_P(SocialStoreContract, EightWhoEditOneAlbumLeaveTheTracksOfOne) {
  const auto kim = guest();
  const auto album = draft(kim);
  const auto one = completed(kim), two = completed(kim);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i, own = place->open()] {
        const auto tracks = i % 2 == 0 ? std::vector{one, two} : std::vector{two, one};
        for (int round = 0; round < 10; ++round)
          EXPECT_TRUE(own.social->edit_album(album.id, kim, {.title = "a", .tracks = tracks}));
      });
  }
  const auto tracks = ids_of(ok(store().album(album.id, as(kim))).tracks);
  EXPECT_TRUE(tracks == (std::vector{one, two}) || tracks == (std::vector{two, one}));
}

}  // namespace
}  // namespace orakgarak::people
