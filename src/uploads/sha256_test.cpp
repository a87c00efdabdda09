#include "uploads/sha256.h"

#include <gtest/gtest.h>

namespace orakgarak::uploads {
namespace {

// FIPS 180-2, appendix B.
constexpr std::string_view of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, IsThatOfThePublishedExample) { EXPECT_EQ(to_hex(sha256("abc")), of_abc); }

TEST(Sha256, DoesNotDependOnHowTheBytesAreCut) {
  Sha256 hash;
  hash.add({});
  hash.add(std::as_bytes(std::span(std::string_view("a"))));
  hash.add(std::as_bytes(std::span(std::string_view("bc"))));
  EXPECT_EQ(hash.finish(), sha256("abc"));
}

TEST(Sha256, IsReadBackFromItsDigitsAndFromNothingElse) {
  EXPECT_EQ(parse_digest(of_abc), sha256("abc"));
  EXPECT_FALSE(parse_digest(of_abc.substr(1)));
  EXPECT_FALSE(parse_digest(std::string(of_abc) + "0"));
  EXPECT_FALSE(parse_digest("B" + std::string(of_abc.substr(1))));
  EXPECT_FALSE(parse_digest("g" + std::string(of_abc.substr(1))));
  EXPECT_FALSE(parse_digest(""));
}

}  // namespace
}  // namespace orakgarak::uploads
