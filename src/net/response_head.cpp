#include "net/response_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "net/text.h"

namespace orakgarak::net {
namespace {

std::string_view reason(int status) {
  struct Reason {
    int status;
    std::string_view words;
  };
  static constexpr Reason reasons[] = {{100, "Continue"},
                                       {200, "OK"},
                                       {201, "Created"},
                                       {202, "Accepted"},
                                       {204, "No Content"},
                                       {206, "Partial Content"},
                                       {301, "Moved Permanently"},
                                       {302, "Found"},
                                       {303, "See Other"},
                                       {304, "Not Modified"},
                                       {307, "Temporary Redirect"},
                                       {308, "Permanent Redirect"},
                                       {400, "Bad Request"},
                                       {401, "Unauthorized"},
                                       {403, "Forbidden"},
                                       {404, "Not Found"},
                                       {405, "Method Not Allowed"},
                                       {406, "Not Acceptable"},
                                       {408, "Request Timeout"},
                                       {409, "Conflict"},
                                       {410, "Gone"},
                                       {411, "Length Required"},
                                       {412, "Precondition Failed"},
                                       {413, "Content Too Large"},
                                       {415, "Unsupported Media Type"},
                                       {416, "Range Not Satisfiable"},
                                       {417, "Expectation Failed"},
                                       {421, "Misdirected Request"},
                                       {422, "Unprocessable Content"},
                                       {428, "Precondition Required"},
                                       {429, "Too Many Requests"},
                                       {431, "Request Header Fields Too Large"},
                                       {500, "Internal Server Error"},
                                       {501, "Not Implemented"},
                                       {503, "Service Unavailable"},
                                       {505, "HTTP Version Not Supported"},
                                       {507, "Insufficient Storage"}};
  const auto* const found = std::ranges::find(reasons, status, &Reason::status);
  return found == std::end(reasons) ? "" : found->words;
}

/// "Tue, 24 Nov 2026 21:43:56 GMT" (RFC 9110).
std::string http_date(Time time) {
  static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     days.at(std::chrono::weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
                     months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

bool is_the_servers(std::string_view name) {
  return std::ranges::any_of(
      std::array<std::string_view, 4>{"Content-Length", "Transfer-Encoding", "Date", "Connection"},
      [&](std::string_view own) { return equal_ignoring_case(name, own); });
}

void add_field(std::string& head, std::string_view name, std::string_view value) {
  const auto clean = [&](std::string_view text) {
    for (const char c : text) head += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  };
  clean(name);
  head += ": ";
  clean(value);
  head += "\r\n";
}

}  // namespace

std::string write_head(const ResponseHead& response) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
  for (const auto& [name, value] : response.fields.all()) {
    if (!is_the_servers(name)) add_field(head, name, value);
  }
  const auto& own = response.fields.all();
  for (const auto& [name, value] : response.always.all()) {
    const bool named =
        std::ranges::any_of(own, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
    if (!named) add_field(head, name, value);
  }
  add_field(head, "Date", http_date(response.now));
  if (response.length) add_field(head, "Content-Length", std::to_string(*response.length));
  if (response.chunked) add_field(head, "Transfer-Encoding", "chunked");
  add_field(head, "Connection", response.keep_alive ? "keep-alive" : "close");
  head += "\r\n";
  return head;
}

bool is_bodiless(int status) { return status == 204 || status == 304; }

}  // namespace orakgarak::net
