// What is read out of a URL, and what of it is never shown. With a server: tests/contract/postgres.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/postgres/connection.h"

namespace orakgarak::storage::postgres {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PostgresAddress, TellsWhereTheDatabaseIsAndNotByWhichPassword) {
  const auto address = Address::parse("postgres://app:p%40ss@db.example:5433/songs?sslmode=require");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->place(), "songs on db.example:5433");
  EXPECT_THAT(address->parameters(),
              testing::Contains(std::pair<std::string, std::string>("password", "p@ss")));
  EXPECT_THAT(address->parameters(),
              testing::Contains(std::pair<std::string, std::string>("sslmode", "require")));
  EXPECT_EQ(Address::parse("postgresql:///songs")->place(), "songs on this machine");
  EXPECT_EQ(Address::parse("postgres://")->place(), "the default database on this machine");
}

TEST(PostgresAddress, EachHostIsWaitedFor) {
  EXPECT_EQ(Address::parse("postgres://app@a,b,c:5433/songs")->hosts(), 3U);
  EXPECT_EQ(Address::parse("postgres://app@a/songs")->hosts(), 1U);
}

TEST(PostgresAddress, WhatIsNoUrlIsRefusedAndNotQuoted) {
  using namespace std::string_literals;
  for (const std::string& url :
       {""s, "hush"s, "mysql://app:hush@host/x"s, "host=a password=hush"s, "postgres://app:hu/hush@host/x"s,
        "postgres://app:hush@hush@host/x"s, "postgres://app:hush%zz@host/x"s, "postgres://app@host/x?hush=1"s,
        "postgres://app:hush@host/x\0y"s}) {
    const auto address = Address::parse(url);
    ASSERT_FALSE(address) << url;
    EXPECT_EQ(address.error().code, "store_unusable");
    EXPECT_EQ(address.error().kind, ErrorKind::rejected);
    EXPECT_THAT(address.error().detail, Not(HasSubstr("hush")));
  }
}

TEST(PostgresAddress, APasswordInWhatAServerSaysIsBlotted) {
  const auto address = Address::parse("postgres://app:hush@host/x?sslpassword=shh");
  EXPECT_EQ(address->without_secrets("hush and shh, again hush.\n"), "*** and ***, again ***");
  EXPECT_EQ(Address::parse("postgres://app:*@host/x")->without_secrets("*"), "***");
}

}  // namespace
}  // namespace orakgarak::storage::postgres
