#pragma once
// What the command line, the configuration file and the environment say, for every command.
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "formats/notation.h"
#include "songs/matcher.h"
#include "voice/demo_singer.h"

namespace orakgarak::app {

struct Settings {
  std::filesystem::path data;     ///< where the user's own songs are kept
  std::filesystem::path catalog;  ///< the starter catalogues
  formats::Notation notation = formats::Notation::scientific;
  bool korean_top_notes = true, mandarin_pop = false;
};

enum class AnswerForm { text, json, csv };

struct AnalyzeCommand {
  std::vector<std::string> files;
  AnswerForm form = AnswerForm::text;
  std::string plot;  ///< empty: none
};
struct RecommendCommand {
  std::vector<std::string> files;
  songs::MatchOptions options;
  AnswerForm form = AnswerForm::text;
};
struct CatalogImportCommand {
  std::vector<std::string> files;
};
struct CatalogListCommand {
  std::string search;  ///< part of a title or artist; empty: all
};
struct CatalogShowCommand {
  std::string title;
};
struct CatalogCheckCommand {
  std::vector<std::string> files;  ///< empty: the catalogues in use
};
struct SampleCommand {
  std::string out, truth;
  voice::VoiceType voice = voice::VoiceType::tenor;
  int rate = 48000;
  unsigned seed = 1;
};
struct DemoCommand {
  voice::VoiceType voice = voice::VoiceType::tenor;
};

using Command = std::variant<AnalyzeCommand, RecommendCommand, CatalogImportCommand, CatalogListCommand,
                             CatalogShowCommand, CatalogCheckCommand, SampleCommand, DemoCommand>;

}  // namespace orakgarak::app
