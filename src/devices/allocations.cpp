#include "devices/allocations.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

// Signed: what one thread allocates another may give back.
thread_local std::int64_t in_use = 0, most_in_use = 0;

void* counted(void* block) noexcept {
  if (block) {
    in_use += static_cast<std::int64_t>(::malloc_usable_size(block));
    most_in_use = std::max(most_in_use, in_use);
  }
  return block;
}

void give_back(void* block) noexcept {
  if (block) in_use -= static_cast<std::int64_t>(::malloc_usable_size(block));
  std::free(block);
}

/// Asks the handler for more, as the standard wants it, until there is a block or none to ask.
template <class Allocate>
void* or_throw(Allocate allocate) {
  for (;;) {
    if (void* block = counted(allocate())) return block;
    const auto handler = std::get_new_handler();
    if (!handler) throw std::bad_alloc();
    handler();
  }
}

std::size_t at_least_one(std::size_t size) { return std::max<std::size_t>(1, size); }

void* aligned(std::size_t size, std::align_val_t alignment) {
  void* block = nullptr;
  const auto bytes = std::max(static_cast<std::size_t>(alignment), sizeof(void*));
  return ::posix_memalign(&block, bytes, at_least_one(size)) == 0 ? block : nullptr;
}

}  // namespace

// All forms, so that what one allocates no other one's fellow gives back: a sanitizer brings forms of its
// own.
void* operator new(std::size_t size) {
  return or_throw([&] { return std::malloc(at_least_one(size)); });
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return or_throw([&] { return aligned(size, alignment); });
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(std::malloc(at_least_one(size)));
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return counted(aligned(size, alignment));
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return operator new(size, alignment); }
void* operator new[](std::size_t size, const std::nothrow_t& no) noexcept { return operator new(size, no); }
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t& no) noexcept {
  return operator new(size, alignment, no);
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }
void operator delete(void* block, std::align_val_t) noexcept { give_back(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { give_back(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { give_back(block); }
void operator delete(void* block, std::align_val_t, const std::nothrow_t&) noexcept { give_back(block); }
void operator delete[](void* block) noexcept { give_back(block); }
void operator delete[](void* block, std::size_t) noexcept { give_back(block); }
void operator delete[](void* block, std::align_val_t) noexcept { give_back(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { give_back(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { give_back(block); }
void operator delete[](void* block, std::align_val_t, const std::nothrow_t&) noexcept { give_back(block); }

namespace orakgarak::devices {

Allocations::Allocations() : before_(in_use) { most_in_use = in_use; }

std::uint64_t Allocations::peak_bytes() const {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, most_in_use - before_));
}

}  // namespace orakgarak::devices
