#pragma once
// What the command line, the configuration file and the environment say, for every command.
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/operator_commands.h"
#include "formats/notation.h"
#include "http/limits.h"
#include "songs/matcher.h"
#include "voice/demo_singer.h"

namespace orakgarak::app {

struct Settings {
  std::filesystem::path data;     ///< where the user's own songs are kept
  std::filesystem::path catalog;  ///< the starter catalogues
  std::string store;              ///< "postgres://…"; empty: SQLite under `data`
  std::string objects;            ///< "s3://…"; empty: a folder under `data`
  std::string events;             ///< "kafka://…"; empty: within the process
  formats::Notation notation = formats::Notation::scientific;
  bool korean_top_notes = true, mandarin_pop = false;
};

enum class AnswerForm { text, json, csv };
enum class LogForm { automatic, text, json };  ///< automatic: text on a terminal, else JSON

struct AnalyzeCommand {
  std::vector<std::string> files;
  AnswerForm form = AnswerForm::text;
  std::string plot;          ///< empty: none
  std::string backing;       ///< what was played meanwhile; empty: none is known
  double backing_start = 0;  ///< s: where in the take it begins
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

/// What `serve` and `worker` have in common.
struct RunOptions {
  int workers = 0;        ///< threads that work on uploads; 0: one a core
  int stop_seconds = 10;  ///< that running work gets to end in
  int wait_seconds = 60;  ///< that the database gets to answer in at the start
  http::Limits limits;    ///< of `worker`, those of files and of how long things are kept
  LogForm log = LogForm::automatic;
  bool gpu = false;                ///< the pitch network on a GPU, where there is one
  std::uint64_t memory_bytes = 0;  ///< granted to work at most; 0: half of what the process may use
  std::uint64_t decoder_bytes = 512ULL << 20;
  int decoder_cpu_seconds = 60;
};

struct ServeCommand {
  RunOptions run;
  bool no_work = false;                        ///< leave the work to `worker` processes
  int drain_seconds = 0;                       ///< between saying that it is not ready and stopping
  std::string listen = "127.0.0.1:8080";       ///< "ADDRESS:PORT", IPv6 in brackets; port 0: any free one
  std::string objects_listen;                  ///< empty: the same address, the port after it
  std::string metrics_listen;                  ///< empty: this machine alone, the port after the objects'
  std::string public_url, public_objects_url;  ///< empty: what the request's Host says
  std::string tls_certificate, tls_key;        ///< PEM files; both or neither
  std::vector<std::string> trusted_proxies;
  std::string storage_event_keys;  ///< file of keys, one a line; empty: /v1/storage-events is not there
  std::string alertmanager_url;    ///< "http://127.0.0.1:9093"; empty: none
  std::string page;                ///< folder of the built page; empty: the one that came with the program
};

struct WorkerCommand {
  RunOptions run;
  std::string metrics_listen;  ///< "ADDRESS:PORT"; empty or "off": none
};

using Command =
    std::variant<AnalyzeCommand, RecommendCommand, CatalogImportCommand, CatalogListCommand,
                 CatalogShowCommand, CatalogCheckCommand, SampleCommand, DemoCommand, ServeCommand,
                 WorkerCommand, UploadsListCommand, UploadsShowCommand, UploadsRedriveCommand,
                 LettersListCommand, LettersShowCommand, LettersDecideCommand, DecisionsListCommand,
                 EventsLagCommand, DevicesCommand, OperatorsAddCommand, OperatorsListCommand,
                 OperatorsRemoveCommand, ReprocessCommand, PartitionsCommand>;

}  // namespace orakgarak::app
