#include "app/seldom.h"

#include <gtest/gtest.h>

namespace orakgarak::app {
namespace {

using namespace std::chrono_literals;

TEST(Seldom, IsOnceAMinuteForEachKind) {
  Seldom seldom;
  const Seldom::Moment noon{};
  EXPECT_TRUE(seldom.now("bad_event", noon));
  EXPECT_FALSE(seldom.now("bad_event", noon + 59s));
  EXPECT_TRUE(seldom.now("objects_unavailable", noon + 59s));
  EXPECT_TRUE(seldom.now("bad_event", noon + 60s));
  EXPECT_FALSE(seldom.now("bad_event", noon + 61s));
}

}  // namespace
}  // namespace orakgarak::app
