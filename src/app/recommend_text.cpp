#include "app/recommend_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/analyze_text.h"
#include "app/text.h"
#include "formats/recommend_words.h"

namespace orakgarak::app {
namespace {

constexpr int rank_columns = 3, fit_columns = 8, bar_columns = 6, key_columns = 4;
constexpr int before_title_narrow = rank_columns + 1 + fit_columns + key_columns + 2;
constexpr int before_title = before_title_narrow + bar_columns + 2;
constexpr int narrow_columns = 60;             // below, the names need the room of the bars
constexpr std::size_t reasons_shown = 2;       // the JSON has them all
constexpr std::size_t octave_apart_shown = 3;  // an octave away is second best

class RecommendText {
 public:
  RecommendText(std::span<const songs::Song> songs, std::string_view asked_for, formats::Notation notation,
                const Output& output)
      : songs_(songs),
        asked_for_(asked_for),
        notation_(notation),
        output_(output),
        bar_columns_(output.columns() < narrow_columns ? 0 : bar_columns) {}

  std::string write(const songs::SingerProfile& profile, const songs::MatchAnswer& answer) {
    voice(profile, answer);
    if (answer.nothing_fits || answer.songs.empty()) nothing_fits(answer);
    if (!answer.songs.empty()) table(answer.songs, true);
    if (!answer.octave_apart.empty()) {
      text_ += fmt::format("\n{}\n\n", output_.paint(Colour::bold, "An octave away from the original"));
      table(std::span(answer.octave_apart).first(std::min(answer.octave_apart.size(), octave_apart_shown)),
            false);
    }
    return std::move(text_);
  }

 private:
  void voice(const songs::SingerProfile& profile, const songs::MatchAnswer& answer) {
    const auto pitch = [](const std::optional<songs::ProfileEnd>& end) {
      return end ? std::optional(end->pitch) : std::nullopt;
    };
    const auto range =
        fmt::format("Your voice  {}", span_text(pitch(profile.lowest), pitch(profile.highest), notation_));
    const auto takes = fmt::format("  ({} take{})\n", profile.takes, profile.takes == 1 ? "" : "s");
    text_ += output_.paint(Colour::bold, range);
    if (profile.comfortable_low || profile.comfortable_high) {
      const auto span = span_text(pitch(profile.comfortable_low), pitch(profile.comfortable_high), notation_);
      constexpr std::string_view label = "comfortable ";
      const int width = display_width(range) + 2 + static_cast<int>(label.size()) + display_width(span) +
                        display_width(takes) - 1;
      text_ += width > output_.columns() ? ",\n  " : ", ";
      text_ += std::string(label) + output_.paint(Colour::green, span);
    }
    text_ += takes;
    for (const auto& caution : answer.cautions)
      paragraph("  ", formats::describe(caution, notation_), Colour::dim);
    text_ += "\n";
  }

  void paragraph(std::string_view indent, std::string_view content, Colour colour) {
    const int columns = static_cast<int>(indent.size());
    text_ += indent;
    text_ += output_.paint(colour, wrapped(content, output_.columns() - columns, columns)) + "\n";
  }

  void nothing_fits(const songs::MatchAnswer& answer) {
    const auto which = asked_for_.empty() ? std::string() : fmt::format(" ({})", asked_for_);
    text_ += output_.paint(Colour::yellow, answer.songs.empty()
                                               ? fmt::format("No song to choose from{}.", which)
                                               : fmt::format("No song{} fits this voice.", which)) +
             "\n";
    for (const auto& reason : answer.why_nothing)
      paragraph("  ", formats::describe(reason, notation_), Colour::plain);
    if (!answer.songs.empty()) text_ += "The nearest:\n\n";
  }

  void table(std::span<const songs::Match> matches, bool heading) {
    const int rest =
        std::max(20, output_.columns() - (bar_columns_ > 0 ? before_title : before_title_narrow) - 1);
    const int title_columns = rest * 11 / 20, artist_columns = rest - title_columns;
    if (heading)
      text_ += output_.paint(Colour::dim, fmt::format("{}{}{}{}{}{}", fit_right("", rank_columns + 1),
                                                      fit_left("fit", fit_columns + bar_room()),
                                                      fit_right("key", key_columns), "  ",
                                                      fit_left("song", title_columns + 1), "artist")) +
               "\n";
    int rank = 0;
    for (const auto& match : matches) {
      const auto& song = songs_[match.song];
      const auto fit = fmt::format("{:.0f} ±{:.0f}", match.fit, match.fit_uncertainty);
      text_ += fit_right(fmt::format("{}", ++rank), rank_columns) + " " + fit_left(fit, fit_columns);
      text_ += output_.paint(colour_of(match.fit), fit_left(bar(match.fit / 100, bar_columns_), bar_room()));
      text_ += output_.paint(Colour::cyan, fit_right(formats::key_name(match.key_shift), key_columns)) + "  ";
      text_ += output_.paint(Colour::bold, fit_left(printable(song.title), title_columns)) + " ";
      text_ += fit_left(printable(song.artist), artist_columns);
      while (text_.ends_with(' ')) text_.pop_back();
      text_ += "\n";
      below(match, song);
    }
  }

  void below(const songs::Match& match, const songs::Song& song) {
    const std::string indent(rank_columns + 1, ' ');
    std::string reasons;
    for (const auto& reason : std::span(match.reasons).first(std::min(match.reasons.size(), reasons_shown)))
      reasons.append(reasons.empty() ? "" : "; ").append(formats::describe(reason, notation_));
    if (!reasons.empty()) paragraph(indent, reasons, Colour::dim);
    if (const auto numbers = karaoke_text(song.karaoke); !numbers.empty())
      paragraph(indent, numbers, Colour::dim);
  }

  static Colour colour_of(double fit) {
    return fit >= 75 ? Colour::green : fit >= 50 ? Colour::yellow : Colour::red;
  }

  int bar_room() const { return bar_columns_ > 0 ? bar_columns_ + 2 : 0; }

  std::span<const songs::Song> songs_;
  std::string_view asked_for_;
  formats::Notation notation_;
  const Output& output_;
  int bar_columns_;
  std::string text_;
};

}  // namespace

std::string karaoke_text(const songs::KaraokeNumbers& numbers) {
  std::string text;
  const auto add = [&](std::string_view machine, const std::string& number) {
    if (!number.empty())
      text += fmt::format("{}{} {}", text.empty() ? "" : " · ", machine, printable(number));
  };
  add("TJ", numbers.tj);
  add("KY", numbers.ky);
  add("DAM", numbers.dam);
  add("JOYSOUND", numbers.joysound);
  return text;
}

std::string recommend_text(const songs::SingerProfile& profile, std::span<const songs::Song> songs,
                           const songs::MatchAnswer& answer, std::string_view asked_for,
                           formats::Notation notation, const Output& output) {
  return RecommendText(songs, asked_for, notation, output).write(profile, answer);
}

}  // namespace orakgarak::app
