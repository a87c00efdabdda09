#include "media/child_errors.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace orakgarak::media {
namespace {

bool is_from_outside(const ChildExit& exit) {
  switch (exit.signal) {
    case SIGKILL:
      return !exit.by_us;
    case SIGHUP:
    case SIGINT:
    case SIGQUIT:
    case SIGTERM:
      return true;
    default:
      return false;
  }
}

}  // namespace

Error cannot_start(const std::filesystem::path& program, int error) {
  if (error == ENOENT || error == EACCES)
    return fail(ErrorKind::not_found, "decoder_missing",
                fmt::format(
                    "{}: the decoder program cannot be run ({}); build it and put it beside orakgarak.",
                    program.string(), std::strerror(error)))
        .error();
  return fail(ErrorKind::retry, "decoder_unavailable",
              fmt::format("{}: the decoder could not be started ({}); try again.", program.string(),
                          std::strerror(error)))
      .error();
}

Error too_slow(const std::string& name, const char* what, Seconds used_up) {
  return rejected("decoder_time",
                  fmt::format("{}: the decoder used up its {:g} s of {}; the file is damaged or made to do "
                              "harm, or this machine is overloaded.",
                              name, used_up.value, what))
      .error();
}

Error crashed(const std::string& name, const std::string& how) {
  return rejected(
             "decoder_crashed",
             fmt::format("{}: the decoder {}; nothing else was harmed. Convert the file, or record again.",
                         name, how))
      .error();
}

Error ended_early(const std::string& name, const ChildExit& exit, Seconds cpu) {
  if (is_from_outside(exit))
    return fail(ErrorKind::retry, "decoder_unavailable",
                fmt::format("{}: the decoder was ended from outside by signal {}, as a machine does that is "
                            "short of memory; try again.",
                            name, exit.signal))
        .error();
  if (exit.signal == SIGXCPU) return too_slow(name, "processor time", cpu);
  if (exit.signal == SIGSYS) return crashed(name, "asked for something it may not do");
  if (exit.signal != 0) return crashed(name, fmt::format("was killed by signal {}", exit.signal));
  return crashed(name, fmt::format("ended early with status {}", exit.status));
}

}  // namespace orakgarak::media
