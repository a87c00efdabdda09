#include "net/response_head.h"

#include <gmock/gmock.h>

namespace orakgarak::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Time evening{std::chrono::sys_days{std::chrono::year(2026) / 11 / 4} + std::chrono::hours(9) +
                       std::chrono::milliseconds(5'999)};

TEST(ResponseHead, SaysWhatFollows) {
  const Fields fields{{"A", "b"}, {"A", "c"}}, always{{"a", "d"}, {"E", "f"}};
  EXPECT_EQ(
      write_head({.status = 507, .fields = fields, .always = always, .length = 7, .now = evening}),
      "HTTP/1.1 507 Insufficient Storage\r\nA: b\r\nA: c\r\nE: f\r\nDate: Wed, 04 Nov 2026 09:00:05 GMT\r\n"
      "Content-Length: 7\r\nConnection: keep-alive\r\n\r\n");
}

TEST(ResponseHead, LetsNoValueAddALine) {
  const Fields fields{{"Location", "/a\r\nSet-Cookie: x=1"}, {"B\r\nC", "d"}};
  EXPECT_THAT(write_head({.fields = fields, .always = {}, .length = {}, .now = evening}),
              HasSubstr("Location: /a  Set-Cookie: x=1\r\nB  C: d\r\n"));
}

TEST(ResponseHead, KeepsTheServersFieldsItsOwn) {
  const Fields fields{
      {"content-length", "5"}, {"Transfer-Encoding", "x"}, {"date", "y"}, {"Connection", "z"}};
  const auto head = write_head(
      {.fields = fields, .always = {}, .length = {}, .chunked = true, .keep_alive = false, .now = evening});
  EXPECT_THAT(head, Not(HasSubstr("ontent-")));
  EXPECT_THAT(head, HasSubstr("GMT\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
}

}  // namespace
}  // namespace orakgarak::net
