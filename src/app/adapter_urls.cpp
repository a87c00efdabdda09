#include "app/adapter_urls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/text.h"

namespace orakgarak::app {
namespace {

constexpr std::array<std::string_view, 4> schemes{"postgres://", "postgresql://", "s3://", "kafka://"};

template <class... Commands>
bool is_one_of(const Command& command) {
  return (std::holds_alternative<Commands>(command) || ...);
}

bool is_plain(std::string_view text, std::string_view marks) {
  return std::ranges::all_of(text, [&](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || marks.contains(c);
  });
}

}  // namespace

std::string check_store(const std::string& url) {
  return url.starts_with("postgres://") || url.starts_with("postgresql://")
             ? ""
             : "write it as postgres://USER@HOST:PORT/DATABASE; without it SQLite keeps the rows under "
               "--data";
}

std::string check_objects(const std::string& url) {
  return url.starts_with("s3://")
             ? ""
             : "write it as s3://BUCKET?endpoint=URL&region=NAME; without it a folder under --data keeps the "
               "files";
}

std::string check_events(const std::string& url) {
  return url.starts_with("kafka://")
             ? ""
             : "write it as kafka://HOST:PORT,HOST:PORT; without it events stay within the process";
}

std::optional<std::string> adapters_fault(const Settings& settings, const Command& command) {
  if (is_one_of<AnalyzeCommand, RecommendCommand, CatalogImportCommand, CatalogListCommand,
                CatalogShowCommand, CatalogCheckCommand, SampleCommand, DemoCommand>(command))
    return std::nullopt;
  const auto* serve = std::get_if<ServeCommand>(&command);
  if (settings.store.empty()) {
    constexpr std::string_view needs = "{} needs --store postgres://…: {}";
    if (!settings.events.empty())
      return fmt::format(needs, "--events", "Kafka is for several processes, which share one database");
    if (std::holds_alternative<WorkerCommand>(command))
      return fmt::format(needs, "worker", "with SQLite, serve does the work itself");
    if (serve && serve->no_work)
      return fmt::format(needs, "--no-work", "with SQLite, nobody else could do the work");
  }
  if (serve && !settings.objects.empty() && !serve->objects_listen.empty())
    return "--objects-listen has no meaning with --objects s3://…: browsers send files to the object store";
  return std::nullopt;
}

std::string without_urls(std::string message, std::span<const std::string> words) {
  for (const auto& word : words)
    for (const auto scheme : schemes) {
      const auto begin = word.find(scheme);
      if (begin == std::string::npos || word.ends_with(scheme)) continue;  // a bare scheme hides nothing
      for (const auto& url :
           {word.substr(begin), printable(word.substr(begin))})  // a message may show either
        for (auto at = message.find(url); at != std::string::npos; at = message.find(url, at + scheme.size()))
          message.replace(at + scheme.size(), url.size() - scheme.size(), "…");
    }
  return message;
}

std::string shown_store(std::string_view url) {
  constexpr std::string_view what = "PostgreSQL";
  const auto mark = url.find("://");
  if (mark == std::string_view::npos) return std::string(what);
  const auto after = url.substr(mark + 3);
  const auto authority = after.substr(0, after.find_first_of("/?#"));
  const auto rest = after.substr(authority.size());
  const auto host = authority.substr(authority.rfind('@') + 1);  // npos + 1 is 0: there is no user
  const auto path = rest.substr(0, rest.find_first_of("?#"));
  if (host.empty() || rest.contains('@') || !is_plain(host, "-._:,[]") || !is_plain(path, "/-._"))
    return std::string(what);
  return fmt::format("{} at {}{}", what, host, path);
}

}  // namespace orakgarak::app
