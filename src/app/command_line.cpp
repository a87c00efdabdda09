#include "app/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>

#include "app/adapter_urls.h"
#include "app/command_line_operator.h"
#include "app/folders.h"
#include "app/serve_options.h"
#include "app/text.h"
#include "formats/song_language.h"

namespace orakgarak::app {
namespace {

constexpr const char* help_footer =
    "Sing about half a minute, from your lowest comfortable note to your highest, without backing, and run\n"
    "  orakgarak recommend my-take.webm\n"
    "Exit codes: 0 answered, 2 wrong command line, 3 some input cannot be read, 4 nothing to measure,\n"
    "5 the server or the worker could not start.";
constexpr const char* command_footer =
    "Options of every command, such as --notation and --data: orakgarak --help";
constexpr const char* setting_names =
    "notation, data, store, objects, events, catalog-dir, no-korean-top-notes, mandarin-pop, and under "
    "[serve] "
    "and [worker] the options of those";
constexpr int outermost_key = 12;  // as the matcher has it

const std::map<std::string, voice::VoiceType> voice_types{
    {"bass", voice::VoiceType::bass},   {"baritone", voice::VoiceType::baritone},
    {"tenor", voice::VoiceType::tenor}, {"alto", voice::VoiceType::alto},
    {"mezzo", voice::VoiceType::mezzo}, {"soprano", voice::VoiceType::soprano}};

/// What CLI11 fills in before it becomes a Command.
struct Words {
  std::string data, store, objects, events, catalog, notation, keys = "-6..6", voice = "tenor";
  bool json = false, csv = false, no_octave = false, no_korean = false, mandarin = false;
  std::vector<std::string> decades, preferred_decades, languages, preferred_languages;
  AnalyzeCommand analyze;
  RecommendCommand recommend;
  CatalogImportCommand import;
  CatalogListCommand list;
  CatalogShowCommand show;
  CatalogCheckCommand check;
  SampleCommand sample;
  ServeCommand serve;
  WorkerCommand worker;
  OperatorWords of_operators;
};

/// An empty path is a variable that a script did not set.
std::string not_empty(const std::string& path) { return path.empty() ? "the name is empty" : ""; }

CLI::Option* add_voice(CLI::App* command, Words& words) {
  return command->add_option("--voice", words.voice, "bass, baritone, tenor, alto, mezzo or soprano")
      ->check(CLI::IsMember(voice_types))
      ->type_name("TYPE")
      ->capture_default_str();
}

/// Where a server's rows, files and events are. Whoever lists processes sees the command line, so a URL with
/// a password in it is better in the environment.
void add_adapters(CLI::App& app, Words& words) {
  const auto add = [&](const char* name, std::string& value, std::string (*check)(const std::string&),
                       const char* text) {
    app.add_option(name, value, text)->check(check)->type_name("URL")->group("A server past one machine");
  };
  add("--store", words.store, check_store,
      "rows in PostgreSQL: postgres://USER@HOST:PORT/DATABASE (or ORAKGARAK_STORE, which ps does not show)");
  add("--objects", words.objects, check_objects,
      "files in S3: s3://BUCKET?endpoint=URL&region=NAME&path_style=true (or ORAKGARAK_OBJECTS); keys in "
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  add("--events", words.events, check_events,
      "events over Kafka: kafka://HOST:PORT,HOST:PORT (or ORAKGARAK_EVENTS); password in "
      "ORAKGARAK_KAFKA_PASSWORD");
}

void add_global(CLI::App& app, Words& words, const Environment& environment) {
  app.add_option("--notation", words.notation, "scientific (G4), korean (2옥타브 솔) or japanese (mid2G)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"scientific", "korean", "japanese"}));
  app.add_option("--data", words.data,
                 "folder for your own songs and the server's data (default: the XDG data folder)")
      ->check(not_empty)
      ->type_name("DIR");
  app.add_option("--catalog-dir", words.catalog, "folder of the starter catalogues")
      ->check(not_empty)
      ->type_name("DIR");
  app.add_flag("--no-korean-top-notes", words.no_korean,
               "leave out the Korean songs known by their top note");
  app.add_flag("--mandarin-pop", words.mandarin, "also use the Mandarin songs, whose octave is uncertain");
  app.set_config("--config", config_file(environment).string(), "settings, one NAME=VALUE a line")
      ->type_name("FILE");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.set_version_flag("--version", std::string("orakgarak ") + ORAK_VERSION);
  app.set_help_flag("-h,--help", "what this command does and takes");
}

void add_analyze(CLI::App& app, Words& words) {
  auto* command =
      app.add_subcommand("analyze", "Measure the range, tessitura, intonation and timbre of a take");
  command->add_option("FILE", words.analyze.files, "recordings of one voice, any audio format")
      ->check(not_empty)
      ->required();
  auto* json = command->add_flag("--json", words.json, "one JSON object a file, one a line");
  auto* csv = command->add_flag("--csv", words.csv, "the pitch track: time,f0_hz,confidence,heard_by");
  json->excludes(csv);
  command->add_option("--plot", words.analyze.plot, "also draw it, as .svg or .png")
      ->check(not_empty)
      ->type_name("OUT");
  auto* backing = command->add_option("--backing", words.analyze.backing,
                                      "what was played while singing, as a file: it is taken out first");
  backing->check(not_empty)->type_name("FILE");
  command
      ->add_option("--backing-start", words.analyze.backing_start,
                   "where in the take it begins, to within 12 s; negative: before it")
      ->needs(backing)
      ->check(CLI::Range(-36000.0, 36000.0))
      ->type_name("SECONDS")
      ->capture_default_str();
}

/// Values with commas between them, or the option again. Never the word after: that is a FILE.
void add_list(CLI::App* command, const char* name, std::vector<std::string>& values, const char* text,
              const char* type) {
  command->add_option(name, values, text)
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->type_name(type);
}

void add_recommend(CLI::App& app, Words& words) {
  auto* command = app.add_subcommand("recommend", "Songs that this voice can sing, each in its key");
  auto& options = words.recommend.options;
  command->add_option("FILE", words.recommend.files, "recordings of one singer; all count together")
      ->check(not_empty)
      ->required();
  command->add_option("--keys", words.keys, "key shifts to try, in semitones")
      ->type_name("A..B")
      ->capture_default_str();
  add_list(command, "--language", words.languages, "only songs in these: ko,en", "CODES");
  add_list(command, "--decade", words.decades, "only songs of these: 1990,2000", "YEARS");
  add_list(command, "--prefer-language", words.preferred_languages, "rather than others, which stay in",
           "CODES");
  add_list(command, "--prefer-decade", words.preferred_decades, "rather than others, which stay in", "YEARS");
  command
      ->add_option("--popularity", options.popularity, "points that the best-known song gains in the order")
      ->check(CLI::Range(0.0, 100.0))
      ->type_name("0..100")
      ->capture_default_str();
  command->add_option("--limit", options.limit, "songs to show")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--no-octave-shift", words.no_octave, "leave out songs that fit only an octave away");
  command->add_flag("--json", words.json, "one JSON object");
}

void add_catalog(CLI::App& app, Words& words) {
  auto* catalog = app.add_subcommand("catalog", "Your own songs and the starter catalogues");
  catalog->require_subcommand(1);
  auto* import = catalog->add_subcommand(
      "import", "Add songs: JSONL, CSV, UltraStar, MIDI, KAR, MusicXML or Humdrum kern, known by content");
  import->add_option("FILE", words.import.files, "song files of any of these kinds")
      ->check(not_empty)
      ->required();
  catalog->add_subcommand("list", "The songs in use")
      ->add_option("--search", words.list.search, "part of a title or artist")
      ->type_name("TEXT");
  catalog->add_subcommand("show", "All that is known about a song")
      ->add_option("TITLE", words.show.title, "the whole title, large and small letters alike")
      ->required();
  catalog->add_subcommand("check", "Look for broken lines, doubles and implausible facts")
      ->add_option("FILE", words.check.files, "instead of the catalogues in use")
      ->check(not_empty);
}

void add_sample_and_demo(CLI::App& app, Words& words) {
  auto* sample = app.add_subcommand("sample", "Let the demo singer (a synthesiser) sing into a WAV file");
  sample->add_option("OUT", words.sample.out, "the WAV file to write")->check(not_empty)->required();
  add_voice(sample, words);
  sample->add_option("--truth", words.sample.truth, "also write the exact pitch: time,f0_hz")
      ->check(not_empty)
      ->type_name("CSV");
  sample->add_option("--rate", words.sample.rate, "samples a second")
      ->type_name("HZ")
      ->check(CLI::Range(8000, 192000))
      ->capture_default_str();
  sample->add_option("--seed", words.sample.seed, "another number, another performance")
      ->capture_default_str();
  auto* demo = app.add_subcommand("demo", "Range and songs of the demo singer: no recording needed");
  add_voice(demo, words);
}

Stop usage(std::string_view what, std::string_view command) {
  const auto help = command.empty() ? std::string() : std::string(command) + " ";
  return {ExitCode::usage, fmt::format("orakgarak: {}\nSee orakgarak {}--help.\n", printable(what), help)};
}

std::expected<std::vector<int>, std::string> decades_of(const std::vector<std::string>& words) {
  std::vector<int> decades;
  for (const auto& word : words) {
    const auto decade = parse_decade(word);
    if (!decade) return std::unexpected(fmt::format("\"{}\" is no decade; write it as 1990", word));
    decades.push_back(*decade);
  }
  return decades;
}

/// By code or by English name, as song files have them.
std::expected<std::vector<std::string>, std::string> languages_of(const std::vector<std::string>& words) {
  std::vector<std::string> codes;
  for (const auto& word : words) {
    const auto letter = [](char c) { return 'a' <= c && c <= 'z'; };
    std::string code(formats::language_code(word));
    if (code.empty() && word.size() == 2 && letter(word[0]) && letter(word[1])) code = word;
    if (code.empty())
      return std::unexpected(fmt::format("\"{}\" is no language; write its two letters: ko, en, ja", word));
    codes.push_back(std::move(code));
  }
  return codes;
}

std::expected<KeySpan, std::string> keys_of(const std::string& words) {
  const auto keys = parse_keys(words);
  if (!keys) return std::unexpected(fmt::format("\"{}\" are no keys; write them as -6..6", words));
  if (keys->lowest > keys->highest || keys->lowest < -outermost_key || keys->highest > outermost_key)
    return std::unexpected(
        fmt::format("keys lie within -{0}..{0}, the lowest first; {1} do not", outermost_key, words));
  return *keys;
}

std::expected<Command, std::string> recommend_command(Words& words) {
  auto command = std::move(words.recommend);
  const auto keys = keys_of(words.keys);
  if (!keys) return std::unexpected(keys.error());
  command.options.lowest_key = keys->lowest;
  command.options.highest_key = keys->highest;
  command.options.octave_apart = !words.no_octave;
  auto decades = decades_of(words.decades), preferred = decades_of(words.preferred_decades);
  if (!decades) return std::unexpected(decades.error());
  if (!preferred) return std::unexpected(preferred.error());
  auto languages = languages_of(words.languages), spoken = languages_of(words.preferred_languages);
  if (!languages) return std::unexpected(languages.error());
  if (!spoken) return std::unexpected(spoken.error());
  command.options.languages = std::move(*languages);
  command.options.preferred_languages = std::move(*spoken);
  command.options.decades = std::move(*decades);
  command.options.preferred_decades = std::move(*preferred);
  command.form = words.json ? AnswerForm::json : AnswerForm::text;
  return command;
}

std::expected<Command, std::string> analyze_command(Words& words) {
  auto command = std::move(words.analyze);
  command.form = words.json ? AnswerForm::json : words.csv ? AnswerForm::csv : AnswerForm::text;
  if (command.files.size() > 1 && command.form == AnswerForm::csv)
    return std::unexpected("--csv writes the pitch of one file; give one FILE");
  if (command.files.size() > 1 && !command.plot.empty())
    return std::unexpected("--plot draws one take; give one FILE");
  if (command.files.size() > 1 && !command.backing.empty())
    return std::unexpected("--backing was played during one take; give one FILE");
  return command;
}

std::expected<Command, std::string> command_of(const CLI::App& app, Words& words) {
  if (app.got_subcommand("analyze")) return analyze_command(words);
  if (app.got_subcommand("recommend")) return recommend_command(words);
  if (app.got_subcommand("sample")) {
    words.sample.voice = voice_types.at(words.voice);
    return words.sample;
  }
  if (app.got_subcommand("serve")) return words.serve;
  if (app.got_subcommand("worker")) return words.worker;
  if (app.got_subcommand("demo")) return DemoCommand{voice_types.at(words.voice)};
  if (is_operator_command(app)) return operator_command_of(app, words.of_operators);
  const auto* catalog = app.get_subcommand("catalog");
  if (catalog->got_subcommand("import")) return words.import;
  if (catalog->got_subcommand("list")) return words.list;
  if (catalog->got_subcommand("show")) return words.show;
  return words.check;
}

/// The URL of an adapter that the environment names, where nothing else does.
std::expected<std::string, std::string> adapter_url(const std::string& given, const Environment& environment,
                                                    const char* variable,
                                                    std::string (*check)(const std::string&)) {
  const auto found = environment.find(variable);
  if (!given.empty() || found == environment.end()) return given;
  if (const auto fault = check(found->second); !fault.empty())
    return std::unexpected(fmt::format("{}: {}", variable, fault));
  return found->second;
}

std::expected<Settings, std::string> settings_of(const Words& words, const Environment& environment) {
  const auto notation = formats::parse_notation(words.notation);
  auto store = adapter_url(words.store, environment, "ORAKGARAK_STORE", check_store);
  auto objects = adapter_url(words.objects, environment, "ORAKGARAK_OBJECTS", check_objects);
  auto events = adapter_url(words.events, environment, "ORAKGARAK_EVENTS", check_events);
  for (const auto* url : {&store, &objects, &events})
    if (!*url) return std::unexpected(url->error());
  Settings settings;
  settings.store = std::move(*store);
  settings.objects = std::move(*objects);
  settings.events = std::move(*events);
  settings.data = words.data.empty() ? data_folder(environment) : std::filesystem::path(words.data);
  settings.catalog = words.catalog.empty() ? catalog_folder() : std::filesystem::path(words.catalog);
  settings.notation = notation ? *notation : formats::notation_of_locale(message_locale(environment));
  settings.korean_top_notes = !words.no_korean;
  settings.mandarin_pop = words.mandarin;
  return settings;
}

/// None of the commands of `app` was given: which are there, and which was meant. words: those after `app`.
Stop no_command(const CLI::App& app, std::string_view under, std::span<const std::string> words) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (words.empty()) return usage(fmt::format("say what to do: {}", fmt::join(names, ", ")), under);
  const auto given = under.empty() ? words.front() : fmt::format("{} {}", under, words.front());
  const auto meant = nearest_word(words.front(), names);
  return usage(meant.empty()
                   ? fmt::format("there is no command \"{}\"; there are {}", given, fmt::join(names, ", "))
                   : fmt::format("there is no command \"{}\"; did you mean {}?", given, meant),
               under);
}

/// The name in CLI11's "INI was not able to parse NAME".
std::string_view unknown_setting(std::string_view what) {
  constexpr std::string_view before = "parse ";
  const auto at = what.find(before);
  return at == std::string_view::npos ? what : what.substr(at + before.size());
}

/// What is wrong with the configuration file, which CLI11 does not name; empty where something else is wrong.
std::string config_fault(const CLI::App& app, const CLI::ParseError& error,
                         std::span<const std::string> arguments) {
  const auto file = app.get_config_ptr()->as<std::string>();
  const std::string_view what = error.what();
  if (dynamic_cast<const CLI::FileError*>(&error))
    return fmt::format("the configuration file {} cannot be read; name another with --config", file);
  if (dynamic_cast<const CLI::ConfigError*>(&error))
    return fmt::format("{}: \"{}\" is no setting; there are {}", file, unknown_setting(what), setting_names);
  const auto option = what.substr(0, what.find(':'));
  const bool given = std::ranges::any_of(arguments, [&](const auto& a) { return a.starts_with(option); });
  const bool of_all = option.starts_with("--") && app.get_option_no_throw(std::string(option));
  if (dynamic_cast<const CLI::ValidationError*>(&error) && of_all && !given)
    return fmt::format("{}: {}", file, what);
  return {};
}

/// What CLI11 found wrong, and the command that was meant if the first word is nearly one.
Stop stop_of(const CLI::App& app, const CLI::ParseError& error, std::span<const std::string> arguments) {
  if (error.get_exit_code() == 0) {
    std::ostringstream out, err;
    app.exit(error, out, err);
    return {ExitCode::answered, out.str()};
  }
  if (const auto fault = config_fault(app, error, arguments); !fault.empty()) return usage(fault, "");
  const CLI::App* chosen = &app;
  std::string path;
  while (!chosen->get_subcommands().empty()) {
    chosen = chosen->get_subcommands().front();
    path += (path.empty() ? "" : " ") + chosen->get_name();
  }
  if (!path.empty()) {
    if (chosen->get_require_subcommand_min() == 0) return usage(error.what(), path);
    const auto after = std::ranges::find(arguments, path) - arguments.begin();
    const auto words = arguments.subspan(std::min<std::size_t>(after + 1, arguments.size()));
    return !words.empty() && words.front().starts_with("-") ? usage(error.what(), path)
                                                            : no_command(*chosen, path, words);
  }
  for (const auto& argument : arguments)
    if (argument.starts_with("-") && !app.get_option_no_throw(argument.substr(0, argument.find('='))))
      return usage(fmt::format("there is no option {}", argument.substr(0, argument.find('='))), "");
  if (!arguments.empty() && arguments.front().starts_with("-")) return usage(error.what(), "");
  return no_command(app, "", arguments);
}

/// So that the help of a command says where the options of all are.
void add_footers(CLI::App& app) {
  app.footer(help_footer);
  for (auto* command : app.get_subcommands([](CLI::App*) { return true; })) {
    command->footer(command_footer);
    for (auto* below : command->get_subcommands([](CLI::App*) { return true; }))
      below->footer(command_footer);
  }
}

std::expected<Invocation, Stop> parse(std::span<const std::string> arguments,
                                      const Environment& environment) {
  CLI::App app("Sing once, get songs you can sing: range and timbre of a voice, and songs in its keys.",
               "orakgarak");
  Words words;
  app.require_subcommand(1);
  app.fallthrough();
  add_global(app, words, environment);
  add_adapters(app, words);
  add_analyze(app, words);
  add_recommend(app, words);
  add_catalog(app, words);
  add_sample_and_demo(app, words);
  add_serve(app, words.serve);
  add_worker(app, words.worker);
  add_operator_commands(app, words.of_operators);
  add_footers(app);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return std::unexpected(stop_of(app, error, arguments));
  }
  const auto name = app.get_subcommands().front()->get_name();
  auto command = command_of(app, words);
  if (!command) return std::unexpected(usage(command.error(), name));
  auto settings = settings_of(words, environment);
  if (!settings) return std::unexpected(usage(settings.error(), ""));
  if (const auto fault = adapters_fault(*settings, *command)) return std::unexpected(usage(*fault, name));
  return Invocation{std::move(*settings), std::move(*command)};
}

}  // namespace

Environment read_environment() {
  Environment environment;
  for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LC_ALL", "LC_MESSAGES", "LANG",
                           "ORAKGARAK_STORE", "ORAKGARAK_OBJECTS", "ORAKGARAK_EVENTS"})
    if (const char* value = std::getenv(name); value && *value) environment[name] = value;
  return environment;
}

std::expected<Invocation, Stop> parse_command_line(std::span<const std::string> arguments,
                                                   const Environment& environment) {
  auto invocation = parse(arguments, environment);
  if (!invocation) invocation.error().text = without_urls(std::move(invocation.error().text), arguments);
  return invocation;
}

std::optional<KeySpan> parse_keys(std::string_view text) {
  std::string plain(text);
  for (std::size_t at; (at = plain.find("−")) != std::string::npos;)
    plain.replace(at, std::string_view("−").size(), "-");
  const auto number = [](std::string_view word) -> std::optional<int> {
    if (word.starts_with('+')) word.remove_prefix(1);
    int value = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (fault != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return value;
  };
  const auto dots = plain.find("..");
  const auto lowest = number(std::string_view(plain).substr(0, dots));
  const auto highest = dots == std::string::npos ? lowest : number(std::string_view(plain).substr(dots + 2));
  if (!lowest || !highest) return std::nullopt;
  return KeySpan{*lowest, *highest};
}

std::optional<int> parse_decade(std::string_view text) {
  if (text.ends_with('s')) text.remove_suffix(1);
  int year = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), year);
  if (fault != std::errc() || end != text.data() + text.size() || text.size() != 4 || year % 10 != 0)
    return std::nullopt;
  return year;
}

}  // namespace orakgarak::app
