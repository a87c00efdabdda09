#include "devices/shared_table.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <thread>
#include <utility>

namespace orakgarak::devices {
namespace {

// The last digit is the layout's version; the name of the file has it too, so that programs of two versions
// never meet in one.
constexpr std::uint64_t table_magic = 0x6f72616b'6d656d32;  // "orakmem2"
// Bytes that are locked, none of which holds anything: the table's own, and one for each member.
constexpr off_t table_byte = 0, first_member_byte = 1;

struct flock byte_lock(off_t byte, off_t count, short type) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = count;
  return lock;
}

bool take_byte(int fd, off_t byte, off_t count = 1) {
  auto lock = byte_lock(byte, count, F_WRLCK);
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

void let_go(int fd, off_t byte, off_t count = 1) {
  auto lock = byte_lock(byte, count, F_UNLCK);
  ::fcntl(fd, F_OFD_SETLK, &lock);
}

auto unavailable(const std::filesystem::path& file, const std::string& why) {
  return rejected("device_unavailable",
                  fmt::format("the count of memory in use, {}, {}", file.string(), why));
}

}  // namespace

std::int64_t monotonic_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Result<std::unique_ptr<SharedTable>> SharedTable::open(const std::filesystem::path& file, Part part) {
  const auto fd = open_file(file);
  if (!fd) return std::unexpected(fd.error());
  std::unique_ptr<SharedTable> shared(new SharedTable(*fd, nullptr));
  {
    const auto held = shared->lock();
    if (!held) return std::unexpected(held.error());
    if (auto ready = shared->set_up(file); !ready) return std::unexpected(std::move(ready.error()));
    if (part == Part::onlooker) return shared;
    if (auto joined = shared->join(); !joined) return std::unexpected(std::move(joined.error()));
  }
  return shared;
}

Result<int> SharedTable::open_file(const std::filesystem::path& file) {
  const int fd = file.empty() ? ::memfd_create("orakgarak-memory", MFD_CLOEXEC)
                              : ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return unavailable(
        file, fmt::format("cannot be written ({}); name another folder with --data", std::strerror(errno)));
  return fd;
}

Result<void> SharedTable::set_up(const std::filesystem::path& file) {
  struct stat found{};
  if (::fstat(fd_, &found) != 0 || !S_ISREG(found.st_mode)) return unavailable(file, "is no file; remove it");
  std::uint64_t magic = 0;
  std::uint32_t rows = 0;
  const bool ours = found.st_size == sizeof(Table) &&
                    ::pread(fd_, &magic, sizeof magic, offsetof(Table, magic)) == sizeof magic &&
                    ::pread(fd_, &rows, sizeof rows, offsetof(Table, rows_in_file)) == sizeof rows &&
                    magic == table_magic && rows == most_rows;
  if (!ours) {
    if (!take_byte(fd_, first_member_byte, most_members))
      return unavailable(file, "is damaged while another process uses it; stop all of them, then remove it");
    let_go(fd_, first_member_byte, most_members);
    // Its blocks are taken now: a full disk is told here, instead of ending the process at a later write.
    const int full = ::ftruncate(fd_, 0) == 0 ? ::posix_fallocate(fd_, 0, sizeof(Table)) : errno;
    if (full != 0) return unavailable(file, fmt::format("cannot be made ({})", std::strerror(full)));
  }
  void* mapped = ::mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (mapped == MAP_FAILED)
    return unavailable(file, fmt::format("cannot be mapped ({})", std::strerror(errno)));
  table_ = static_cast<Table*>(mapped);
  if (!ours) {
    table_->rows_in_file = most_rows;
    table_->corrections.fill(uploads::no_correction);
    table_->magic = table_magic;
  }
  return {};
}

Result<void> SharedTable::join() {
  for (std::uint32_t member = 0; member < most_members; ++member) {
    if (!take_byte(fd_, first_member_byte + member)) continue;
    member_ = member;
    for (auto& row : table_->rows)
      if (row.member == member && row.state.load() != std::to_underlying(RowState::free)) {
        if (row.state.load() == std::to_underlying(RowState::holds)) ++table_->counts.came_back;
        row.state = std::to_underlying(RowState::free);
      }
    return {};
  }
  return rejected("device_unavailable", fmt::format("{} processes share this memory already", most_members));
}

SharedTable::~SharedTable() {
  if (table_) ::munmap(table_, sizeof(Table));
  ::close(fd_);  // and with it goes the lock of this member
}

SharedTable::Lock::Lock(SharedTable& table) : table_(&table) {}
SharedTable::Lock::Lock(Lock&& other) noexcept : table_(std::exchange(other.table_, nullptr)) {}
SharedTable::Lock::~Lock() {
  if (!table_) return;
  let_go(table_->fd_, table_byte);
  table_->mutex_.unlock();
}

Result<SharedTable::Lock> SharedTable::lock(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  const auto away = [] {
    return fail(ErrorKind::retry, "device_unavailable",
                "a process that was stopped holds the count of memory in use; let it go on, or end it");
  };
  if (!mutex_.try_lock_until(until)) return away();
  for (auto pause = std::chrono::microseconds(20); !take_byte(fd_, table_byte);
       pause = std::min<std::chrono::microseconds>(pause * 2, std::chrono::milliseconds(1))) {
    if (std::chrono::steady_clock::now() >= until) {
      mutex_.unlock();
      return away();
    }
    std::this_thread::sleep_for(pause);
  }
  return Lock(*this);
}

bool SharedTable::lives(std::uint32_t member) const {
  if (member >= most_members) return false;
  if (member == member_) return true;
  auto lock = byte_lock(first_member_byte + static_cast<off_t>(member), 1, F_WRLCK);
  return ::fcntl(fd_, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

void SharedTable::sweep() {
  enum class Known : std::uint8_t { no, lives, gone };
  std::array<Known, most_members + 1> known{};
  std::uint64_t came_back = 0;
  for (auto& row : table_->rows) {
    const auto state = row.state.load();
    if (state == std::to_underlying(RowState::free)) continue;
    auto& member = known[std::min(row.member, most_members)];
    if (member == Known::no) member = lives(row.member) ? Known::lives : Known::gone;
    if (member == Known::lives && state <= std::to_underlying(RowState::holds)) continue;
    if (state == std::to_underlying(RowState::holds)) ++came_back;
    row.state = std::to_underlying(RowState::free);
  }
  if (came_back == 0) return;
  table_->counts.came_back += came_back;
  tell();
}

void SharedTable::tell() {
  ++table_->changes;
  ::syscall(SYS_futex, &table_->changes, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void SharedTable::wait(std::uint32_t changes, std::chrono::milliseconds most) {
  const timespec time{most.count() / 1000, most.count() % 1000 * 1'000'000};
  ::syscall(SYS_futex, &table_->changes, FUTEX_WAIT, changes, &time, nullptr, 0);
}

}  // namespace orakgarak::devices
