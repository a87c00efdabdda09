#include "http/fields.h"

#include <gtest/gtest.h>

namespace orakgarak::http {
namespace {

std::string code_of(std::string_view text) {
  const auto json = parse_json(text);
  return json ? "ok" : json.error().code;
}
std::string detail_of(std::string_view text) {
  const auto json = parse_json(text);
  return json ? "" : json.error().detail;
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

std::string object_of(int fields) {
  std::string text = "{";
  for (int i = 0; i < fields; ++i) text += (i ? ",\"f" : "\"f") + std::to_string(i) + "\":1";
  return text + "}";
}

TEST(Json, TakesWhatRfc8259Says) {
  EXPECT_EQ(code_of(R"({"a": [1, 2.5, "é", null, true]})"), "ok");
  for (const auto* bad :
       {"", "{", "{'a':1}", "[1,]", "nul", "{} {}", "\xff", "\"\xc3\x28\"", "[1] x", "NaN", "\"\\ud800\""})
    EXPECT_EQ(code_of(bad), "bad_json") << bad;
}

TEST(Json, TheSameFieldTwiceIsRefused) {
  EXPECT_EQ(code_of(R"({"a":1,"a":2})"), "bad_json");
  EXPECT_EQ(code_of(R"({"a":{"b":1},"b":2,"c":[{"b":1},{"b":1}]})"), "ok");
  EXPECT_TRUE(detail_of(R"({"a":1,"\u0061":2})").contains("same field twice"));
}

TEST(Json, DepthHasALimit) {
  EXPECT_EQ(code_of(nested(16)), "ok");
  EXPECT_EQ(code_of(nested(17)), "bad_json");
  EXPECT_EQ(code_of(std::string(1 << 20, '[')), "bad_json");
}

TEST(Json, FieldsOfAnObjectHaveALimit) {
  EXPECT_EQ(code_of(object_of(64)), "ok");
  EXPECT_EQ(code_of(object_of(65)), "bad_json");
}

TEST(Json, ANulInATextIsRefused) {
  EXPECT_EQ(code_of(R"(["a\u0000b"])"), "bad_json");
  EXPECT_EQ(code_of(R"({"a\u0000b":1})"), "bad_json");
}

TEST(FieldReader, NamesWhatIsMissingUnknownOrWrong) {
  const auto fault = [](std::string_view text, auto read) {
    const auto json = parse_json(text);
    FieldReader fields(*json, {"size", "name"});
    read(fields);
    return fields.error() ? fields.error()->detail : std::string("fine");
  };
  const auto size = [](FieldReader& fields) { fields.integer("size", 1, 10); };
  EXPECT_EQ(fault(R"({"size":10})", size), "fine");
  EXPECT_EQ(fault(R"({"size":5.0})", size), "fine");
  EXPECT_EQ(fault(R"({"size":11})", size), "The field \"size\" has to be a whole number from 1 to 10.");
  EXPECT_EQ(fault(R"({"size":0})", size), "The field \"size\" has to be a whole number from 1 to 10.");
  EXPECT_EQ(fault(R"({"size":5.5})", size), "The field \"size\" has to be a whole number from 1 to 10.");
  EXPECT_EQ(fault(R"({"size":"5"})", size), "The field \"size\" has to be a whole number from 1 to 10.");
  EXPECT_EQ(fault(R"({"size":1e300})", size), "The field \"size\" has to be a whole number from 1 to 10.");
  EXPECT_EQ(fault(R"({})", size), "The field \"size\" is missing; it is a whole number from 1 to 10.");
  EXPECT_EQ(fault(R"({"size":1,"sise":1})", size), "There is no field \"sise\"; there are size, name.");
  EXPECT_EQ(fault(R"([1])", size), "The body has to be a JSON object.");
}

TEST(FieldReader, LengthIsInCharacters) {
  const auto json = parse_json(R"({"name":"노래방"})");
  FieldReader fields(*json, {"name"});
  EXPECT_EQ(fields.text("name", 3, 3), "노래방");
  EXPECT_FALSE(fields.error());
  fields.text("name", 1, 2);
  EXPECT_TRUE(fields.error());
}

TEST(FieldReader, TheFirstFaultIsKept) {
  const auto json = parse_json(R"({"a":"x","b":"y"})");
  FieldReader fields(*json, {"a", "b"});
  fields.integer("b", 0, 1);
  fields.integer("a", 0, 1);
  EXPECT_TRUE(fields.error()->detail.contains("\"b\""));
}

std::string query_fault(std::string_view text, auto read) {
  constexpr std::string_view known[] = {"limit", "decade"};
  auto query = Query::parse(text, known);
  if (!query) return query.error().detail;
  read(*query);
  return query->error() ? query->error()->detail : std::string("fine");
}

TEST(Query, NamesWhatIsWrong) {
  const auto limit = [](Query& query) { query.integer_or("limit", 50, 1, 100); };
  EXPECT_EQ(query_fault("", limit), "fine");
  EXPECT_EQ(query_fault("limit=100", limit), "fine");
  for (const auto* bad :
       {"limit=101", "limit=0", "limit=", "limit=1x", "limit=+-1", "limit=99999999999999999999"})
    EXPECT_EQ(query_fault(bad, limit),
              "The query parameter \"limit\" has to be a whole number from 1 to 100.")
        << bad;
  EXPECT_EQ(query_fault("limit=1&limit=2", limit), "The query parameter \"limit\" has to be given once.");
  EXPECT_EQ(query_fault("limt=1", limit),
            "There is no query parameter \"limt\" here; there are limit, decade.");
  EXPECT_NE(query_fault("limit=%zz", limit), "fine");
  EXPECT_NE(query_fault("limit=%00", limit), "fine");
}

TEST(Query, AListMayComeSeveralTimes) {
  const auto decades = [](Query& query) { EXPECT_EQ(query.all("decade", 2).size(), 2U); };
  EXPECT_EQ(query_fault("decade=1990&decade=2000", decades), "fine");
  EXPECT_EQ(query_fault("decade=1&decade=2&decade=3", [](Query& query) { query.all("decade", 2); }),
            "The query parameter \"decade\" has to be given at most 2 times.");
}

TEST(Sha256, Is64DigitsInLowerCase) {
  EXPECT_TRUE(parse_sha256(std::string(64, 'a')));
  EXPECT_FALSE(parse_sha256(std::string(64, 'A')));
  EXPECT_FALSE(parse_sha256(std::string(63, 'a')));
  EXPECT_FALSE(parse_sha256(std::string(64, 'g')));
}

}  // namespace
}  // namespace orakgarak::http
