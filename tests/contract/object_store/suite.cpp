#include "suite.h"

#include <unistd.h>

#include <atomic>
#include <thread>

namespace orakgarak::uploads {

Result<ObjectFacts> put_text(ObjectStore& store, const std::string& key, std::string_view text) {
  return store.put(key, [&](const ByteSink& sink) { return sink(std::as_bytes(std::span(text))); });
}

std::string read_text(const OpenFile& file) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = ::read(file.fd(), buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  return text;
}

namespace {

TEST_P(ObjectStoreContract, WhatWasPutIsReadBack) {
  const auto facts = put_text(store(), "uploads/a", "sung");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->size, 4U);
  const auto head = store().head("uploads/a");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->version, facts->version);
  const auto file = store().open("uploads/a", facts->version);
  ASSERT_TRUE(file);
  EXPECT_EQ(read_text(*file), "sung");
}

TEST_P(ObjectStoreContract, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(store().head("uploads/none").error().code, "no_such_object");
  EXPECT_EQ(store().open("uploads/none", "1").error().code, "no_such_object");
  EXPECT_EQ(store().head("uploads").error().code, "no_such_object");
  EXPECT_TRUE(store().remove("uploads/none"));
}

TEST_P(ObjectStoreContract, BytesPutLaterAreAnotherVersionAndDoNotShowInAnOpenOne) {
  const auto first = put_text(store(), "uploads/a", "checked");
  ASSERT_TRUE(first);
  const auto file = store().open("uploads/a", first->version);
  ASSERT_TRUE(file);
  const auto second = put_text(store(), "uploads/a", "changed");  // as many bytes
  ASSERT_TRUE(second);
  EXPECT_NE(first->version, second->version);
  EXPECT_EQ(read_text(*file), "checked");
  // A store that keeps versions still has the first one; none gives other bytes for it.
  const auto again = store().open("uploads/a", first->version);
  if (again)
    EXPECT_EQ(read_text(*again), "checked");
  else
    EXPECT_EQ(again.error().code, "object_changed");
}

TEST_P(ObjectStoreContract, WhatFailsHalfWayLeavesTheOldOne) {
  ASSERT_TRUE(put_text(store(), "uploads/a", "old"));
  const auto broken = store().put("uploads/a", [](const ByteSink& sink) -> Result<void> {
    if (auto written = sink(std::as_bytes(std::span(std::string_view("new")))); !written) return written;
    return rejected("too_long", "the limit is passed");
  });
  EXPECT_EQ(broken.error().code, "too_long");
  const auto head = store().head("uploads/a");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->size, 3U);
  EXPECT_EQ(read_text(*store().open("uploads/a", head->version)), "old");
  const auto never =
      store().put("uploads/b", [](const ByteSink&) -> Result<void> { return rejected("no", "no"); });
  EXPECT_FALSE(never);
  const auto listed = store().list("", "", 10);
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->size(), 1U);
}

TEST_P(ObjectStoreContract, KeysThatAreNoneOfOursAreRefused) {
  for (const std::string& key :
       {std::string(), std::string("/etc/passwd"), std::string("uploads/../../x"), std::string("../x"),
        std::string("uploads/.."), std::string("uploads//x"), std::string("uploads/"), std::string("a\\b"),
        std::string("a\nb"), std::string("a\0b", 3), std::string(".hidden"), std::string(300, 'a'),
        std::string("한")}) {
    EXPECT_EQ(put_text(store(), key, "x").error().code, "bad_key") << key;
    EXPECT_EQ(store().head(key).error().code, "bad_key") << key;
    EXPECT_EQ(store().open(key, "1").error().code, "bad_key") << key;
    EXPECT_EQ(store().remove(key).error().code, "bad_key") << key;
  }
}

TEST_P(ObjectStoreContract, ListsKeysInOrderAPageAtATime) {
  for (const char* key :
       {"uploads/b", "uploads/a", "derived/a/pcm", "uploads/c", "derived/a/peaks", "derived/ab/pcm"})
    ASSERT_TRUE(put_text(store(), key, "x"));
  const auto keys = [&](const std::string& prefix, const std::string& after, std::size_t limit) {
    const auto listed = store().list(prefix, after, limit);
    if (!listed) return listed.error().code;
    std::string text;
    for (const auto& object : *listed) text += object.key + " ";
    return text;
  };
  EXPECT_EQ(keys("uploads/", "", 2), "uploads/a uploads/b ");
  EXPECT_EQ(keys("uploads/", "uploads/b", 2), "uploads/c ");
  EXPECT_EQ(keys("derived/a/", "", 9), "derived/a/pcm derived/a/peaks ");
  EXPECT_EQ(keys("none/", "", 9), "");
}

TEST_P(ObjectStoreContract, RemovedIsGone) {
  ASSERT_TRUE(put_text(store(), "uploads/a", "x"));
  EXPECT_TRUE(store().remove("uploads/a"));
  EXPECT_EQ(store().head("uploads/a").error().code, "no_such_object");
}

TEST_P(ObjectStoreContract, ManyAtOnceAppearWhole) {
  std::vector<std::jthread> writers;
  std::atomic<int> torn = 0;
  for (int w = 0; w < 4; ++w)
    writers.emplace_back([&, w] {
      const auto mine = place->open();
      for (int i = 0; i < 50; ++i) {
        if (!put_text(*mine, "uploads/shared", std::string(10'000, static_cast<char>('a' + w)))) ++torn;
        const auto head = mine->head("uploads/shared");
        if (!head) continue;
        const auto file = mine->open("uploads/shared", head->version);
        if (!file) continue;  // another one came in between
        const std::string text = read_text(*file);
        if (text.size() != 10'000 || text.find_first_not_of(text[0]) != std::string::npos) ++torn;
      }
    });
  writers.clear();
  EXPECT_EQ(torn, 0);
}

TEST_P(ObjectStoreContract, AnotherStoreOnTheSamePlaceSeesThem) {
  ASSERT_TRUE(put_text(store(), "uploads/a", "x"));
  EXPECT_TRUE(place->open()->head("uploads/a"));
}

}  // namespace
}  // namespace orakgarak::uploads
