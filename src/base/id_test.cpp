#include "base/id.h"

#include <gtest/gtest.h>

#include <set>

namespace orakgarak {
namespace {

using TestId = Id<struct TestTag>;
using namespace std::chrono_literals;

TEST(Id, IsAVersion7UuidOfItsMillisecond) {
  const Time at = Time(0x018F2A5C3B4Dms);
  const std::string text = TestId::make(at).text();
  EXPECT_TRUE(text.starts_with("018f2a5c-3b4d-7")) << text;
  EXPECT_NE(std::string_view("89ab").find(text[19]), std::string_view::npos) << text;
  EXPECT_TRUE(is_uuid(text));
}

TEST(Id, SortsByTimeAndNeverRepeats) {
  const Time at = Time(1'700'000'000'000ms);
  std::set<TestId> same;
  for (int i = 0; i < 1000; ++i) same.insert(TestId::make(at));
  EXPECT_EQ(same.size(), 1000U);
  EXPECT_LT(*same.rbegin(), TestId::make(at + 1ms));
}

TEST(Id, TextFromOutsideIsCheckedFirst) {
  const std::string good = TestId::make(Time(1ms)).text();
  ASSERT_TRUE(TestId::parse(good));
  EXPECT_EQ(TestId::parse(good)->text(), good);
  for (std::string bad :
       {std::string(), good + "0", good.substr(1), std::string(36, '-'), std::string(36, 'a'),
        std::string("018F2A5C-3B4D-7000-8000-000000000000"), std::string("../../../etc/passwd")})
    EXPECT_FALSE(TestId::parse(bad)) << bad;
}

TEST(Time, IsWrittenInUtcWithMicroseconds) {
  EXPECT_EQ(to_rfc3339(Time(0us)), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_rfc3339(Time(1'700'000'000'000'123us)), "2023-11-14T22:13:20.000123Z");
  EXPECT_EQ(to_rfc3339(Time(-1us)), "1969-12-31T23:59:59.999999Z");
}

}  // namespace
}  // namespace orakgarak
