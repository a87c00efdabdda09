#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "storage/postgres/connection.h"

namespace orakgarak::storage::postgres {
namespace {

using Options =
    std::unique_ptr<PQconninfoOption, decltype([](PQconninfoOption* options) { PQconninfoFree(options); })>;

std::unexpected<Error> unreadable(const char* why,
                                  std::source_location where = std::source_location::current()) {
  return rejected("store_unusable",
                  fmt::format("The database's URL cannot be read: {}. It is "
                              "postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special characters of a "
                              "password as %XX, or without the password, which is then in PGPASSWORD.",
                              why),
                  where);
}

/// One digit string for each host, or one for all.
bool are_ports(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == ','; });
}

void replace_all(std::string& text, const std::string& secret) {
  if (secret.empty()) return;
  constexpr std::string_view blot = "***";
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + blot.size()))
    text.replace(at, secret.size(), blot);
}

}  // namespace

Result<Address> Address::parse(const std::string& url) {
  if (!url.starts_with("postgres://") && !url.starts_with("postgresql://"))
    return unreadable("it does not begin with postgres://");
  if (url.find('\0') != std::string::npos) return unreadable("it holds a NUL byte");
  // A password that is not escaped would become a part of the host's name, which errors do show.
  if (std::ranges::count(url, '@') > 1) return unreadable("it holds more than one '@'");
  char* said = nullptr;
  const Options options(PQconninfoParse(url.c_str(), &said));
  PQfreemem(said);
  if (!options) return unreadable("it is no URL of PostgreSQL");
  Address address;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr) address.parameters_.emplace_back(option->keyword, option->val);
  if (!are_ports(address.value("port"))) return unreadable("its port is no number");
  return address;
}

std::string Address::value(std::string_view keyword) const {
  const auto found = std::ranges::find(parameters_, keyword, [](const auto& entry) { return entry.first; });
  return found == parameters_.end() ? std::string() : found->second;
}

std::string Address::place() const {
  const std::string host = value("host"), port = value("port"), name = value("dbname");
  return fmt::format("{} on {}{}{}", name.empty() ? "the default database" : name,
                     host.empty() ? "this machine" : host, port.empty() ? "" : ":", port);
}

std::size_t Address::hosts() const {
  return 1 + static_cast<std::size_t>(std::ranges::count(value("host"), ','));
}

std::string Address::without_secrets(std::string text) const {
  for (const char* keyword : {"password", "sslpassword"}) replace_all(text, value(keyword));
  while (text.ends_with('\n') || text.ends_with(' ') || text.ends_with('.')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace orakgarak::storage::postgres
