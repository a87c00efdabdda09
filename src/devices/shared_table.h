#pragma once
// A table in a file that processes of one machine share: who holds memory of a device, and who waits for it.
//
// Nothing in it needs a clean end. Each process that takes part holds a lock on a byte of the file as long as
// it lives, and the kernel lets go of it at its death, however it dies: what belongs to a process whose byte
// is free belongs to nobody. Sums are made from the rows each time; a row counts from one store of its state
// on, and is gone with another.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "uploads/admission.h"

namespace orakgarak::devices {

enum class RowState : std::uint32_t { free, waits, holds };

/// Written by its process while it is free, and under the table's lock; `state` and `seen` also without.
struct Row {
  std::atomic<std::uint32_t> state;  ///< RowState
  std::uint32_t member;
  std::uint32_t priority, engine;
  std::int32_t process;
  std::uint32_t reserved;
  std::uint64_t ticket;
  std::uint64_t bytes;             ///< held; of one who waits, the usual size
  std::uint64_t least;             ///< of one who waits
  std::int64_t since;              ///< µs of the monotonic clock
  std::atomic<std::int64_t> seen;  ///< the same: when one who waits looked last
};

struct Counts {
  std::uint64_t most_granted, entered, smaller, ran_out, came_back;
  std::int64_t longest_live, longest_batch;  ///< µs
};

inline constexpr std::uint32_t most_rows = 256;
inline constexpr std::uint32_t most_members = 64;

/// What the file holds, all of it.
struct Table {
  std::uint64_t magic;
  std::uint32_t rows_in_file, live_in_a_row;
  std::uint64_t budget;   ///< bytes, as the process that came last says
  std::uint64_t for_now;  ///< less than the budget since memory ran out under it; 0: all of it
  std::uint64_t next_ticket;
  std::atomic<std::uint32_t> changes;  ///< rises when somebody may enter who could not before
  std::array<std::uint32_t, uploads::every_engine.size()> corrections;
  Counts counts;
  std::array<char, 256> name;  ///< of the device, ended by 0
  std::array<Row, most_rows> rows;
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free &&
              std::atomic<std::int64_t>::is_always_lock_free);

/// One process's part in a table.
class SharedTable {
 public:
  enum class Part : std::uint8_t { member, onlooker };  ///< who looks on holds and waits for nothing

  /// Makes the file where it is not there; one that is no table is made anew unless somebody uses it.
  /// file: empty: a table of this process alone. Errors: rejected "device_unavailable" (not writable, in use
  /// by a program that writes it otherwise, or by `most_members` processes).
  static Result<std::unique_ptr<SharedTable>> open(const std::filesystem::path& file, Part part);
  ~SharedTable();
  SharedTable(const SharedTable&) = delete;
  SharedTable& operator=(const SharedTable&) = delete;

  /// Nobody else, in this process or another, changes the table. Its holder never waits for anything.
  class Lock {
   public:
    explicit Lock(SharedTable& table);
    Lock(Lock&&) noexcept;
    Lock& operator=(Lock&&) = delete;
    ~Lock();

   private:
    friend SharedTable;
    SharedTable* table_;
  };
  /// Errors: retry "device_unavailable": a process was stopped in the middle of a change and stays so.
  Result<Lock> lock(std::chrono::milliseconds patience = std::chrono::seconds(5));

  Table& table() { return *table_; }
  std::uint32_t member() const { return member_; }

  /// Frees the rows of processes that are no more. Under a lock.
  void sweep();

  /// Somebody may enter who could not before: all who wait look. Needs no lock.
  void tell();
  /// Until tell() was called since `changes` was read, or for this long.
  void wait(std::uint32_t changes, std::chrono::milliseconds most);

 private:
  SharedTable(int fd, Table* table) : fd_(fd), table_(table) {}
  static Result<int> open_file(const std::filesystem::path& file);
  Result<void> set_up(const std::filesystem::path& file);
  Result<void> join();
  bool lives(std::uint32_t member) const;

  const int fd_;
  Table* table_;
  std::uint32_t member_ = most_members;
  std::timed_mutex mutex_;  ///< of the threads here, whom a lock on the file does not keep apart
};

/// µs of the clock that `since` and `seen` are in: one for all processes of a machine.
std::int64_t monotonic_now();

}  // namespace orakgarak::devices
