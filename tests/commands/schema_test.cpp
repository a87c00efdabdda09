#include "commands/schema.h"

#include <gtest/gtest.h>

#include "commands/program.h"
#include "commands/sounds.h"

namespace orakgarak::commands {
namespace {

using nlohmann::json;

class Schema : public ProgramTest {
 protected:
  static std::string faults(const std::string& schema, const std::string& line) {
    std::string all;
    for (const auto& fault : schema_faults(load_schema(schema), json::parse(line))) all += fault + "\n";
    return all;
  }
};

TEST(SchemaCheck, SeesWhatASchemaForbids) {
  const auto schema = json::parse(R"({"type": "object", "required": ["a"], "additionalProperties": false,
      "properties": {"a": {"type": ["integer", "null"], "minimum": 0}, "b": {"oneOf": [{"type": "string"}]}}})");
  EXPECT_TRUE(schema_faults(schema, json::parse(R"({"a": null, "b": "x"})")).empty());
  EXPECT_EQ(schema_faults(schema, json::parse(R"({"a": -1})")).size(), 1u);
  EXPECT_EQ(schema_faults(schema, json::parse(R"({"a": 0.5})")).size(), 1u);
  EXPECT_EQ(schema_faults(schema, json::parse(R"({"c": 1})")).size(), 2u) << "lacks a, has c";
  EXPECT_EQ(schema_faults(schema, json::parse(R"({"a": 1, "b": 2})")).size(), 1u);
  EXPECT_FALSE(schema_faults(json::parse(R"({"pattern": "x"})"), 1).empty()) << "a word nobody checks";
}

TEST_F(Schema, AReportOfASungTakeFits) {
  EXPECT_EQ(faults("analyze", run({"analyze", "--json", sung()}).out), "");
}

TEST_F(Schema, AReportOfSilenceFits) {
  EXPECT_EQ(faults("analyze", run({"analyze", "--json", write("a.wav", wav(silence(3)))}).out), "");
}

TEST_F(Schema, AReportOfATakeWithABackingFits) {
  const auto take = write("a.wav", wav(held_vowel(3, 220))), other = write("b.wav", wav(noise(3, 0.1F)));
  for (const auto& backing : {take, other})  // in it, and not
    EXPECT_EQ(faults("analyze", run({"analyze", "--json", take, "--backing", backing}).out), "");
}

TEST_F(Schema, AnUnreadableFileFits) {
  EXPECT_EQ(faults("analyze", run({"analyze", "--json", path("missing.wav")}).out), "");
}

TEST_F(Schema, RecommendationsFit) {
  EXPECT_EQ(faults("recommend", run({"recommend", "--json", "--limit", "30", sung()}).out), "");
}

TEST_F(Schema, RecommendationsWithoutAnAnswerFit) {
  EXPECT_EQ(faults("recommend", run({"recommend", "--json", write("a.wav", wav(silence(3)))}).out), "");
  EXPECT_EQ(faults("recommend", run({"recommend", "--json", path("missing.wav")}).out), "");
}

}  // namespace
}  // namespace orakgarak::commands
