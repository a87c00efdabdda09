#pragma once

namespace orakgarak::app {

/// What a script can tell from the way the program ended. Where several files end differently, the unreadable
/// one decides; the others are answered all the same.
enum class ExitCode : int {
  answered = 0,
  usage = 2,       ///< the command line is wrong, or a path named there cannot be written
  unreadable = 3,  ///< some input could not be read
  nothing = 4,     ///< everything was read, but there is nothing to measure or to show; the message says why
  not_started =
      5,  ///< serve: the port is held, or the data folder cannot be used; the message says what to do
};

}  // namespace orakgarak::app
