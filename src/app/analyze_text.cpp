#include "app/analyze_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/text.h"
#include "formats/report_words.h"

namespace orakgarak::app {
namespace {

using formats::note_name;
using End = std::expected<voice::RangeEnd, voice::RangeDecline>;

constexpr int label_columns = 16;    // "  Comfortable   "
constexpr double least_sung = 0.05;  // s at a semitone that the chart shows
constexpr double told_cents = 10;    // smaller distances from a note's name are not worth a word

class AnalyzeText {
 public:
  AnalyzeText(const Take& take, formats::Notation notation, const Output& output)
      : take_(take), report_(take.report), notation_(notation), output_(output) {}

  std::string write() {
    heading();
    const auto why_not = formats::nothing_to_measure(report_);
    if (why_not) row("No answer", *why_not, Colour::yellow);
    if (report_.voiced > Seconds()) {
      range();
      heard_by();
      tessitura();
      if (!why_not) voice_colour();
    }
    backing();
    recording();
    return std::move(text_);
  }

 private:
  void heading() {
    const auto file = printable(take_.facts.file);
    const auto facts = fmt::format("  {}, {}, {:.1f} s sung\n", formats::clock_time(report_.duration),
                                   formats::sample_rate(report_.source_rate), report_.voiced.value);
    text_ += output_.paint(Colour::bold, file);
    if (display_width(file) + display_width(facts) - 1 > output_.columns()) text_ += "\n";
    text_ += facts;
    if (take_.facts.truncated)
      row("Cut short", "the file ends early; this is about what was there", Colour::yellow);
    if (take_.damaged_packets > 0)
      row("Damaged",
          fmt::format(
              "{} could not be decoded and {} skipped",
              take_.damaged_packets == 1 ? "one piece" : fmt::format("{} pieces", take_.damaged_packets),
              take_.damaged_packets == 1 ? "was" : "were"),
          Colour::yellow);
  }

  void backing() {
    if (!take_.facts.backing) return;
    if (const auto& removed = *take_.facts.backing; !removed)
      row("Backing", "not taken out: " + removed.error().detail, Colour::yellow);
    else
      row("Backing",
          fmt::format("{:.0f} dB taken out where it stands most alone; it begins at {:+.2f} s and is heard "
                      "{:+.0f} ppm fast",
                      removed->removed.value, removed->started.value, removed->drift_ppm));
  }

  void row(std::string_view label, std::string_view content, Colour colour = Colour::plain) {
    const auto lines = wrapped(content, output_.columns() - label_columns, label_columns);
    text_ += output_.paint(Colour::dim, fit_left("  " + std::string(label), label_columns));
    text_ += output_.paint(colour, lines) + "\n";
  }

  static std::optional<Midi> pitch(const End& end) { return end ? std::optional(end->pitch) : std::nullopt; }

  void range() {
    const auto& [lowest, highest, low, high] = report_.range;
    if (!lowest && !highest) return;  // "No answer" said why
    auto words = span_text(pitch(lowest), pitch(highest), notation_);
    if (lowest && highest)
      words += fmt::format(", {} semitones", formats::semitones_between(lowest->pitch, highest->pitch));
    row("Range", words, Colour::bold);
    end_row("  lowest", lowest);
    end_row("  highest", highest);
    if (low || high) row("Comfortable", span_text(pitch(low), pitch(high), notation_), Colour::green);
  }

  void end_row(std::string_view label, const End& end) {
    if (!end) {
      row(label, fmt::format("cannot tell. {}", voice::explain(end.error())), Colour::yellow);
      return;
    }
    const double cents = formats::cents_off(end->pitch).value;
    const auto off = std::abs(cents) >= told_cents ? fmt::format(" {:+.0f} cents", cents) : std::string();
    row(label, fmt::format("{}{}, ±{:.1f} semitones; held {:.1f} s, listen at {} to {}",
                           note_name(end->pitch, notation_), off, end->uncertainty.value, end->steady.value,
                           formats::clock_time(end->longest.start), formats::clock_time(end->longest.end)));
  }

  /// The top row is the highest note sung; notes nobody sang between them keep their row.
  void tessitura() {
    const auto& seconds = report_.tessitura.seconds;
    int low = 128, high = -1, name_columns = 0;
    double most = 0;
    for (int midi = 0; midi < 128; ++midi) {
      const double sung = seconds[static_cast<std::size_t>(midi)];
      if (sung < least_sung) continue;
      low = std::min(low, midi);
      high = midi;
      most = std::max(most, sung);
      name_columns = std::max(name_columns, display_width(note_name(Midi(midi), notation_)));
    }
    if (high < 0) return;
    row("Tessitura", "seconds at each note");
    const int bar_columns = std::clamp(output_.columns() - label_columns - name_columns - 10, 10, 50);
    for (int midi = high; midi >= low; --midi) {
      const double sung = seconds[static_cast<std::size_t>(midi)];
      const auto name = note_name(Midi(midi), notation_);
      text_ += std::string(label_columns, ' ');
      if (sung < least_sung) {
        text_ += name;
      } else {
        text_ += fit_left(name, name_columns) + " ";
        text_ += output_.paint(colour_of(midi), sung > 0 && bar(sung / most, bar_columns).empty()
                                                    ? "▏"
                                                    : bar(sung / most, bar_columns));
        text_ += fmt::format(" {:.1f}", sung);
      }
      text_ += "\n";
    }
  }

  void heard_by() {
    const auto percent = [&](voice::Judge judge) {
      return 100 * voice::share_judged_by(judge, report_.frames);
    };
    row("Heard by",
        fmt::format(
            "autocorrelation and network {:.0f} %, autocorrelation alone {:.0f} %, network alone {:.0f} %",
            percent(voice::Judge::both), percent(voice::Judge::autocorrelation),
            percent(voice::Judge::network)));
  }

  Colour colour_of(int midi) const {
    const auto& [lowest, highest, low, high] = report_.range;
    if (!low || !high) return Colour::cyan;
    const bool inside = std::lround(low->pitch.value) <= midi && midi <= std::lround(high->pitch.value);
    return inside ? Colour::green : Colour::yellow;
  }

  void voice_colour() {
    if (report_.intonation) row("Intonation", formats::describe(*report_.intonation));
    std::string words;
    for (const auto& word : report_.timbre.words)
      words.append(words.empty() ? "" : ", ").append(formats::describe(word, report_.timbre));
    if (words.empty()) words = formats::plain_timbre(report_.timbre);
    if (!words.empty()) row("Timbre", words);
  }

  void recording() {
    row("Recording", formats::describe(report_.capture));
    const auto why = formats::nothing_to_measure(report_);
    for (const auto& advice : report_.capture.advice) {
      if (why && (voice::is_no_singing(advice) || *why == voice::advice(advice.fault)))
        continue;  // said above
      row("", voice::advice(advice.fault), advice.blocking ? Colour::red : Colour::yellow);
    }
  }

  const Take& take_;
  const voice::VoiceReport& report_;
  formats::Notation notation_;
  const Output& output_;
  std::string text_;
};

}  // namespace

std::string span_text(const std::optional<Midi>& low, const std::optional<Midi>& high,
                      formats::Notation notation) {
  const auto name = [&](const std::optional<Midi>& end) { return end ? note_name(*end, notation) : "?"; };
  return fmt::format("{} to {}", name(low), name(high));
}

std::string analyze_text(const Take& take, formats::Notation notation, const Output& output) {
  return AnalyzeText(take, notation, output).write();
}

}  // namespace orakgarak::app
