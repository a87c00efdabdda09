#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/song_catalogue.h"
#include "formats/song_fields.h"
#include "formats/text_utf8.h"

namespace orakgarak::formats {

namespace {

/// Feeds the JSON parser and tells how far it has read, so that an error can name its column.
class TrackedChar {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  TrackedChar(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  TrackedChar& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  TrackedChar operator++(int) {
    TrackedChar before = *this;
    ++*this;
    return before;
  }
  bool operator==(const TrackedChar& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

/// Takes the parser's events for one line straight into SongFields: no tree is built, so nesting costs
/// nothing.
class LineReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit LineReader(std::string_view line) : line_(line), reached_(line.data()), done_(line.data()) {}

  /// What is wrong; nullopt: `song` holds the line's song.
  std::optional<LineError> read(songs::Song& song) {
    const TrackedChar begin(line_.data(), &reached_), end(line_.data() + line_.size(), &reached_);
    if (!nlohmann::json::sax_parse(begin, end, this)) return fault_;
    if (auto what = fields_.finish()) {
      note(line_.data(), std::move(*what));
      return fault_;
    }
    song = fields_.take();
    return std::nullopt;
  }

  bool null() override {
    return in_value() ? token_done() : refuse("a line holds one JSON object, not null");
  }
  bool boolean(bool value) override {
    return scalar([&] { return fields_.set_flag(field_, value); });
  }
  bool number_integer(number_integer_t value) override { return number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t&) override { return number(value); }
  bool string(string_t& value) override {
    return scalar([&]() -> SongFields::Fault {
      const auto kind = song_field_kind(field_);
      if (kind == SongFieldKind::text) return fields_.set_text(field_, value);
      return fmt::format("{} is text; it must be {}", song_field_name(field_),
                         kind == SongFieldKind::number ? "a number"
                         : kind == SongFieldKind::flag ? "true or false"
                                                       : "an object like {\"60\": 3.2}");
    });
  }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override {
    if (depth_ == 1 && field_ != SongField::unknown && field_ != SongField::seconds_per_semitone)
      return refuse(fmt::format("{} is an object; it must be a plain value", song_field_name(field_)));
    if (depth_ == 1) in_histogram_ = field_ == SongField::seconds_per_semitone;
    if (depth_ > 1 && in_histogram_) return refuse("seconds_per_semitone holds an object; write seconds");
    return enter();
  }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override {
    if (depth_ == 0) return refuse("a line holds one JSON object, not a list");
    if (in_histogram_) return refuse("seconds_per_semitone holds a list; write seconds");
    if (depth_ == 1 && field_ != SongField::unknown)
      return refuse(fmt::format("{} is a list; it must be a single value", song_field_name(field_)));
    return enter();
  }
  bool end_array() override { return leave(); }
  bool key(string_t& name) override {
    if (depth_ == 1) {
      field_ = song_field(name);
      const auto bit = 1u << static_cast<unsigned>(field_);
      if (field_ != SongField::unknown && (seen_ & bit) != 0)
        return refuse(fmt::format("{} is given twice", name));
      seen_ |= bit;
    } else if (in_histogram_) {
      bar_ = name;
    }
    return token_done();
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    const std::size_t offset = std::min(position == 0 ? 0 : position - 1, line_.size());
    const auto bad_utf8 = invalid_utf8_at(line_);
    note(line_.data() + offset, bad_utf8 && *bad_utf8 <= position
                                    ? "not UTF-8 here; save the file as UTF-8"
                                    : "not valid JSON here; a line holds one whole object");
    return false;
  }

 private:
  static constexpr int max_depth = 32;

  bool in_value() const { return depth_ > 0; }
  bool number(double value) {
    return scalar([&] { return fields_.set_number(field_, value); }, value);
  }
  /// One plain value: of the song itself, of its histogram, or of a foreign field (skipped).
  template <class Set>
  bool scalar(Set set, std::optional<double> as_number = std::nullopt) {
    if (!in_value()) return refuse("a line holds one JSON object, not a plain value");
    SongFields::Fault fault;
    if (in_histogram_) {
      fault = as_number ? fields_.add_seconds(bar_, *as_number)
                        : SongFields::Fault(fmt::format("seconds_per_semitone has no number at {}", bar_));
    } else if (depth_ == 1 && field_ != SongField::unknown) {
      fault = field_ == SongField::seconds_per_semitone
                  ? "seconds_per_semitone must be an object like {\"60\": 3.2}"
                  : set();
    }
    return fault ? refuse(std::move(*fault)) : token_done();
  }
  bool enter() {
    if (++depth_ > max_depth) return refuse("nested too deeply");
    return token_done();
  }
  bool leave() {
    if (--depth_ == 1) in_histogram_ = false;
    return token_done();
  }
  bool token_done() {
    done_ = reached_;
    return true;
  }
  bool refuse(std::string what) {
    const std::string_view rest = line_.substr(static_cast<std::size_t>(done_ - line_.data()));
    const std::size_t start = std::min(rest.find_first_not_of(" \t,:"), rest.size());
    note(rest.data() + start, std::move(what));
    return false;
  }
  void note(const char* at, std::string what) {
    fault_.column = position_at(line_, static_cast<std::size_t>(at - line_.data())).column;
    fault_.what = std::move(what);
  }

  std::string_view line_;
  const char* reached_;  ///< how far the parser has read
  const char* done_;     ///< end of the last token that was taken
  int depth_ = 0;
  bool in_histogram_ = false;
  SongField field_ = SongField::unknown;
  unsigned seen_ = 0;
  std::string bar_;
  SongFields fields_;
  LineError fault_{.line = 0, .column = 1, .what = {}};
};

}  // namespace

Result<Catalogue> read_song_jsonl(std::string_view bytes) {
  if (bytes.size() > limits::catalogue_bytes)
    return rejected("too_large", fmt::format("The catalogue has {} bytes; split it into files of at most {}.",
                                             bytes.size(), limits::catalogue_bytes));
  Catalogue catalogue;
  const auto note = [&](std::size_t number, LineError error) {
    error.line = number;
    if (catalogue.errors.size() < limits::catalogue_line_errors)
      catalogue.errors.push_back(std::move(error));
    else
      ++catalogue.errors_not_listed;
  };
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  // Only LF ends a line here: JSON text cannot hold a raw one, and a CR before it is white space.
  for (std::size_t number = 1; !bytes.empty(); ++number) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (line.size() > limits::catalogue_line_bytes) {
      note(number,
           {0, 1,
            fmt::format("the line has {} bytes; {} are allowed", line.size(), limits::catalogue_line_bytes)});
      continue;
    }
    songs::Song song;
    if (auto error = LineReader(line).read(song))
      note(number, std::move(*error));
    else
      catalogue.songs.push_back(std::move(song));
  }
  return catalogue;
}

}  // namespace orakgarak::formats
