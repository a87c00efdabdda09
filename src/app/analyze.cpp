#include <fmt/format.h>

#include <algorithm>

#include "app/analyze_text.h"
#include "app/commands.h"
#include "app/pending_file.h"
#include "app/take.h"
#include "app/terminal.h"
#include "app/text.h"
#include "formats/plot.h"
#include "formats/report_csv.h"
#include "formats/report_json.h"
#include "formats/report_words.h"

namespace orakgarak::app {
namespace {

/// The pitch track is an answer as soon as anything is voiced, whatever becomes of the range.
std::optional<std::string> why_no_answer(const Take& take, AnswerForm form) {
  if (form != AnswerForm::csv) return formats::nothing_to_measure(take.report);
  if (take.report.voiced > Seconds()) return std::nullopt;
  return "no voice was found";
}

std::string answer(const Take& take, AnswerForm form, const Settings& settings, const Output& output) {
  switch (form) {
    case AnswerForm::json:
      return formats::report_json(take.facts, take.report, settings.notation) + "\n";
    case AnswerForm::csv:
      return formats::pitch_csv(take.report.frames);
    case AnswerForm::text:
      return analyze_text(take, settings.notation, output);
  }
  return {};
}

Result<void> write_plot(PendingFile& file, const std::string& path, const Take& take,
                        const Settings& settings) {
  const formats::PlotText text{printable(std::filesystem::path(take.facts.file).filename().string()),
                               settings.notation};
  const auto bytes =
      formats::draw_plot(take.report, text, formats::plot_format(path).value_or(formats::PlotFormat::svg));
  if (!bytes) return std::unexpected(bytes.error());
  return file.commit(*bytes);
}

/// Opened before the analysis, so that nobody waits for a plot that cannot be kept.
Result<std::optional<PendingFile>> open_plot(const std::string& path) {
  if (path.empty()) return std::nullopt;
  if (!formats::plot_format(path))
    return rejected("plot_format",
                    fmt::format("{} is neither .svg nor .png; name the plot one of them", path));
  auto file = PendingFile::open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  return std::optional(std::move(*file));
}

class Analysis {
 public:
  Analysis(const AnalyzeCommand& command, const Settings& settings)
      : command_(command), settings_(settings), output_(Output::standard()) {}

  ExitCode run() {
    auto plot = open_plot(command_.plot);
    if (!plot) {
      complain(plot.error().detail);
      return ExitCode::usage;
    }
    ExitCode code = ExitCode::answered;
    for (const auto& file : command_.files) code = worse(code, analyze(file, *plot));
    return code;
  }

 private:
  /// unreadable before nothing before answered; a fault of ours before all.
  static ExitCode worse(ExitCode a, ExitCode b) {
    const auto weight = [](ExitCode code) {
      return code == ExitCode::usage        ? 3
             : code == ExitCode::unreadable ? 2
             : code == ExitCode::nothing    ? 1
                                            : 0;
    };
    return weight(a) >= weight(b) ? a : b;
  }

  std::optional<BackingFile> backing() const {
    if (command_.backing.empty()) return std::nullopt;
    return BackingFile{command_.backing, Seconds(command_.backing_start)};
  }

  ExitCode analyze(const std::string& file, std::optional<PendingFile>& plot) {
    const bool pitch_only = command_.form == AnswerForm::csv && !plot;
    const auto take = hear_take(file, {.live = false, .pitch_only = pitch_only}, backing());
    if (!take) {
      complain(take.error().detail);
      if (command_.form == AnswerForm::json) write_out(formats::unreadable_json(file, take.error()) + "\n");
      return ExitCode::unreadable;
    }
    if (take->facts.backing && !*take->facts.backing)
      complain(
          fmt::format("{}: measured with the backing in it: {}", file, take->facts.backing->error().detail));
    ExitCode code = ExitCode::answered;
    if (plot)
      if (const auto drawn = write_plot(*plot, command_.plot, *take, settings_); !drawn) {
        complain(drawn.error().detail);
        code = ExitCode::usage;
      }
    const bool between = command_.form == AnswerForm::text && !std::exchange(first_, false);
    if (between) write_out("\n");
    write_out(answer(*take, command_.form, settings_, output_));
    if (const auto why = why_no_answer(*take, command_.form)) {
      complain(fmt::format("{}: nothing to measure: {}", file, *why));
      code = worse(code, ExitCode::nothing);
    }
    return code;
  }

  const AnalyzeCommand& command_;
  const Settings& settings_;
  Output output_;
  bool first_ = true;
};

}  // namespace

ExitCode run(const AnalyzeCommand& command, const Settings& settings) {
  return Analysis(command, settings).run();
}

}  // namespace orakgarak::app
