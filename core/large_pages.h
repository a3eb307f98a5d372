#pragma once
// Memory for tables of some megabytes that are read all over: the system is asked to back it with large
// pages (Linux: madvise, where /sys/kernel/mm/transparent_hugepage/enabled says madvise or always), so that a
// look-up seldom waits for the translation of its address. Smaller blocks begin at borders of cache lines.

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace tingchao {

template <class T>
struct LargePages {
  using value_type = T;
  static constexpr std::size_t line = 64, page = std::size_t{2} << 20;  // bytes

  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T), whole = bytes / page * page;
    void* block = nullptr;
    if (::posix_memalign(&block, whole > 0 ? page : line, std::max<std::size_t>(bytes, 1)) != 0) throw std::bad_alloc();
    if (whole > 0) ::madvise(block, whole, MADV_HUGEPAGE);  // refused: small pages, as before
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t) noexcept { std::free(block); }
  bool operator==(const LargePages&) const = default;
};

template <class T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace tingchao
