#include "formats/midi_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/song_import.h"
#include "formats/song_tempo.h"

namespace orakgarak::formats {

namespace {

constexpr double default_quarter_seconds = 0.5;
constexpr int max_tracks = 1024;

struct RawNote {
  int track, channel, pitch;
  std::uint64_t on, off;
};
struct RawText {
  int track, type;
  std::uint64_t at;
  std::string_view text;
};

class MidiParser {
 public:
  MidiParser(std::string_view bytes, std::size_t base) : bytes_(bytes), base_(base) {}

  Result<MidiFile> parse() {
    if (auto done = read_header(); !done) return std::unexpected(done.error());
    tempo_ = TempoMap(seconds_per_tick_);
    for (int track = 0; track < file_.tracks; ++track) {
      if (auto done = read_track(track); !done) return std::unexpected(done.error());
    }
    tempo_.finish();
    for (const RawNote& note : notes_) {
      const Seconds start = seconds_at(note.on);
      file_.notes.push_back({note.track, note.channel, note.pitch, start, seconds_at(note.off) - start});
    }
    for (const RawText& text : texts_)
      file_.texts.push_back({text.track, text.type, seconds_at(text.at), std::string(text.text)});
    return std::move(file_);
  }

 private:
  std::unexpected<Error> bad(std::size_t at, std::string_view what) const {
    return rejected("bad_song_file", fmt::format("MIDI, byte {}: {}.", base_ + at, what));
  }
  Seconds seconds_at(std::uint64_t tick) const { return tempo_.at(static_cast<double>(tick)); }
  unsigned byte(std::size_t at) const { return static_cast<unsigned char>(bytes_[at]); }
  unsigned word(std::size_t at) const { return byte(at) << 8 | byte(at + 1); }
  std::size_t long_word(std::size_t at) const {
    return static_cast<std::size_t>(word(at)) << 16 | word(at + 2);
  }

  Result<void> read_header() {
    if (bytes_.size() < 14 || !bytes_.starts_with("MThd")) return bad(0, "the file header MThd is missing");
    const std::size_t length = long_word(4);
    if (length < 6 || length > bytes_.size() - 8) return bad(4, "the file header has a wrong length");
    file_.format = static_cast<int>(word(8));
    file_.tracks = static_cast<int>(word(10));
    if (file_.format == 2)
      return rejected(
          "unsupported_song",
          "The MIDI file is of format 2, a set of patterns without an order; export it as format 1.");
    if (file_.format > 2) return bad(8, "the format must be 0 or 1");
    if (file_.tracks > max_tracks)
      return bad(10, fmt::format("{} tracks; {} are allowed", file_.tracks, max_tracks));
    if (!read_division(word(12)))
      return bad(12, "the time division must be ticks per quarter, or 24, 25, 29 or 30 frames a second");
    at_ = 8 + length;
    return {};
  }

  /// False where the word has no meaning.
  bool read_division(unsigned division) {
    if ((division & 0x8000) == 0) {
      ticks_per_quarter_ = division;
      if (division > 0) seconds_per_tick_ = default_quarter_seconds / division;
      return division > 0;
    }
    const int frames = 256 - static_cast<int>(division >> 8);
    const unsigned ticks_per_frame = division & 0xFF;
    const bool known = frames == 24 || frames == 25 || frames == 29 || frames == 30;
    if (!known || ticks_per_frame == 0) return false;
    const double rate = frames == 29 ? 30 / 1.001 : frames;
    seconds_per_tick_ = 1.0 / (rate * ticks_per_frame);
    return true;
  }

  /// Finds the next track chunk, skipping chunks of other kinds.
  Result<void> read_track(int track) {
    while (true) {
      if (at_ == bytes_.size() || bytes_.size() - at_ < 8)
        return bad(
            at_, fmt::format("the file ends after {} of its {} tracks; it is cut off", track, file_.tracks));
      const bool is_track = bytes_.substr(at_, 4) == "MTrk";
      const std::size_t length = long_word(at_ + 4);
      at_ += 8;
      if (length > bytes_.size() - at_)
        return bad(at_ - 4, fmt::format("the chunk claims {} bytes, but {} are left; the file is cut off",
                                        length, bytes_.size() - at_));
      end_ = at_ + length;
      if (is_track) break;
      at_ = end_;
    }
    track_ = track;
    tick_ = 0;
    running_status_ = 0;
    for (auto& channel : sounding_) channel.fill(not_sounding);
    bool ended = false;
    while (at_ < end_ && !ended) {
      if (auto done = read_event(ended); !done) return done;
    }
    for (int channel = 0; channel < 16; ++channel)
      for (int pitch = 0; pitch < 128; ++pitch) end_note(channel, pitch);
    at_ = end_;
    return {};
  }

  /// A number of up to four bytes with seven bits each.
  Result<std::size_t> variable_length() {
    std::size_t value = 0;
    for (int i = 0; i < 4; ++i) {
      if (at_ == end_) return bad(at_, "the track ends inside an event");
      const unsigned part = byte(at_++);
      value = value << 7 | (part & 0x7F);
      if ((part & 0x80) == 0) return value;
    }
    return bad(at_ - 4, "a variable-length number has more than four bytes");
  }

  Result<void> read_event(bool& ended) {
    const auto delta = variable_length();
    if (!delta) return std::unexpected(delta.error());
    tick_ += *delta;
    if (at_ == end_) return bad(at_, "the track ends inside an event");
    const unsigned status = byte(at_);
    if (status == 0xFF) return read_meta(ended);
    if (status == 0xF0 || status == 0xF7) {
      ++at_;
      return skip_block();
    }
    if (status > 0xF0) return bad(at_, fmt::format("{:02X} starts no event in a file", status));
    if (status >= 0x80) {
      running_status_ = status;
      ++at_;
    }
    if (running_status_ == 0) return bad(at_, "data without a status byte before it");
    return read_channel_event();
  }

  Result<void> read_channel_event() {
    const unsigned kind = running_status_ >> 4;
    const std::size_t data_bytes = kind == 0xC || kind == 0xD ? 1 : 2;
    if (end_ - at_ < data_bytes) return bad(at_, "the track ends inside an event");
    for (std::size_t i = 0; i < data_bytes; ++i)
      if (byte(at_ + i) > 127) return bad(at_ + i, "a data byte above 127");
    const int channel = static_cast<int>(running_status_ & 0x0F), pitch = static_cast<int>(byte(at_));
    const bool on = kind == 0x9 && byte(at_ + 1) > 0;
    if (on || kind == 0x9 || kind == 0x8) end_note(channel, pitch);
    if (on) sounding_[static_cast<std::size_t>(channel)][static_cast<std::size_t>(pitch)] = tick_;
    at_ += data_bytes;
    if (notes_.size() > limits::notes)
      return rejected("too_many_notes", fmt::format("The song has more than {} notes.", limits::notes));
    return {};
  }

  void end_note(int channel, int pitch) {
    std::uint64_t& on = sounding_[static_cast<std::size_t>(channel)][static_cast<std::size_t>(pitch)];
    if (on != not_sounding && on < tick_) notes_.push_back({track_, channel, pitch, on, tick_});
    on = not_sounding;
  }

  Result<void> read_meta(bool& ended) {
    const std::size_t start = at_++;
    if (at_ == end_) return bad(at_, "the track ends inside an event");
    const unsigned type = byte(at_++);
    const auto length = variable_length();
    if (!length) return std::unexpected(length.error());
    if (*length > end_ - at_) return bad(start, "the event is longer than its track");
    const std::string_view data = bytes_.substr(at_, *length);
    if (type == 0x51) {
      if (data.size() != 3) return bad(start, "a tempo has three bytes");
      const unsigned microseconds = byte(at_) << 16 | word(at_ + 1);
      if (microseconds == 0) return bad(start, "a tempo of no time at all");
      if (ticks_per_quarter_ > 0)  // SMPTE frames last what they last
        tempo_.add(static_cast<double>(tick_), microseconds * 1e-6 / ticks_per_quarter_);
    }
    if (type == 1 || type == 3 || type == 5) texts_.push_back({track_, static_cast<int>(type), tick_, data});
    ended = type == 0x2F;
    at_ += *length;
    return {};
  }

  Result<void> skip_block() {
    const std::size_t start = at_ - 1;
    const auto length = variable_length();
    if (!length) return std::unexpected(length.error());
    if (*length > end_ - at_) return bad(start, "the event is longer than its track");
    at_ += *length;
    return {};
  }

  static constexpr std::uint64_t not_sounding = ~std::uint64_t{0};

  std::string_view bytes_;
  std::size_t base_;
  std::size_t at_ = 0, end_ = 0;  ///< end_: of the track
  int track_ = 0;
  std::uint64_t tick_ = 0;
  unsigned running_status_ = 0;
  std::array<std::array<std::uint64_t, 128>, 16> sounding_{};  ///< tick of the stroke
  unsigned ticks_per_quarter_ = 0;                             ///< 0: the file counts SMPTE frames
  double seconds_per_tick_ = 0;                                ///< before the first tempo change
  TempoMap tempo_{0};
  std::vector<RawNote> notes_;
  std::vector<RawText> texts_;
  MidiFile file_;
};

}  // namespace

Result<MidiFile> parse_midi(std::string_view bytes) {
  if (bytes.size() > limits::song_file_bytes)
    return rejected("too_large", fmt::format("The song has {} bytes; {} are allowed.", bytes.size(),
                                             limits::song_file_bytes));
  constexpr std::size_t wrapper = 20;  // RIFF size RMID data size
  const bool wrapped =
      bytes.starts_with("RIFF") && bytes.size() > wrapper && bytes.substr(8, 8) == "RMIDdata";
  const std::size_t base = wrapped ? wrapper : 0;
  return MidiParser(bytes.substr(base), base).parse();
}

}  // namespace orakgarak::formats
