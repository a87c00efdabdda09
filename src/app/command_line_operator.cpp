#include "app/command_line_operator.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <vector>

#include "formats/text_utf8.h"

namespace orakgarak::app {
namespace {

using uploads::Kind;
using uploads::State;

constexpr std::size_t longest_why = 500, longest_name = 64;

/// All values of an enumeration by their names.
template <class Value>
std::vector<std::string> names_of(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.emplace_back(to_string(static_cast<Value>(i)));
  return names;
}

void add_list_options(CLI::App* command, OperatorWords& words) {
  command->add_option("--limit", words.limit, "lines to show")
      ->check(CLI::Range(1, 10000))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--json", words.json, "one JSON object a line");
}

void add_decision(CLI::App* command, OperatorWords& words) {
  command->add_option("--why", words.why, "the reason, kept in the record of decisions")
      ->required()
      ->type_name("TEXT");
  command->add_option("--who", words.who, "who decides (default: who is logged in here)")->type_name("NAME");
}

CLI::App* add_with_id(CLI::App* under, OperatorWords& words, const char* name, const char* text,
                      const char* which) {
  auto* command = under->add_subcommand(name, text);
  command->add_option("ID", words.id, which)->required();
  return command;
}

void add_uploads(CLI::App& app, OperatorWords& words) {
  auto* uploads = app.add_subcommand("uploads", "What was sent to the server, and what became of it");
  uploads->require_subcommand(1);
  auto* list = uploads->add_subcommand("list", "Uploads of everybody, newest first");
  list->add_option("--state", words.state, "only those in this state: FAILED, PENDING, COMPLETED, ...")
      ->check(CLI::IsMember(names_of<State>(uploads::state_count)))
      ->type_name("STATE");
  list->add_option("--kind", words.kind, "take, backing, profile_image or album_cover")
      ->check(CLI::IsMember(names_of<Kind>(3)))
      ->type_name("KIND");
  add_list_options(list, words);
  auto* show = add_with_id(uploads, words, "show",
                           "All states of one upload with how long each took, its jobs, and why it failed",
                           "of the upload");
  show->add_flag("--json", words.json, "one JSON object");
  auto* redrive = add_with_id(uploads, words, "redrive",
                              "Let a FAILED upload go on from the stage that failed", "of the upload");
  add_decision(redrive, words);
}

void add_dead_letters(CLI::App& app, OperatorWords& words) {
  auto* letters = app.add_subcommand("dlq", "Dead letters: work that was given up until somebody decides");
  letters->require_subcommand(1);
  add_list_options(letters->add_subcommand("list", "All dead letters, oldest first"), words);
  add_list_options(
      letters->add_subcommand("decisions", "Who replayed, discarded or redrove what, and why; newest first"),
      words);
  auto* show = add_with_id(letters, words, "show", "One dead letter", "of the dead letter");
  show->add_flag("--json", words.json, "one JSON object");
  add_decision(add_with_id(letters, words, "replay", "Do the work again", "of the dead letter"), words);
  add_decision(
      add_with_id(letters, words, "discard", "Let it go; its upload stays as it is", "of the dead letter"),
      words);
}

void add_events(CLI::App& app, OperatorWords& words) {
  auto* events = app.add_subcommand("events", "What is told over Kafka, and who has not heard it yet");
  events->require_subcommand(1);
  events->add_subcommand("lag", "How far each group is behind, by topic and partition")
      ->add_flag("--json", words.json, "one JSON object a line");
}

void add_devices(CLI::App& app, OperatorWords& words) {
  app.add_subcommand("devices",
                     "The memory that work on this machine gets: who holds it, and who waits for it")
      ->add_flag("--json", words.json, "one JSON object a line");
}

void add_operators(CLI::App& app, OperatorWords& words) {
  auto* operators = app.add_subcommand("operators", "Who may use /ops of the server");
  operators->require_subcommand(1);
  auto* add =
      operators->add_subcommand("add", "Make an operator and print the token, which is shown only once");
  add->add_option("NAME", words.name, "1 to 64 characters, for the record of decisions")->required();
  operators->add_subcommand("list", "All operators, and since when");
  auto* remove = operators->add_subcommand("remove", "The operator's token is worth nothing from now on");
  remove->add_option("NAME", words.name, "of the operator")->required();
}

void add_reprocess(CLI::App& app, OperatorWords& words) {
  auto& to = words.reprocess;
  auto* command = app.add_subcommand(
      "reprocess", "Measure takes anew that an older voice core has measured, below live work");
  auto* dry = command->add_flag("--dry-run", to.dry_run, "only say how many there are");
  command->add_option("--limit", to.limit, "takes to queue, at most (default: all)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
      ->type_name("N");
  command->add_option("--ahead", to.ahead, "takes that are queued or run at a time, at most")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag_callback("--no-wait", [&to] { to.wait = false; }, "queue once and end")->excludes(dry);
  command->add_flag("--json", to.json, "one JSON object at the end");
}

void add_partitions(CLI::App& app, OperatorWords& words) {
  auto& options = words.partitions.options;
  auto* command = app.add_subcommand(
      "partitions", "How evenly messages spread over Kafka's partitions, keyed by upload and by user");
  command->add_option("--messages", options.messages, "numbers of messages, with commas between them")
      ->delimiter(',')
      ->check(CLI::Range(std::int64_t{1}, events::most_load_messages))
      ->type_name("N,...")
      ->capture_default_str();
  command->add_option("--partitions", options.partitions, "numbers of partitions, the same way")
      ->delimiter(',')
      ->check(CLI::Range(1, events::most_load_partitions))
      ->type_name("P,...")
      ->capture_default_str();
  command->add_option("--users", options.users, "who upload")
      ->check(CLI::Range(std::int64_t{1}, events::most_load_users))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--tail", options.exponent, "user k uploads in proportion to 1/k^TAIL; 0: all the same")
      ->check(CLI::Range(0.0, 10.0))
      ->type_name("TAIL")
      ->capture_default_str();
  command->add_option("--seed", options.seed, "another number, another population")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag_callback(
      "--sequential", [&options] { options.upload_keys = events::UploadKeys::sequential; },
      "upload ids 1, 2, 3 instead of UUIDs");
  command->add_flag("--json", words.partitions.json, "one JSON object");
}

std::string logged_in() {
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : fmt::format("user {}", ::getuid());
}

struct Decided {
  std::string who, why;
};

/// A line of text that a person can read, and no longer than the record holds.
std::expected<Decided, std::string> decided(const OperatorWords& words) {
  const auto plain = [](const std::string& text, std::size_t most) {
    return !text.empty() && text.size() <= most && !formats::invalid_utf8_at(text) &&
           std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
  };
  Decided by{words.who.empty() ? logged_in() : words.who, words.why};
  if (!plain(by.why, longest_why))
    return std::unexpected(
        fmt::format("--why is one line of 1 to {} bytes that says the reason", longest_why));
  if (!plain(by.who, longest_name))
    return std::unexpected(fmt::format("--who is a name of 1 to {} bytes", longest_name));
  return by;
}

template <class Id>
std::expected<Id, std::string> id_of(const std::string& text, const char* list) {
  if (const auto id = Id::parse(text)) return *id;
  return std::unexpected(fmt::format("\"{}\" is no id; copy one from orakgarak {}", text, list));
}

std::expected<Command, std::string> uploads_command(const CLI::App& uploads, const OperatorWords& words) {
  if (uploads.got_subcommand("list"))
    return UploadsListCommand{uploads::parse_state(words.state), uploads::parse_kind(words.kind), words.limit,
                              words.json};
  const auto id = id_of<uploads::UploadId>(words.id, "uploads list");
  if (!id) return std::unexpected(id.error());
  if (uploads.got_subcommand("show")) return UploadsShowCommand{*id, words.json};
  const auto by = decided(words);
  if (!by) return std::unexpected(by.error());
  return UploadsRedriveCommand{*id, by->who, by->why};
}

std::expected<Command, std::string> letters_command(const CLI::App& letters, const OperatorWords& words) {
  if (letters.got_subcommand("list")) return LettersListCommand{words.limit, words.json};
  if (letters.got_subcommand("decisions")) return DecisionsListCommand{words.limit, words.json};
  const auto id = id_of<uploads::JobId>(words.id, "dlq list");
  if (!id) return std::unexpected(id.error());
  if (letters.got_subcommand("show")) return LettersShowCommand{*id, words.json};
  const auto by = decided(words);
  if (!by) return std::unexpected(by.error());
  using What = LettersDecideCommand::What;
  return LettersDecideCommand{letters.got_subcommand("replay") ? What::replay : What::discard, *id, by->who,
                              by->why};
}

}  // namespace

void add_operator_commands(CLI::App& app, OperatorWords& words) {
  add_uploads(app, words);
  add_dead_letters(app, words);
  add_events(app, words);
  add_devices(app, words);
  add_reprocess(app, words);
  add_operators(app, words);
  add_partitions(app, words);
}

bool is_operator_command(const CLI::App& app) {
  return std::ranges::any_of(
      std::array{"uploads", "dlq", "reprocess", "events", "devices", "operators", "partitions"},
      [&](const char* name) { return app.got_subcommand(name); });
}

std::expected<Command, std::string> operator_command_of(const CLI::App& app, const OperatorWords& words) {
  if (app.got_subcommand("uploads")) return uploads_command(*app.get_subcommand("uploads"), words);
  if (app.got_subcommand("dlq")) return letters_command(*app.get_subcommand("dlq"), words);
  if (app.got_subcommand("events")) return EventsLagCommand{words.json};
  if (app.got_subcommand("devices")) return DevicesCommand{words.json};
  if (app.got_subcommand("reprocess")) return words.reprocess;
  if (app.got_subcommand("partitions")) return words.partitions;
  const auto* operators = app.get_subcommand("operators");
  if (operators->got_subcommand("list")) return OperatorsListCommand{};
  OperatorWords by = words;
  by.who = words.name;
  by.why = "named here";
  if (const auto named = decided(by); words.name.empty() || !named)
    return std::unexpected(fmt::format("an operator's name has 1 to {} bytes on one line", longest_name));
  if (operators->got_subcommand("add")) return OperatorsAddCommand{words.name};
  return OperatorsRemoveCommand{words.name};
}

}  // namespace orakgarak::app
