#include "app/take.h"

#include <fmt/format.h>

#include <optional>

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

Result<Take> hear_take(const std::string& file, const voice::EngineOptions& options) {
  Heard heard(file);
  std::optional<voice::Engine> engine;
  std::optional<Error> fault;
  media::DecodeSink sink;
  sink.format = [&](const media::DecodeFormat& format) {
    auto created = voice::Engine::create(format.rate, options);
    if (!created) {
      fault = std::move(created.error());
      return false;
    }
    engine.emplace(std::move(*created));
    heard.begin(format);
    return true;
  };
  sink.samples = [&](std::span<const float> samples) {
    engine->push(samples);
    heard.add(samples.size());
    return true;
  };
  const auto summary = media::decode(file, sink);
  if (fault) return std::unexpected(std::move(*fault));
  if (!summary) return std::unexpected(summary.error());
  return Take{
      {file, summary->truncated}, summary->damaged_packets, engine ? engine->finish() : voice::VoiceReport{}};
}

}  // namespace orakgarak::app
