#include "app/open_files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace orakgarak::app {
namespace {

TEST(OpenFiles, AllThatTheSystemAllowsInsteadOfWhatAShellGives) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit of_a_shell{before.rlim_max / 2, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &of_a_shell), 0);

  EXPECT_EQ(allow_open_files(), before.rlim_max);
  rlimit now{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &now), 0);
  EXPECT_EQ(now.rlim_cur, before.rlim_max);

  setrlimit(RLIMIT_NOFILE, &before);
}

TEST(OpenFiles, ConnectionsLeaveSomeToTheWork) {
  EXPECT_EQ(connections_of_each(1'048'576), (1'048'576 - 256) / 2);
  EXPECT_EQ(connections_of_each(1024), 384U);
  EXPECT_EQ(connections_of_each(256), 64U);
}

}  // namespace
}  // namespace orakgarak::app
