#include "devices/shared_device.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "devices/shared_table.h"
#include "uploads/sha256.h"

namespace orakgarak::devices {
namespace {

using uploads::DeviceState;
using uploads::Need;
using uploads::Priority;

constexpr std::uint64_t mebibyte = 1ULL << 20;
/// With the version of the layout: see shared_table.cpp.
constexpr std::string_view file_prefix = "memory-2-";
constexpr auto ask_every = std::chrono::milliseconds(200);
/// Who waits and has not looked for so long (its process is stopped) holds up nobody; it keeps its place.
constexpr std::int64_t absent_after = 2'000'000;
/// Jobs that come to their end until a budget that was cut because memory ran out is whole again, at most.
constexpr std::uint64_t recovers_in_jobs = 64;

bool is(const Row& row, RowState state) { return row.state.load() == std::to_underlying(state); }
Priority priority_of(const Row& row) { return row.priority == 0 ? Priority::live : Priority::batch; }

std::uint64_t granted(const Table& table) {
  std::uint64_t sum = 0;
  for (const auto& row : table.rows)
    if (is(row, RowState::holds)) sum += row.bytes;
  return sum;
}

/// What is given out of the budget, less for a while after memory ran out. One job alone may have all of it.
std::uint64_t given_out(const Table& table) {
  return table.for_now > 0 ? std::min(table.for_now, table.budget) : table.budget;
}

/// The sizes of a need as they are asked for, usual one first.
std::vector<std::uint64_t> asked(const Table& table, const Need& need) {
  std::vector<std::uint64_t> bytes;
  const auto correction = table.corrections[std::to_underlying(need.engine)];
  for (const auto size : need.sizes)
    bytes.push_back(size / 1000 * correction + size % 1000 * correction / 1000);
  return bytes;
}

std::unexpected<Error> never_fits(std::uint64_t bytes, std::uint64_t budget) {
  return rejected("never_fits",
                  fmt::format("this work needs {} MiB of memory and this server grants {} MiB at most; its "
                              "operator can raise that",
                              (bytes + mebibyte - 1) / mebibyte, budget / mebibyte));
}

DeviceState state_of(const Table& table) {
  DeviceState state;
  state.name = table.name.data();
  state.budget = table.budget;
  state.for_now = given_out(table);
  state.granted = granted(table);
  const auto& counts = table.counts;
  state.most_granted = counts.most_granted;
  state.entered = counts.entered;
  state.smaller = counts.smaller;
  state.ran_out = counts.ran_out;
  state.came_back = counts.came_back;
  state.longest_live = Duration(counts.longest_live);
  state.longest_batch = Duration(counts.longest_batch);
  state.corrections = table.corrections;
  std::vector<const Row*> rows;
  for (const auto& row : table.rows)
    if (!is(row, RowState::free) && row.engine < uploads::every_engine.size()) rows.push_back(&row);
  std::ranges::sort(rows, {}, &Row::ticket);
  const auto now = monotonic_now();
  for (const auto* row : rows)
    state.entries.push_back({is(*row, RowState::holds), priority_of(*row), uploads::every_engine[row->engine],
                             row->bytes, Duration(now - row->since), row->process});
  return state;
}

class SharedDevice final : public uploads::Device {
 public:
  explicit SharedDevice(std::unique_ptr<SharedTable> shared) : shared_(std::move(shared)) {}

  Result<std::unique_ptr<Grant>> enter(const Need& need, const std::function<bool()>& go_on,
                                       std::chrono::milliseconds most_wait) override;
  Result<DeviceState> state() override {
    const auto held = shared_->lock();
    if (!held) return std::unexpected(held.error());
    shared_->sweep();
    return state_of(shared_->table());
  }

  void leave(Row& row) {
    row.state = std::to_underlying(RowState::free);
    shared_->tell();
  }
  /// Where the table cannot be had, a correction or a count is lost and nothing else.
  template <class Change>
  void change(Change change) {
    if (const auto held = shared_->lock()) change(shared_->table());
  }

 private:
  Result<Row*> take_place(const Need& need, const std::vector<std::uint64_t>& bytes);
  bool enter_if_next(Row& row, const std::vector<std::uint64_t>& bytes);

  std::unique_ptr<SharedTable> shared_;
};

class SharedGrant final : public uploads::Device::Grant {
 public:
  /// row: a held one.
  SharedGrant(SharedDevice& device, Row& row, uploads::Engine engine, std::size_t size,
              std::uint64_t estimated)
      : device_(device), row_(row), bytes_(row.bytes), engine_(engine), size_(size), estimated_(estimated) {}
  SharedGrant(const SharedGrant&) = delete;
  SharedGrant& operator=(const SharedGrant&) = delete;
  ~SharedGrant() override { device_.leave(row_); }

  std::size_t size() const override { return size_; }
  std::uint64_t bytes() const override { return bytes_; }
  void used(std::uint64_t peak_bytes) override {
    device_.change([&](Table& table) {
      auto& correction = table.corrections[std::to_underlying(engine_)];
      correction = uploads::corrected(engine_, correction, estimated_, peak_bytes);
      if (table.for_now > 0) table.for_now += table.budget / recovers_in_jobs;
      if (table.for_now >= table.budget) table.for_now = 0;
    });
  }
  void ran_out() override {
    device_.change([&](Table& table) {
      ++table.counts.ran_out;
      table.for_now = std::max(bytes_, std::min(given_out(table), granted(table)) / 8 * 7);
    });
  }

 private:
  SharedDevice& device_;
  Row& row_;
  const std::uint64_t bytes_;
  const uploads::Engine engine_;
  const std::size_t size_;
  const std::uint64_t estimated_;  ///< uncorrected
};

/// Under the lock.
Result<Row*> SharedDevice::take_place(const Need& need, const std::vector<std::uint64_t>& bytes) {
  auto& table = shared_->table();
  const auto free = std::ranges::find_if(table.rows, [](const Row& row) { return is(row, RowState::free); });
  if (free == table.rows.end())
    return fail(ErrorKind::retry, "no_room", fmt::format("{} jobs wait for memory already", most_rows));
  free->member = shared_->member();
  free->priority = std::to_underlying(need.priority);
  free->engine = std::to_underlying(need.engine);
  free->process = ::getpid();
  free->ticket = table.next_ticket++;
  free->bytes = bytes.front();
  free->least = bytes.back();
  free->since = monotonic_now();
  free->seen = free->since;
  free->state = std::to_underlying(RowState::waits);
  return &*free;
}

/// Under the lock.
bool SharedDevice::enter_if_next(Row& own, const std::vector<std::uint64_t>& bytes) {
  auto& table = shared_->table();
  shared_->sweep();
  const auto now = monotonic_now();
  own.seen = now;
  std::vector<uploads::Waiting> waiting;
  std::vector<const Row*> rows;
  for (const auto& row : table.rows) {
    if (!is(row, RowState::waits) || now - row.seen.load() > absent_after || row.least > table.budget)
      continue;
    waiting.push_back({priority_of(row), row.ticket, Duration(now - row.since),
                       row.bytes <= table.budget ? row.bytes : row.least, row.least});
    rows.push_back(&row);
  }
  const auto in_use = granted(table);
  const auto budget = in_use > 0 ? given_out(table) : table.budget;
  const auto next = uploads::next_to_enter(waiting, {budget, in_use, table.live_in_a_row});
  if (!next || rows[*next] != &own) return false;

  const auto left = budget - std::min(budget, in_use);
  const auto size = std::ranges::find_if(bytes, [&](std::uint64_t size) { return size <= left; });
  auto& counts = table.counts;
  ++counts.entered;
  if (size != bytes.begin()) ++counts.smaller;
  const bool live = priority_of(own) == Priority::live;
  table.live_in_a_row = live ? table.live_in_a_row + 1 : 0;
  auto& longest = live ? counts.longest_live : counts.longest_batch;
  longest = std::max(longest, now - own.since);
  counts.most_granted = std::max(counts.most_granted, in_use + *size);
  own.bytes = *size;
  own.since = now;
  own.state = std::to_underlying(RowState::holds);
  return true;
}

Result<std::unique_ptr<uploads::Device::Grant>> SharedDevice::enter(const Need& need,
                                                                    const std::function<bool()>& go_on,
                                                                    std::chrono::milliseconds most_wait) {
  auto& table = shared_->table();
  const auto until = std::chrono::steady_clock::now() + most_wait;
  std::vector<std::uint64_t> bytes;
  Row* row = nullptr;
  struct Leaving {  // whatever happens while it waits
    SharedDevice& device;
    Row*& row;
    ~Leaving() {
      if (row) device.leave(*row);
    }
  } leaving{*this, row};
  for (;;) {
    std::uint32_t changes = 0;
    {
      const auto held = shared_->lock();
      if (!held) return std::unexpected(held.error());
      if (!row) bytes = asked(table, need);
      if (bytes.back() > table.budget) return never_fits(bytes.back(), table.budget);
      if (!row) {
        const auto place = take_place(need, bytes);
        if (!place) return std::unexpected(place.error());
        row = *place;
      }
      changes = table.changes;
      if (enter_if_next(*row, bytes)) {
        const auto size = static_cast<std::size_t>(std::ranges::find(bytes, row->bytes) - bytes.begin());
        auto grant = std::make_unique<SharedGrant>(*this, *row, need.engine, size, need.sizes[size]);
        row = nullptr;
        shared_->tell();  // the next one may fit beside it
        return grant;
      }
    }
    if (!go_on()) return fail(ErrorKind::conflict, "job_lost", "another worker has taken this over");
    if (std::chrono::steady_clock::now() >= until)
      return fail(ErrorKind::retry, "no_room", "there was no memory for this work for a long time");
    shared_->wait(changes, ask_every);
  }
}

}  // namespace

Result<std::unique_ptr<uploads::Device>> open_device(const DeviceOptions& options) {
  auto shared = SharedTable::open(options.file, SharedTable::Part::member);
  if (!shared) return std::unexpected(std::move(shared.error()));
  {
    const auto held = (*shared)->lock();
    if (!held) return std::unexpected(held.error());
    auto& table = (*shared)->table();
    table.budget = options.budget;
    table.name.fill(0);
    options.name.copy(table.name.data(), table.name.size() - 1);
  }
  (*shared)->tell();
  return std::make_unique<SharedDevice>(std::move(*shared));
}

Result<DeviceState> look_at_device(const std::filesystem::path& file) {
  std::error_code fault;
  if (!std::filesystem::exists(file, fault))
    return fail(ErrorKind::not_found, "no_device", "no memory is given out here");
  const auto shared = SharedTable::open(file, SharedTable::Part::onlooker);
  if (!shared) return std::unexpected(shared.error());
  const auto held = (*shared)->lock();
  if (!held) return std::unexpected(held.error());
  (*shared)->sweep();
  return state_of((*shared)->table());
}

std::filesystem::path device_file(const std::filesystem::path& folder, const std::string& shared_by) {
  return folder / fmt::format("{}{:.16}", file_prefix, uploads::to_hex(uploads::sha256(shared_by)));
}

std::vector<std::filesystem::path> device_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code fault;
  for (const auto& entry : std::filesystem::directory_iterator(folder, fault))
    if (entry.path().filename().string().starts_with(file_prefix)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace orakgarak::devices
