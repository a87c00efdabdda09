#include "net/request_parser.h"

#include <gmock/gmock.h>

namespace orakgarak::net {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

/// What the head is refused with: "" where it is not.
std::string code(std::string_view bytes) {
  std::size_t from = 0;
  const auto end = find_head_end(bytes, from);
  if (!end) return end.error().code;
  if (!*end) return "not whole";
  RequestParser parser;
  const auto head = parser.head(bytes.substr(0, **end));
  return head ? "" : head.error().code;
}

std::string line(std::string_view field) { return "GET / HTTP/1.1\r\n" + std::string(field) + "\r\n\r\n"; }

struct Body {
  std::string bytes;
  bool whole = false;
  std::string code;
  std::size_t left = 0;
};
/// A chunked body that comes in pieces of `step` bytes.
Body unchunk(std::string_view raw, std::size_t step) {
  RequestParser parser;
  EXPECT_TRUE(parser.head("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"));
  Body body;
  std::string waiting;
  while (!raw.empty() && !parser.whole()) {
    waiting += raw.substr(0, step);
    raw.remove_prefix(std::min(step, raw.size()));
    const auto used = parser.body(waiting, body.bytes);
    if (!used) return {{}, false, used.error().code, 0};
    waiting.erase(0, *used);
  }
  body.whole = parser.whole();
  body.left = waiting.size() + raw.size();
  return body;
}

TEST(HeadEnd, IsFoundAtAnyCut) {
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  for (std::size_t step = 1; step <= head.size(); ++step) {
    std::size_t from = 0, size = 0;
    std::optional<std::size_t> end;
    while (!end) {
      size = std::min(size + step, head.size() + 3);
      const auto found = find_head_end((head + "abc").substr(0, size), from);
      ASSERT_TRUE(found);
      end = *found;
    }
    EXPECT_EQ(*end, head.size());
  }
}

TEST(HeadEnd, IsNotWaitedForWhereThereCanBeNone) {
  for (const std::string_view bytes :
       {"\x16\x03\x01", " GET", "\n", "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\nHost: x\n\n",
        "GET / HTTP/1.1\r\n folded", "GET / HTTP/1.1\r\nHost: x\r\n\tfolded"}) {
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
      std::size_t from = 0;
      bool refused = false;
      for (std::size_t size = step; !refused && size < bytes.size() + step; size += step)
        refused = !find_head_end(bytes.substr(0, size), from);
      EXPECT_TRUE(refused) << bytes;
    }
  }
}

TEST(RequestParser, KeepsFieldsAsTheyCame) {
  RequestParser parser;
  const auto head = parser.head("POST /a?b HTTP/1.0\r\nHost: x\r\nx-Y:  a b\t \r\nEmpty:\r\nx-y: 2\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->method, "POST");
  EXPECT_EQ(head->target, "/a?b");
  EXPECT_EQ(head->version, 10);
  EXPECT_FALSE(head->keep_alive);
  EXPECT_THAT(head->fields.all(),
              ElementsAre(Pair("Host", "x"), Pair("x-Y", "a b"), Pair("Empty", ""), Pair("x-y", "2")));
}

TEST(RequestParser, KeepsAConnectionAsItsClientAsks) {
  const auto keeps = [](const std::string& head) { return RequestParser().head(head)->keep_alive; };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n"));
}

TEST(RequestParser, RefusesLinesThatCouldBeReadInTwoWays) {
  for (const char* const field :
       {"Host : x", ": x", "Ho st: x", "Host", "Host\t: x", "(a): x", "A: b\rc", "A: b\x01", "\xC3\xA9: x"})
    EXPECT_NE(code(line(field)), "") << field;
  EXPECT_NE(code(std::string("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 26)), "");
  EXPECT_EQ(code(line("A: b\xC3\xA9")), "");
}

TEST(RequestParser, RefusesRequestLinesThatAreNone) {
  for (const char* const begin : {"GET  / HTTP/1.1", "GET /", "GET / HTTP/1.1 ", "GET / http/1.1",
                                  "G@T / HTTP/1.1", "GET /a b HTTP/1.1"})
    EXPECT_NE(code(std::string(begin) + "\r\nHost: x\r\n\r\n"), "") << begin;
  for (const char* const version : {"2.0", "1.2", "0.9", "3.0"})
    EXPECT_EQ(code("GET / HTTP/" + std::string(version) + "\r\n\r\n"), "http_version") << version;
}

TEST(RequestParser, TakesTheMostFieldsAndNotOneMore) {
  std::string fields;
  for (std::size_t i = 0; i < most_fields; ++i) fields += "A: b\r\n";
  EXPECT_EQ(code("GET / HTTP/1.1\r\n" + fields + "\r\n"), "");
  EXPECT_EQ(code("GET / HTTP/1.1\r\n" + fields + "A: b\r\n\r\n"), "head_too_large");
}

TEST(RequestParser, PutsChunksTogetherAtAnyCut) {
  const std::string_view raw = "3\r\nabc\r\n00a;x=\"y z\"\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\nGET";
  for (std::size_t step = 1; step <= raw.size(); ++step) {
    const Body body = unchunk(raw, step);
    EXPECT_EQ(body.bytes, "abc0123456789") << step;
    EXPECT_TRUE(body.whole);
    EXPECT_EQ(body.left, 3U);
  }
}

TEST(RequestParser, BearsAnEmptyBodyInChunksAtAnyCut) {
  for (std::size_t step = 1; step <= 5; ++step) {
    const Body body = unchunk("0\r\n\r\n", step);
    EXPECT_EQ(body.bytes + body.code, "");
    EXPECT_TRUE(body.whole);
  }
}

TEST(RequestParser, RefusesBrokenChunks) {
  for (const char* const raw :
       {"x\r\n", "-1\r\n", "1\r\nab\r\n", "1\r\na0\r\n\r\n", "10000000000000000\r\n", "1 \r\na", "1;\r\na",
        "1\ra\r\n", "\r\n", "0x1\r\na\r\n", "1\r\na\n0\r\n\r\n"}) {
    for (const std::size_t step : {1U, 100U})
      EXPECT_NE(unchunk(std::string(raw) + "0\r\n\r\n", step).code, "") << raw << " by " << step;
  }
}

TEST(RequestParser, LeavesWhatStandsBehindABodyOfKnownLength) {
  RequestParser parser;
  ASSERT_TRUE(parser.head("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n"));
  std::string body;
  EXPECT_FALSE(parser.whole());
  EXPECT_EQ(parser.body("abcGET", body), 3U);
  EXPECT_EQ(body, "abc");
  EXPECT_TRUE(parser.whole());
}

}  // namespace
}  // namespace orakgarak::net
