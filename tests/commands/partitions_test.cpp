// How evenly messages spread: always with their number and the population that it is about.
#include <gmock/gmock.h>

#include "commands/program.h"
#include "commands/schema.h"

namespace orakgarak::commands {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class Partitions : public ProgramTest {
 protected:
  Ended partitions(std::vector<std::string> options) const {
    options.insert(options.begin(), "partitions");
    return run(options);
  }
};

TEST_F(Partitions, TheTableStatesThePopulationAndTheNumberOfMessagesOfEachRow) {
  const auto shown =
      partitions({"--sequential", "--messages", "300,1000", "--partitions", "3", "--users", "50"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("50 users"), HasSubstr("1/k^1.1"), HasSubstr("sequential"),
                               HasSubstr("murmur2_random")));
  EXPECT_THAT(shown.out, ContainsRegex("300 +3 +1\\.36 "));
  EXPECT_THAT(shown.out, ContainsRegex("1000 +3 +1\\.10 "));
  EXPECT_EQ(shown.out,
            partitions({"--sequential", "--messages", "300,1000", "--partitions", "3", "--users", "50"}).out);
}

TEST_F(Partitions, TheJsonFitsItsSchema) {
  const auto told = partitions({"--messages", "1,1000", "--json"}).out;
  std::string faults;
  for (const auto& fault : schema_faults(load_schema("partitions"), json::parse(told)))
    faults += fault + "\n";
  EXPECT_EQ(faults, "");
  const auto rows = json::parse(told)["rows"];
  ASSERT_EQ(rows.size(), 4U) << "3 and 12 partitions";
  EXPECT_TRUE(rows[0]["by_upload"]["ratio"].is_null()) << "of one message";
  EXPECT_GT(rows[3]["by_user"]["ratio"], rows[3]["by_upload"]["ratio"]);
}

TEST_F(Partitions, NumbersOutOfRangeAreRefused) {
  for (const auto& words : {std::vector<std::string>{"--messages", "0"},
                            {"--messages", "10000001"},
                            {"--partitions", "0"},
                            {"--partitions", "1001"},
                            {"--users", "0"},
                            {"--tail", "-1"}})
    EXPECT_EQ(partitions(words).code, 2) << words[1];
}

}  // namespace
}  // namespace orakgarak::commands
