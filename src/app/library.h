#pragma once
// The songs in use: the user's own, then the starter catalogues that are switched on.
#include <filesystem>
#include <string>
#include <vector>

#include "app/settings.h"
#include "base/result.h"
#include "formats/song_file.h"
#include "songs/song.h"

namespace orakgarak::app {

struct Library {
  std::vector<songs::Song> songs;
  std::vector<std::string> warnings;  ///< lines left out, files that are missing; one sentence each
};

/// Errors: not_found "no_catalogue" where no starter catalogue is in the folder; rejected "unreadable_file".
Result<Library> load_library(const Settings& settings);

/// The files that load_library reads: the user's own songs, where there are some, and the starter catalogues.
std::vector<std::string> library_files(const Settings& settings);

struct Added {
  std::size_t added = 0, replaced = 0;
};
/// Adds to the user's own songs; one with the same title and artist is replaced. The file appears whole or
/// not at all, and two programs at once wait for each other. Errors: rejected "not_writable",
/// "no_data_folder".
Result<Added> add_own_songs(const Settings& settings, std::vector<songs::Song> songs);

/// The songs of a file of any format. Errors: those of read_bytes and formats::read_song_file, naming the
/// file.
Result<formats::SongFile> read_songs(const std::string& file);

/// All bytes of a regular file of at most `most` bytes. Errors: not_found "not_found"; rejected
/// "is_directory", "no_permission", "not_a_file", "file_too_large", "unreadable_file".
Result<std::string> read_bytes(const std::filesystem::path& file, std::size_t most);

}  // namespace orakgarak::app
