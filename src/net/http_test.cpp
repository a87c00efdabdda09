#include "net/http.h"

#include <gmock/gmock.h>

#include "net/text.h"

namespace orakgarak::net {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

int status(const std::optional<Response>& response) { return response ? response->status : 0; }

RequestHead with_cookies(std::initializer_list<std::string> values) {
  RequestHead head;
  for (const auto& value : values) head.fields.add("cookie", value);
  return head;
}

TEST(Fields, CompareTheirNamesWithoutCase) {
  Fields fields{{"Content-Type", "a"}, {"X", "1"}};
  EXPECT_EQ(fields.get("content-type"), "a");
  fields.set("CONTENT-TYPE", "b");
  EXPECT_EQ(fields.get("Content-Type"), "b");
  EXPECT_EQ(fields.all().size(), 2U);
}

TEST(Fields, GiveNothingWhereThereAreSeveral) {
  Fields fields{{"X", "1"}, {"x", "1"}};
  EXPECT_EQ(fields.get("X"), std::nullopt);
  EXPECT_EQ(fields.get("Y"), std::nullopt);
}

TEST(Query, IsDecodedPairByPair) {
  EXPECT_THAT(*parse_query("a=1&b=%20+%2B&c&=d&&e=f=g&%EC%86%94=%ec%86%94"),
              ElementsAre(Pair("a", "1"), Pair("b", "  +"), Pair("c", ""), Pair("", "d"), Pair("e", "f=g"),
                          Pair("솔", "솔")));
  EXPECT_TRUE(parse_query("")->empty());
}

TEST(Query, RefusesWhatIsNoText) {
  for (const char* const query :
       {"a=%", "a=%2", "a=%zz", "%=1", "a=%FF", "a=%C0%80", "a=%ED%A0%80", "a=\xFF"}) {
    const auto parsed = parse_query(query);
    ASSERT_FALSE(parsed) << query;
    EXPECT_EQ(parsed.error().code, "bad_query");
  }
}

TEST(Cookie, IsFoundAmongOthersAndInAnyField) {
  EXPECT_EQ(cookie(with_cookies({"a=1; session=xyz;b=2"}), "session"), "xyz");
  EXPECT_EQ(cookie(with_cookies({"a=1", " session = x=y "}), "session"), "x=y");
  EXPECT_EQ(cookie(with_cookies({"session="}), "session"), "");
  EXPECT_EQ(cookie(with_cookies({"session=1; session=2"}), "session"), "1");
}

TEST(Cookie, IsNotFoundByAPartOfItsName) {
  EXPECT_EQ(cookie(with_cookies({"xsession=1; session2=2; session; a=session=3"}), "session"), std::nullopt);
  EXPECT_EQ(cookie(with_cookies({}), "session"), std::nullopt);
}

TEST(PercentEncoding, KeepsOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encode("aZ9-._~ /?%\xEC\x86\x94"), "aZ9-._~%20%2F%3F%25%EC%86%94");
  EXPECT_EQ(percent_encode("a/b c", true), "a/b%20c");
}

TEST(PercentEncoding, GivesBackEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_decode("a+b"), "a+b");
}

TEST(PercentEncoding, RefusesABrokenPercent) {
  for (const char* const text : {"%", "%4", "ab%", "%4g", "%g4", "%%41"}) {
    const auto decoded = percent_decode(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().code, "bad_encoding");
  }
}

TEST(Gather, TakesExactlyTheMostAndNotOneByteMore) {
  RequestHead head;
  const auto then = [](std::string body) { return Response{200, {}, body}; };
  const auto too_large = [] { return Response{413, {}, {}}; };
  const auto fits = gather(head, 4, then, too_large);
  EXPECT_FALSE(fits->take({}));
  EXPECT_FALSE(fits->take(bytes("ab")));
  EXPECT_FALSE(fits->take(bytes("cd")));
  EXPECT_EQ(std::get<std::string>(fits->finish().body), "abcd");
  const auto exceeds = gather(head, 4, then, too_large);
  EXPECT_FALSE(exceeds->take(bytes("abc")));
  EXPECT_EQ(status(exceeds->take(bytes("de"))), 413);
}

TEST(Gather, RefusesADeclaredLengthBeforeTheFirstByte) {
  RequestHead head;
  head.content_length = 5;
  const auto exchange =
      gather(head, 4, [](const std::string&) { return Response{}; }, [] { return Response{413, {}, {}}; });
  EXPECT_EQ(status(exchange->take({})), 413);
}

TEST(Answer, WantsNoBody) {
  EXPECT_EQ(status(answer({404, {}, "no"})->take({})), 404);
  EXPECT_EQ(answer({404, {}, "no"})->finish().status, 404);
}

TEST(Utf8, IsWellFormedOnlyInItsShortestFormWithinUnicode) {
  for (const std::string_view text : {"", "a", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                                      "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "한국어"})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const std::string_view text :
       {"\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xC2", "\xE2\x82", "a\xFF", "\xE2\x28\xA1"})
    EXPECT_FALSE(is_utf8(text)) << text;
}

}  // namespace
}  // namespace orakgarak::net
