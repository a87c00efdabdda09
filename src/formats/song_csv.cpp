#include <fmt/format.h>

#include <algorithm>

#include "formats/song_catalogue.h"
#include "formats/song_fields.h"
#include "formats/text_utf8.h"

namespace orakgarak::formats {

namespace {

/// A place in the file; the column is counted only when somebody asks.
struct Place {
  std::size_t line = 1, line_start = 0, offset = 0;
};

struct Cell {
  std::string text;
  Place place;
};

struct Record {
  std::vector<Cell> cells;
  Place place;
  std::optional<LineError> fault;  ///< the record cannot be cut into cells
};

/// Cuts CSV into records. A quoted cell may hold separators, line ends and doubled quotes.
class CsvRecords {
 public:
  CsvRecords(std::string_view text, char separator) : text_(text), separator_(separator) {}

  bool next(Record& record) {
    record = {.cells = {}, .place = here(), .fault = {}};
    if (at_ >= text_.size()) return false;
    while (true) {
      Cell cell{.text = {}, .place = here()};
      const bool quoted = at_ < text_.size() && text_[at_] == '"';
      if (!(quoted ? read_quoted(cell) : read_plain(cell)))
        give_up(record, cell.place,
                quoted ? "a quoted cell does not end, or text follows its closing quote"
                       : "a quote inside an unquoted cell; quote the whole cell");
      if (at_ - record.place.offset > limits::catalogue_line_bytes)
        give_up(record, record.place,
                fmt::format("the record is longer than {} bytes", limits::catalogue_line_bytes));
      record.cells.push_back(std::move(cell));
      const bool more = at_ < text_.size() && text_[at_] == separator_;
      if (!more) break;
      ++at_;
    }
    end_line();
    return true;
  }

  LineError error(const Place& place, std::string what) const {
    const std::string_view line = text_.substr(place.line_start);
    return {place.line, position_at(line, place.offset - place.line_start).column, std::move(what)};
  }

 private:
  bool at_line_end() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }
  Place here() const { return {line_, line_start_, at_}; }

  void give_up(Record& record, const Place& place, std::string what) {
    if (!record.fault) record.fault = error(place, std::move(what));
    while (!at_line_end()) ++at_;
  }

  bool read_plain(Cell& cell) {
    const std::size_t start = at_;
    while (!at_line_end() && text_[at_] != separator_ && text_[at_] != '"') ++at_;
    cell.text = text_.substr(start, at_ - start);
    return at_line_end() || text_[at_] == separator_;
  }

  /// A cell that runs past the size of a record is taken as unclosed: a stray quote must not swallow the
  /// rest.
  bool read_quoted(Cell& cell) {
    const Place opened = here();
    ++at_;
    while (at_ < text_.size() && at_ - opened.offset <= limits::catalogue_line_bytes) {
      if (text_[at_] == '"' && text_.substr(at_, 2) != "\"\"") {
        ++at_;
        return at_line_end() || text_[at_] == separator_;
      }
      if (text_[at_] == '"') ++at_;
      cell.text += text_[at_];
      if (at_line_end())
        end_line();
      else
        ++at_;
    }
    at_ = opened.offset;
    line_ = opened.line;
    line_start_ = opened.line_start;
    return false;
  }

  void end_line() {
    if (at_ >= text_.size()) return;
    at_ += text_.substr(at_, 2) == "\r\n" ? 2 : 1;
    line_start_ = at_;
    ++line_;
  }

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0, line_ = 1, line_start_ = 0;
};

/// Of the three separators, the one that the header has most of.
char separator_of(std::string_view text) {
  const std::string_view header = text.substr(0, text.find_first_of("\r\n"));
  const auto count = [&](char c) { return std::count(header.begin(), header.end(), c); };
  return std::max({',', ';', '\t'}, [&](char a, char b) { return count(a) < count(b); });
}

std::optional<LineError> read_record(const CsvRecords& records, const Record& record,
                                     const std::vector<SongField>& columns, songs::Song& song) {
  if (record.fault) return record.fault;
  if (record.cells.size() > columns.size())
    return records.error(record.cells[columns.size()].place,
                         fmt::format("{} cells, but the header has {}", record.cells.size(), columns.size()));
  SongFields fields;
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    if (columns[i] == SongField::unknown) continue;
    const Cell& cell = record.cells[i];
    if (auto what = fields.set_text(columns[i], cell.text))
      return records.error(cell.place, std::move(*what));
  }
  if (auto what = fields.finish()) return records.error(record.place, std::move(*what));
  song = fields.take();
  return std::nullopt;
}

Result<std::vector<SongField>> read_header(const Record& header) {
  std::vector<SongField> columns;
  if (header.fault)
    return rejected("bad_header", fmt::format("The CSV header is broken at line {}, column {}: {}.",
                                              header.fault->line, header.fault->column, header.fault->what));
  for (const Cell& cell : header.cells) {
    const std::string name = invalid_utf8_at(cell.text) ? std::string() : tidy_name(cell.text);
    const SongField field = song_field(name);
    if (field != SongField::unknown && std::find(columns.begin(), columns.end(), field) != columns.end())
      return rejected("bad_header",
                      fmt::format("The CSV header names the column {} twice, the second time at "
                                  "byte {} of its line.",
                                  name, cell.place.offset + 1));
    columns.push_back(field);
  }
  if (std::find(columns.begin(), columns.end(), SongField::title) == columns.end())
    return rejected("bad_header",
                    "The first line of the CSV names no column 'title'; start the file with a header like "
                    "title,artist,lowest_midi,highest_midi.");
  return columns;
}

}  // namespace

Result<Catalogue> read_song_csv(std::string_view bytes) {
  if (bytes.size() > limits::catalogue_bytes)
    return rejected("too_large", fmt::format("The catalogue has {} bytes; split it into files of at most {}.",
                                             bytes.size(), limits::catalogue_bytes));
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  CsvRecords records(bytes, separator_of(bytes));
  Record record;
  records.next(record);
  const auto columns = read_header(record);
  if (!columns) return std::unexpected(columns.error());

  Catalogue catalogue;
  while (records.next(record)) {
    const bool blank = record.cells.size() == 1 && record.cells.front().text.empty() && !record.fault;
    if (blank) continue;
    songs::Song song;
    auto error = read_record(records, record, *columns, song);
    if (!error)
      catalogue.songs.push_back(std::move(song));
    else if (catalogue.errors.size() < limits::catalogue_line_errors)
      catalogue.errors.push_back(std::move(*error));
    else
      ++catalogue.errors_not_listed;
  }
  return catalogue;
}

}  // namespace orakgarak::formats
