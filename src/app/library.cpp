#include "app/library.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <map>

#include "app/pending_file.h"
#include "formats/song_catalogue.h"

namespace orakgarak::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t warnings_a_file = 5;

/// Closed when it goes; a lock taken on it goes with it.
struct FileHandle {
  int fd;
  explicit FileHandle(int value) : fd(value) {}
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  ~FileHandle() {
    if (fd >= 0) close(fd);
  }
};

std::unexpected<Error> cannot_open(const fs::path& file, int fault) {
  if (fault == ENOENT || fault == ENOTDIR)
    return fail(ErrorKind::not_found, "not_found", fmt::format("{}: there is no such file", file.string()));
  if (fault == EACCES || fault == EPERM)
    return rejected("no_permission",
                    fmt::format("{} may not be read; change its permissions", file.string()));
  return rejected("unreadable_file",
                  fmt::format("{} cannot be opened: {}", file.string(), std::strerror(fault)));
}

void append(Library& library, formats::Catalogue&& catalogue, const fs::path& file) {
  std::move(catalogue.songs.begin(), catalogue.songs.end(), std::back_inserter(library.songs));
  std::size_t told = 0;
  for (const auto& error : catalogue.errors) {
    if (++told > warnings_a_file) break;
    library.warnings.push_back(fmt::format("{}, line {}, column {}: {}; the line is left out", file.string(),
                                           error.line, error.column, error.what));
  }
  if (const auto all = catalogue.errors.size() + catalogue.errors_not_listed; all > warnings_a_file)
    library.warnings.push_back(
        fmt::format("{}: {} more lines are left out; orakgarak catalog check names them", file.string(),
                    all - warnings_a_file));
}

Result<void> load_file(Library& library, const fs::path& file) {
  const auto bytes = read_bytes(file, formats::limits::catalogue_bytes);
  if (!bytes) return std::unexpected(bytes.error());
  auto catalogue = formats::read_song_jsonl(*bytes);
  if (!catalogue) return std::unexpected(std::move(catalogue.error()).in(file.string()));
  append(library, std::move(*catalogue), file);
  return {};
}

fs::path own_songs_file(const Settings& settings) { return settings.data / "songs.jsonl"; }

Result<Library> load_own_songs(const Settings& settings) {
  Library library;
  std::error_code ignored;
  if (settings.data.empty() || !fs::exists(own_songs_file(settings), ignored)) return library;
  if (auto loaded = load_file(library, own_songs_file(settings)); !loaded)
    return std::unexpected(std::move(loaded.error()));
  return library;
}

std::vector<fs::path> starter_files(const Settings& settings) {
  std::vector<fs::path> files{settings.catalog / "pop-classics.jsonl"};
  if (settings.korean_top_notes) files.push_back(settings.catalog / "korean-top-notes.jsonl");
  if (settings.mandarin_pop) files.push_back(settings.catalog / "mandarin-pop.jsonl");
  return files;
}

}  // namespace

Result<std::string> read_bytes(const fs::path& file, std::size_t most) {
  const FileHandle handle(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (handle.fd < 0) return cannot_open(file, errno);
  struct stat found{};
  if (fstat(handle.fd, &found) != 0) return cannot_open(file, errno);
  if (S_ISDIR(found.st_mode))
    return rejected("is_directory", fmt::format("{} is a folder; name a file", file.string()));
  if (!S_ISREG(found.st_mode))
    return rejected("not_a_file", fmt::format("{} is no regular file; save it to one first", file.string()));
  if (static_cast<std::size_t>(found.st_size) > most)
    return rejected("file_too_large", fmt::format("{} has {} MB; the limit is {} MB", file.string(),
                                                  found.st_size >> 20, most >> 20));
  std::string bytes(static_cast<std::size_t>(found.st_size), '\0');
  std::size_t read_so_far = 0;
  while (read_so_far < bytes.size()) {
    const ssize_t got = read(handle.fd, bytes.data() + read_so_far, bytes.size() - read_so_far);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_open(file, errno);
    if (got == 0) break;
    read_so_far += static_cast<std::size_t>(got);
  }
  bytes.resize(read_so_far);
  return bytes;
}

Result<Library> load_library(const Settings& settings) {
  auto library = load_own_songs(settings);
  if (!library) return library;
  std::size_t found = 0;
  for (const auto& file : starter_files(settings)) {
    const auto loaded = load_file(*library, file);
    if (loaded)
      ++found;
    else if (loaded.error().kind == ErrorKind::not_found)
      library->warnings.push_back(loaded.error().detail);
    else
      return std::unexpected(loaded.error());
  }
  if (found == 0)
    return fail(ErrorKind::not_found, "no_catalogue",
                fmt::format("{} holds no starter catalogue; name their folder with --catalog-dir",
                            settings.catalog.string()));
  return library;
}

Result<formats::SongFile> read_songs(const std::string& file) {
  const auto bytes = read_bytes(file, formats::limits::catalogue_bytes);
  if (!bytes) return std::unexpected(bytes.error());
  auto read = formats::read_song_file(*bytes, file);
  if (!read) read.error().detail = fmt::format("{}: {}", file, read.error().detail);
  return read;
}

std::vector<std::string> library_files(const Settings& settings) {
  std::vector<std::string> files;
  std::error_code ignored;
  if (!settings.data.empty() && fs::exists(own_songs_file(settings), ignored))
    files.push_back(own_songs_file(settings).string());
  for (const auto& file : starter_files(settings)) files.push_back(file.string());
  return files;
}

Result<Added> add_own_songs(const Settings& settings, std::vector<songs::Song> songs) {
  if (settings.data.empty())
    return rejected("no_data_folder", "there is no home folder to keep songs in; name a folder with --data");
  std::error_code fault;
  fs::create_directories(settings.data, fault);
  const auto lock_file = settings.data / "songs.lock";
  const FileHandle lock(open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (lock.fd < 0 || flock(lock.fd, LOCK_EX) != 0)
    return rejected("not_writable", fmt::format("{} cannot be written ({}); name another folder with --data",
                                                settings.data.string(), std::strerror(errno)));
  auto own = load_own_songs(settings);
  if (!own) return std::unexpected(std::move(own.error()));
  // Lines that cannot be read would be lost by writing the file anew.
  if (!own->warnings.empty()) return rejected("damaged_songs", own->warnings.front() + "; repair it first");
  auto file = PendingFile::open(own_songs_file(settings));
  if (!file) return std::unexpected(std::move(file.error()));

  Added result;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (std::size_t i = 0; i < own->songs.size(); ++i) places[{own->songs[i].title, own->songs[i].artist}] = i;
  for (auto& song : songs) {
    const auto [place, is_new] = places.try_emplace({song.title, song.artist}, own->songs.size());
    if (is_new) {
      own->songs.push_back(std::move(song));
      ++result.added;
    } else {
      own->songs[place->second] = std::move(song);
      ++result.replaced;
    }
  }
  if (auto written = file->commit(formats::write_song_jsonl(own->songs)); !written)
    return std::unexpected(std::move(written.error()));
  return result;
}

}  // namespace orakgarak::app
