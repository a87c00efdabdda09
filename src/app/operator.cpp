// What an operator does on the command line. Each change is one transaction of the store, so a server that
// runs beside it goes on with it by itself.
#include <fmt/format.h>

#include <algorithm>

#include "app/adapters.h"
#include "app/commands.h"
#include "app/operator_text.h"
#include "app/terminal.h"
#include "app/text.h"
#include "base/clock.h"
#include "people/token.h"
#include "uploads/redrive.h"

namespace orakgarak::app {
namespace {

using uploads::Decision;
using uploads::Upload;
using uploads::UploadStore;

constexpr std::size_t page = 200;

/// Complains, and says how the program ends: what is not there, or is not so, is no fault of the data.
ExitCode ended_by(const Error& error) {
  complain(error.detail);
  if (error.code == "no_data_folder" || error.code == "no_server_data") return ExitCode::unreadable;
  return error.kind == ErrorKind::retry || error.code.starts_with("store_") ? ExitCode::unreadable
                                                                            : ExitCode::nothing;
}

/// Runs `body` (UploadStore& -> Result<std::string>) and prints what it gives.
template <class Body>
ExitCode with_uploads(const Settings& settings, Body&& body) {
  const auto store = open_uploads(settings);
  if (!store) return ended_by(store.error());
  const Result<std::string> text = std::forward<Body>(body)(**store);
  if (!text) return ended_by(text.error());
  write_out(*text);
  return ExitCode::answered;
}

Result<std::vector<Upload>> newest(UploadStore& store, const UploadsListCommand& command) {
  const uploads::UploadFilter filter{.owner = {}, .state = command.state, .kind = command.kind};
  const auto wanted = static_cast<std::size_t>(command.limit);
  std::vector<Upload> all;
  while (all.size() < wanted) {
    const auto before = all.empty() ? std::nullopt : std::optional(all.back().id);
    const auto next = store.list(filter, before, std::min(page, wanted - all.size()));
    if (!next) return std::unexpected(next.error());
    if (next->empty()) break;
    all.insert(all.end(), next->begin(), next->end());
  }
  if (all.empty()) return fail(ErrorKind::not_found, "none", "no upload is like that");
  return all;
}

Result<UploadStory> story_of(UploadStore& store, const uploads::UploadId& id) {
  auto upload = store.find(id);
  if (!upload) return std::unexpected(std::move(upload.error()));
  auto history = store.history(id);
  if (!history) return std::unexpected(std::move(history.error()));
  auto jobs = store.jobs(id);
  if (!jobs) return std::unexpected(std::move(jobs.error()));
  return UploadStory{std::move(*upload), std::move(*history), std::move(*jobs)};
}

/// `words` of what there is.
template <class T, class Words>
Result<std::string> said(const Result<T>& result, Words&& words) {
  if (!result) return std::unexpected(result.error());
  return std::forward<Words>(words)(*result);
}

std::string goes_on(const Upload& upload) {
  if (upload.state == uploads::State::completed)
    return fmt::format("{} stays COMPLETED and is measured anew; a running server does it after live work.\n",
                       upload.id.text());
  return fmt::format("{} goes on from {}; a running server does it now, or else the next one.\n",
                     upload.id.text(), to_string(upload.state));
}

}  // namespace

ExitCode run(const UploadsListCommand& command, const Settings& settings) {
  return with_uploads(settings, [&](UploadStore& store) -> Result<std::string> {
    const auto all = newest(store, command);
    if (!all) return std::unexpected(all.error());
    if (!command.json) return upload_list_text(*all, Output::standard());
    std::string lines;
    for (const Upload& upload : *all) lines += upload_line_json(upload);
    return lines;
  });
}

ExitCode run(const UploadsShowCommand& command, const Settings& settings) {
  return with_uploads(settings, [&](UploadStore& store) -> Result<std::string> {
    const auto story = story_of(store, command.id);
    if (!story) return std::unexpected(story.error());
    return command.json ? upload_json(*story, system_now())
                        : upload_text(*story, system_now(), Output::standard());
  });
}

ExitCode run(const UploadsRedriveCommand& command, const Settings& settings) {
  return with_uploads(settings, [&](UploadStore& store) -> Result<std::string> {
    const auto upload = store.find(command.id);
    if (!upload) return std::unexpected(upload.error());
    return said(uploads::redrive(store, *upload, Decision{command.who, command.why, system_now()}), goes_on);
  });
}

ExitCode run(const LettersListCommand& command, const Settings& settings) {
  return with_uploads(settings, [&](UploadStore& store) -> Result<std::string> {
    const auto all = store.dead_letters(static_cast<std::size_t>(command.limit));
    if (!all) return std::unexpected(all.error());
    if (all->empty()) return fail(ErrorKind::not_found, "none", "there are no dead letters");
    if (!command.json) return letter_list_text(*all, Output::standard());
    std::string lines;
    for (const auto& letter : *all) lines += letter_json(letter);
    return lines;
  });
}

ExitCode run(const LettersShowCommand& command, const Settings& settings) {
  return with_uploads(settings, [&](UploadStore& store) -> Result<std::string> {
    return said(store.dead_letter(command.id), [&](const uploads::DeadLetter& letter) {
      return command.json ? letter_json(letter) : letter_text(letter, Output::standard());
    });
  });
}

ExitCode run(const LettersDecideCommand& command, const Settings& settings) {
  return with_uploads(settings, [&](UploadStore& store) -> Result<std::string> {
    const Decision by{command.who, command.why, system_now()};
    if (command.what == LettersDecideCommand::What::replay)
      return said(uploads::replay_letter(store, command.id, by), goes_on);
    if (auto gone = store.discard(command.id, by); !gone) return std::unexpected(std::move(gone.error()));
    return fmt::format("{} is discarded; its upload stays as it is.\n", command.id.text());
  });
}

ExitCode run(const DecisionsListCommand& command, const Settings& settings) {
  return with_uploads(settings, [&](UploadStore& store) -> Result<std::string> {
    const auto all = store.decisions(static_cast<std::size_t>(command.limit));
    if (!all) return std::unexpected(all.error());
    if (all->empty()) return fail(ErrorKind::not_found, "none", "nobody has decided anything yet");
    if (!command.json) return decision_list_text(*all, Output::standard());
    std::string lines;
    for (const auto& recorded : *all) lines += decision_json(recorded);
    return lines;
  });
}

ExitCode run(const EventsLagCommand& command, const Settings& settings) {
  const auto broker = open_broker(settings);
  if (!broker) return ended_by(broker.error());
  const auto lag = (*broker)->lag();
  if (!lag) return ended_by(lag.error());
  if (lag->empty())
    return ended_by(fail(ErrorKind::not_found, "none", "no group has listened to events yet").error());
  for (const auto& one : *lag) write_out(command.json ? lag_json(one) : lag_text(one));
  return ExitCode::answered;
}

ExitCode run(const OperatorsAddCommand& command, const Settings& settings) {
  const auto store = open_people(settings);
  if (!store) return ended_by(store.error());
  const people::Token token = people::new_token();
  const auto added = (*store)->add_operator({command.name, system_now()}, people::hash_of(token));
  if (!added) return ended_by(added.error());
  write_out(token.text + "\n");
  write_error(
      fmt::format("This is the token of {}. It is not kept and cannot be shown again.\n"
                  "Use it at /ops, or as Authorization: Bearer TOKEN with /v1/ops.\n",
                  printable(command.name)));
  return ExitCode::answered;
}

ExitCode run(const OperatorsListCommand&, const Settings& settings) {
  const auto store = open_people(settings);
  if (!store) return ended_by(store.error());
  const auto all = (*store)->operators();
  if (!all) return ended_by(all.error());
  if (all->empty()) return ended_by(fail(ErrorKind::not_found, "none", "there are no operators").error());
  for (const auto& one : *all)
    write_out(fmt::format("{}  since {}\n", printable(one.name), to_rfc3339(one.created).substr(0, 10)));
  return ExitCode::answered;
}

ExitCode run(const OperatorsRemoveCommand& command, const Settings& settings) {
  const auto store = open_people(settings);
  if (!store) return ended_by(store.error());
  const auto removed = (*store)->remove_operator(command.name);
  if (!removed) return ended_by(removed.error());
  write_out(fmt::format("{} is an operator no more.\n", printable(command.name)));
  return ExitCode::answered;
}

}  // namespace orakgarak::app
