#include "app/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>

#include "app/folders.h"
#include "app/text.h"

namespace orakgarak::app {
namespace {

constexpr const char* help_footer =
    "Sing about half a minute, from your lowest comfortable note to your highest, without backing, and run\n"
    "  orakgarak recommend my-take.webm\n"
    "Exit codes: 0 answered, 2 wrong command line, 3 some input cannot be read, 4 nothing to measure.";

const std::map<std::string, voice::VoiceType> voice_types{
    {"bass", voice::VoiceType::bass},   {"baritone", voice::VoiceType::baritone},
    {"tenor", voice::VoiceType::tenor}, {"alto", voice::VoiceType::alto},
    {"mezzo", voice::VoiceType::mezzo}, {"soprano", voice::VoiceType::soprano}};

/// What CLI11 fills in before it becomes a Command.
struct Words {
  std::string data, catalog, notation, keys = "-6..6", voice = "tenor";
  bool json = false, csv = false, no_octave = false, no_korean = false, mandarin = false;
  std::vector<std::string> decades, preferred_decades;
  AnalyzeCommand analyze;
  RecommendCommand recommend;
  CatalogImportCommand import;
  CatalogListCommand list;
  CatalogShowCommand show;
  CatalogCheckCommand check;
  SampleCommand sample;
};

CLI::Option* add_voice(CLI::App* command, Words& words) {
  return command->add_option("--voice", words.voice, "bass, baritone, tenor, alto, mezzo or soprano")
      ->check(CLI::IsMember(voice_types))
      ->type_name("TYPE")
      ->capture_default_str();
}

void add_global(CLI::App& app, Words& words, const Environment& environment) {
  app.add_option("--notation", words.notation, "scientific (G4), korean (2옥타브 솔) or japanese (mid2G)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"scientific", "korean", "japanese"}));
  app.add_option("--data", words.data, "folder for your own songs (default: the XDG data folder)")
      ->type_name("DIR");
  app.add_option("--catalog-dir", words.catalog, "folder of the starter catalogues")->type_name("DIR");
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
  command->add_option("FILE", words.analyze.files, "recordings of one voice, any audio format")->required();
  auto* json = command->add_flag("--json", words.json, "one JSON object a file, one a line");
  auto* csv = command->add_flag("--csv", words.csv, "the pitch track: time,f0_hz,confidence");
  json->excludes(csv);
  command->add_option("--plot", words.analyze.plot, "also draw it, as .svg or .png")->type_name("OUT");
}

void add_recommend(CLI::App& app, Words& words) {
  auto* command = app.add_subcommand("recommend", "Songs that this voice can sing, each in its key");
  auto& options = words.recommend.options;
  command->add_option("FILE", words.recommend.files, "recordings of one singer; all count together")
      ->required();
  command->add_option("--keys", words.keys, "key shifts to try, in semitones")
      ->type_name("A..B")
      ->capture_default_str();
  command->add_option("--language", options.languages, "only songs in these: ko,en")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->type_name("CODES");
  command->add_option("--decade", words.decades, "only songs of these: 1990,2000")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->type_name("YEARS");
  command->add_option("--prefer-language", options.preferred_languages, "rather than others, which stay in")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->type_name("CODES");
  command->add_option("--prefer-decade", words.preferred_decades, "rather than others, which stay in")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->type_name("YEARS");
  command
      ->add_option("--popularity", options.popularity, "points that the best-known song gains in the order")
      ->type_name("0..100")
      ->capture_default_str();
  command->add_option("--limit", options.limit, "songs to show")->type_name("N")->capture_default_str();
  command->add_flag("--no-octave-shift", words.no_octave, "leave out songs that fit only an octave away");
  command->add_flag("--json", words.json, "one JSON object");
}

void add_catalog(CLI::App& app, Words& words) {
  auto* catalog = app.add_subcommand("catalog", "Your own songs and the starter catalogues");
  catalog->require_subcommand(1);
  auto* import = catalog->add_subcommand(
      "import", "Add songs: JSONL, CSV, UltraStar, MIDI, KAR, MusicXML or Humdrum kern, known by content");
  import->add_option("FILE", words.import.files)->required();
  catalog->add_subcommand("list", "The songs in use")
      ->add_option("--search", words.list.search, "part of a title or artist")
      ->type_name("TEXT");
  catalog->add_subcommand("show", "All that is known about a song")
      ->add_option("TITLE", words.show.title)
      ->required();
  catalog->add_subcommand("check", "Look for broken lines, doubles and implausible facts")
      ->add_option("FILE", words.check.files, "instead of the catalogues in use");
}

void add_sample_and_demo(CLI::App& app, Words& words) {
  auto* sample = app.add_subcommand("sample", "Let the demo singer (a synthesiser) sing into a WAV file");
  sample->add_option("OUT", words.sample.out, "the WAV file to write")->required();
  add_voice(sample, words);
  sample->add_option("--truth", words.sample.truth, "also write the exact pitch: time,f0_hz")
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
  return {ExitCode::usage, fmt::format("orakgarak: {}\nSee orakgarak {}--help.\n", what, help)};
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

std::expected<Command, std::string> recommend_command(Words& words) {
  auto command = std::move(words.recommend);
  const auto keys = parse_keys(words.keys);
  if (!keys) return std::unexpected(fmt::format("\"{}\" are no keys; write them as -6..6", words.keys));
  command.options.lowest_key = keys->lowest;
  command.options.highest_key = keys->highest;
  command.options.octave_apart = !words.no_octave;
  auto decades = decades_of(words.decades), preferred = decades_of(words.preferred_decades);
  if (!decades) return std::unexpected(decades.error());
  if (!preferred) return std::unexpected(preferred.error());
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
  return command;
}

std::expected<Command, std::string> command_of(const CLI::App& app, Words& words) {
  if (app.got_subcommand("analyze")) return analyze_command(words);
  if (app.got_subcommand("recommend")) return recommend_command(words);
  if (app.got_subcommand("sample")) {
    words.sample.voice = voice_types.at(words.voice);
    return words.sample;
  }
  if (app.got_subcommand("demo")) return DemoCommand{voice_types.at(words.voice)};
  const auto* catalog = app.get_subcommand("catalog");
  if (catalog->got_subcommand("import")) return words.import;
  if (catalog->got_subcommand("list")) return words.list;
  if (catalog->got_subcommand("show")) return words.show;
  return words.check;
}

Settings settings_of(const Words& words, const Environment& environment) {
  const auto notation = formats::parse_notation(words.notation);
  return {words.data.empty() ? data_folder(environment) : std::filesystem::path(words.data),
          words.catalog.empty() ? catalog_folder() : std::filesystem::path(words.catalog),
          notation ? *notation : formats::notation_of_locale(message_locale(environment)), !words.no_korean,
          words.mandarin};
}

/// What CLI11 found wrong, and the command that was meant if the first word is nearly one.
Stop stop_of(const CLI::App& app, const CLI::ParseError& error, std::span<const std::string> arguments) {
  if (error.get_exit_code() == 0) {
    std::ostringstream out, err;
    app.exit(error, out, err);
    return {ExitCode::answered, out.str()};
  }
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  const auto chosen = app.get_subcommands();
  if (!chosen.empty()) return usage(error.what(), chosen.front()->get_name());
  if (arguments.empty()) return usage(fmt::format("say what to do: {}", fmt::join(names, ", ")), "");
  for (const auto& argument : arguments)
    if (argument.starts_with("-") && !app.get_option_no_throw(argument.substr(0, argument.find('='))))
      return usage(fmt::format("there is no option {}", argument), "");
  if (arguments.front().starts_with("-")) return usage(error.what(), "");
  const auto meant = nearest_word(arguments.front(), names);
  return usage(
      meant.empty()
          ? fmt::format("there is no command \"{}\"; there are {}", arguments.front(), fmt::join(names, ", "))
          : fmt::format("there is no command \"{}\"; did you mean {}?", arguments.front(), meant),
      "");
}

}  // namespace

Environment read_environment() {
  Environment environment;
  for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value && *value) environment[name] = value;
  return environment;
}

std::expected<Invocation, Stop> parse_command_line(std::span<const std::string> arguments,
                                                   const Environment& environment) {
  CLI::App app("Sing once, get songs you can sing: range and timbre of a voice, and songs in its keys.",
               "orakgarak");
  Words words;
  app.require_subcommand(1);
  app.fallthrough();
  add_global(app, words, environment);
  add_analyze(app, words);
  add_recommend(app, words);
  add_catalog(app, words);
  add_sample_and_demo(app, words);
  app.footer(help_footer);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return std::unexpected(stop_of(app, error, arguments));
  }
  auto command = command_of(app, words);
  if (!command) return std::unexpected(usage(command.error(), app.get_subcommands().front()->get_name()));
  return Invocation{settings_of(words, environment), std::move(*command)};
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
