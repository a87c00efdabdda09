#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/percent.h"
#include "events/kafka/kafka.h"
#include "events/kafka/settings.h"

namespace orakgarak::events {
namespace {

constexpr std::size_t most_url_bytes = 16 * 1024;  // a certificate may be in it
constexpr std::size_t most_brokers = 32, most_prefix_bytes = 64;

std::unexpected<Error> bad(std::string what) {
  return rejected("bad_events_url", "the events URL " + std::move(what) +
                                        "; it is kafka://HOST:PORT[,HOST:PORT][?NAME=VALUE[&…]]");
}

std::string nth(std::size_t index) { return "no. " + std::to_string(index + 1); }

/// Splits at every `at`; "" is one empty part.
std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// No setting holds a NUL.
std::optional<std::string> decoded(std::string_view text) {
  auto plain = percent_decoded(text);
  if (plain && plain->contains('\0')) return std::nullopt;
  return plain;
}

/// All of `text`, within [least, most].
std::optional<int> number(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    return std::nullopt;
  return value;
}

bool of_letters(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || more.contains(c);
  });
}

/// HOST:PORT, [IPv6]:PORT.
bool is_broker(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !number(text.substr(colon + 1), 1, 65535)) return false;
  const std::string_view host = text.substr(0, colon);
  if (host.starts_with('['))
    return host.ends_with(']') && host.size() > 2 && of_letters(host.substr(1, host.size() - 2), ":.");
  return !host.empty() && of_letters(host, ".-_");
}

Result<void> take_number(int& into, const std::string& name, std::string_view value, int least, int most) {
  const auto given = number(value, least, most);
  if (!given)
    return bad("needs " + name + " to be a number from " + std::to_string(least) + " to " +
               std::to_string(most));
  into = *given;
  return {};
}

Result<void> take(KafkaOptions& options, const std::string& name, std::string value, std::size_t index) {
  constexpr int ten_years = 10 * 366 * 24;
  if (name == "partitions") return take_number(options.partitions, name, value, 1, 1'000);
  if (name == "replication") return take_number(options.replication, name, value, 1, 10);
  if (name == "retention_hours") {
    int hours = 0;
    auto taken = take_number(hours, name, value, 1, ten_years);
    if (taken) options.retention = std::chrono::hours(hours);
    return taken;
  }
  if (name == "topic_prefix") {
    if (value.size() > most_prefix_bytes || !of_letters(value, "._-"))
      return bad("needs topic_prefix to be at most " + std::to_string(most_prefix_bytes) +
                 " letters, digits, dots, dashes and underscores");
    options.topic_prefix = std::move(value);
    return {};
  }
  // By its place: a "&" that was not encoded makes a name of the rest of a password.
  if (const auto wrong = wrong_with_setting(name, value))
    return bad("has a setting (" + nth(index) + " after the ?) that " + *wrong);
  options.settings.insert_or_assign(name, std::move(value));
  return {};
}

Result<void> take_all(KafkaOptions& options, std::string_view query) {
  std::vector<std::string> seen;
  const auto parts = split(query, '&');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    const auto name = decoded(parts[i].substr(0, equals));
    if (equals == std::string_view::npos || !name || name->empty())
      return bad("has something (" + nth(i) + " after the ?) that is no NAME=VALUE");
    auto value = decoded(parts[i].substr(equals + 1));
    if (!value)
      return bad("has a value (" + nth(i) + " after the ?) in which a % begins no percent-encoding");
    if (std::ranges::find(seen, *name) != seen.end())
      return bad("has the same name twice (" + nth(i) + " after the ?)");
    seen.push_back(*name);
    if (auto taken = take(options, *name, *std::move(value), i); !taken) return taken;
  }
  return {};
}

}  // namespace

Result<KafkaOptions> parse_kafka_url(std::string_view url) {
  constexpr std::string_view scheme = "kafka://";
  if (url.size() > most_url_bytes) return bad("is longer than " + std::to_string(most_url_bytes) + " bytes");
  if (!url.starts_with(scheme)) return bad("does not begin with kafka://");
  if (!std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7F' && c != '#'; }))
    return bad("holds a space, a # or another character that has to be in percent-encoding");
  url.remove_prefix(scheme.size());
  const std::size_t mark = url.find('?');
  const std::string_view brokers = url.substr(0, mark);
  if (brokers.contains('@'))
    return bad(
        "has a user before the host; who signs in is the setting sasl.username, with the password in "
        "ORAKGARAK_KAFKA_PASSWORD");

  KafkaOptions options;
  const auto all = split(brokers, ',');
  if (all.size() > most_brokers) return bad("names more than " + std::to_string(most_brokers) + " brokers");
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!is_broker(all[i])) return bad("has a broker (" + nth(i) + ") that is no HOST:PORT");
  options.brokers = brokers;
  if (mark != std::string_view::npos)
    if (auto taken = take_all(options, url.substr(mark + 1)); !taken)
      return std::unexpected(std::move(taken).error());
  const char* password = std::getenv("ORAKGARAK_KAFKA_PASSWORD");
  if (password != nullptr && *password != '\0') options.settings.insert_or_assign("sasl.password", password);
  return options;
}

}  // namespace orakgarak::events
