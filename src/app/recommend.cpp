#include "app/recommend.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/commands.h"
#include "app/library.h"
#include "app/recommend_text.h"
#include "app/take.h"
#include "app/terminal.h"
#include "formats/recommend_json.h"
#include "formats/recommend_words.h"
#include "formats/report_words.h"

namespace orakgarak::app {
namespace {

struct Heard {
  std::vector<formats::TakeOutcome> takes;  ///< one a file
  std::vector<voice::VoiceReport> reports;  ///< of those that say something about a voice
  bool unreadable() const {
    return std::ranges::any_of(takes, [](const auto& take) { return take.unreadable.has_value(); });
  }
};

Heard hear(std::span<const std::string> files) {
  Heard heard;
  for (const auto& file : files) {
    auto take = hear_take(file);
    if (!take) {
      complain(take.error().detail);
      heard.takes.push_back({file, std::move(take.error()), std::nullopt});
      continue;
    }
    auto why_not = formats::nothing_to_measure(take->report);
    if (why_not)
      complain(fmt::format("{}: nothing to measure: {}", file, *why_not));
    else
      heard.reports.push_back(std::move(take->report));
    heard.takes.push_back({file, std::nullopt, std::move(why_not)});
  }
  return heard;
}

/// "ko or en, 1990s": the songs that were asked for; empty where all are.
std::string asked_for(const songs::MatchOptions& options) {
  std::string text = fmt::format("{}", fmt::join(options.languages, " or "));
  for (const int decade : options.decades)
    text += fmt::format("{}{}s",
                        text.empty()                        ? ""
                        : decade == options.decades.front() ? ", "
                                                            : " or ",
                        decade);
  return text;
}

ExitCode nothing(const Heard& heard, const std::string& why_not, AnswerForm form) {
  if (form == AnswerForm::json) write_out(formats::recommend_nothing_json(heard.takes, why_not) + "\n");
  return heard.unreadable() ? ExitCode::unreadable : ExitCode::nothing;
}

}  // namespace

ExitCode recommend(std::span<const std::string> files, const songs::MatchOptions& options, AnswerForm form,
                   const Settings& settings) {
  // The catalogues first: they load in milliseconds, and a fault there should not wait for a long take.
  auto library = load_library(settings);
  if (!library) {
    complain(library.error().detail);
    return ExitCode::unreadable;
  }
  for (const auto& warning : library->warnings) complain(warning);
  const auto matcher = songs::Matcher::create(std::move(library->songs));

  const auto heard = hear(files);
  if (heard.reports.empty()) {
    const auto& first = heard.takes.front();
    return nothing(heard, first.why_not ? *first.why_not : "no take could be read", form);
  }
  const auto profile = songs::merge_profile(heard.reports);
  const auto answer = matcher.match(profile, options);
  if (!answer && answer.error().code == "bad_option") {
    complain(answer.error().detail);
    return ExitCode::usage;
  }
  if (!answer) {
    complain(answer.error().detail);
    return nothing(heard, answer.error().detail, form);
  }
  const auto narrowed = asked_for(options);
  write_out(form == AnswerForm::json
                ? formats::recommend_json(heard.takes, profile, matcher.songs(), *answer, settings.notation) +
                      "\n"
                : recommend_text(profile, matcher.songs(), *answer, narrowed, settings.notation,
                                 Output::standard()));
  const bool no_song = answer->songs.empty() && answer->octave_apart.empty();
  if (no_song && !answer->why_nothing.empty())
    complain(fmt::format("no song to recommend: {}{}",
                         formats::describe(answer->why_nothing.front(), settings.notation),
                         narrowed.empty() ? "" : fmt::format(" ({})", narrowed)));
  if (heard.unreadable()) return ExitCode::unreadable;
  return no_song ? ExitCode::nothing : ExitCode::answered;
}

ExitCode run(const RecommendCommand& command, const Settings& settings) {
  return recommend(command.files, command.options, command.form, settings);
}

}  // namespace orakgarak::app
