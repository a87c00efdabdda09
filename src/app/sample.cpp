#include <fmt/format.h>

#include <iterator>

#include "app/commands.h"
#include "app/pending_file.h"
#include "app/recommend.h"
#include "app/terminal.h"
#include "app/wav_file.h"
#include "formats/notation.h"
#include "voice/demo_singer.h"

namespace orakgarak::app {
namespace {

voice::SungTake sing_demo(voice::VoiceType type, int rate, unsigned seed) {
  return voice::sing(type, voice::demo_melody(type), Hertz(rate), seed);
}

/// Comment lines begin with #, so that a program which reads numbers alone can read it.
std::string truth_csv(const voice::SungTruth& truth) {
  auto csv = fmt::format("# lowest held {:.2f}, highest held {:.2f} (MIDI numbers)\n# time,f0_hz\n",
                         truth.lowest.value, truth.highest.value);
  for (std::size_t i = 0; i < truth.f0.size(); ++i)
    fmt::format_to(std::back_inserter(csv), "{:.2f},{:.4f}\n", static_cast<double>(i) * truth.hop.value,
                   truth.f0[i]);
  return csv;
}

ExitCode refuse(const Error& error) {
  complain(error.detail);
  return ExitCode::usage;
}

}  // namespace

ExitCode run(const SampleCommand& command, const Settings&) {
  auto out = PendingFile::open(command.out);
  if (!out) return refuse(out.error());
  std::optional<PendingFile> truth;
  if (!command.truth.empty()) {
    auto file = PendingFile::open(command.truth);
    if (!file) return refuse(file.error());
    truth.emplace(std::move(*file));
  }
  const auto take = sing_demo(command.voice, command.rate, command.seed);
  if (auto written = out->commit(wav_bytes(take.audio)); !written) return refuse(written.error());
  if (truth)
    if (auto written = truth->commit(truth_csv(take.truth)); !written) return refuse(written.error());
  return ExitCode::answered;
}

ExitCode run(const DemoCommand& command, const Settings& settings) {
  if (settings.data.empty())
    return refuse({ErrorKind::rejected,
                   "no_data_folder",
                   "there is no home folder to keep the demo take in; name a folder with --data",
                   {}});
  std::error_code fault;
  std::filesystem::create_directories(settings.data, fault);
  if (fault)
    return refuse(
        {ErrorKind::rejected,
         "not_writable",
         fmt::format("{} cannot be made to keep the demo take in ({}); name another folder with --data",
                     settings.data.string(), fault.message()),
         {}});
  const auto file = (settings.data / "demo-take.wav").string();
  auto out = PendingFile::open(file);
  if (!out) return refuse(out.error());
  const auto take = sing_demo(command.voice, 48000, 1);
  if (auto written = out->commit(wav_bytes(take.audio)); !written) return refuse(written.error());

  write_out("This is the demo singer, a synthesiser: look around without a recording.\n\n");
  AnalyzeCommand analyze;
  analyze.files = {file};
  if (const auto code = run(analyze, settings); code != ExitCode::answered) return code;
  write_out("\n");
  songs::MatchOptions options;
  options.limit = 7;
  if (const auto code = recommend(std::span(&file, 1), options, AnswerForm::text, settings);
      code != ExitCode::answered)
    return code;
  write_out(
      "\nNow you: sing about half a minute without backing, from low to high, and run\n"
      "  ./run recommend my-take.webm     (any audio file; ./run --help shows more)\n");
  return ExitCode::answered;
}

}  // namespace orakgarak::app
