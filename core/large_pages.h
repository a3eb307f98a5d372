#pragma once
// Memory for tables of a megabyte and more that are read all over: the system is asked to back it with large
// pages (Linux: madvise, where /sys/kernel/mm/transparent_hugepage/enabled says madvise or always), so that a
// look-up seldom waits for the translation of its address. Smaller blocks come from operator new as ever.

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace tingchao {

template <class T>
struct LargePages {
  using value_type = T;
  static constexpr std::size_t page = std::size_t{2} << 20, least = page / 2;  // bytes

  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T);
    if (bytes < least) return static_cast<T*>(::operator new(bytes, std::align_val_t(alignof(T))));
    const std::size_t whole = (bytes + page - 1) / page * page;
    void* const block = std::aligned_alloc(page, whole);
    if (!block) throw std::bad_alloc();
    ::madvise(block, whole, MADV_HUGEPAGE);  // refused: small pages, as before
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t count) noexcept {
    if (count * sizeof(T) < least) return ::operator delete(block, std::align_val_t(alignof(T)));
    std::free(block);
  }
  bool operator==(const LargePages&) const = default;
};

template <class T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace tingchao
