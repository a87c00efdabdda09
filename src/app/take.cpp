#include "app/take.h"

#include <fmt/format.h>

#include <optional>

#include "app/hearing.h"
#include "app/terminal.h"
#include "app/text.h"
#include "formats/report_words.h"
#include "media/decode.h"

namespace orakgarak::app {
namespace {

/// Shows how much of a take has been heard.
class Heard {
 public:
  explicit Heard(const std::string& file) : progress_(printable(file)) {}

  void begin(const media::DecodeFormat& format) {
    rate_ = format.rate;
    declared_ = format.declared.value_or(Seconds());
  }
  void add(std::size_t samples) {
    samples_ += samples;
    const Seconds heard(static_cast<double>(samples_) / rate_.value);
    if (declared_ > Seconds())
      progress_.show(heard / declared_,
                     fmt::format("{} of {}", formats::clock_time(heard), formats::clock_time(declared_)));
    else
      progress_.show(-1, formats::clock_time(heard));
  }

 private:
  Progress progress_;
  Hertz rate_{1};
  Seconds declared_;
  std::size_t samples_ = 0;
};

}  // namespace

Result<Take> hear_take(const std::string& file, const voice::EngineOptions& options,
                       const std::optional<BackingFile>& backing) {
  const Hearing take = [&](const media::DecodeSink& sink) {
    Heard heard(file);
    media::DecodeSink shown;
    shown.format = [&](const media::DecodeFormat& format) {
      heard.begin(format);
      return sink.format(format);
    };
    shown.samples = [&](std::span<const float> samples) {
      heard.add(samples.size());
      return sink.samples(samples);
    };
    return media::decode(file, shown);
  };
  std::optional<Backing> played;
  std::optional<Error> fault;  // of the backing: here somebody named it
  if (backing)
    played = Backing{[&](const media::DecodeSink& sink) {
                       auto summary = media::decode(backing->file, sink);
                       if (!summary) fault = summary.error();
                       return summary;
                     },
                     backing->started};
  auto heard = hear(take, options, played);
  if (fault) return std::unexpected(std::move(*fault));
  if (!heard) return std::unexpected(std::move(heard.error()));
  return Take{{file, heard->summary.truncated, std::move(heard->backing)},
              heard->summary.damaged_packets,
              std::move(heard->report)};
}

}  // namespace orakgarak::app
