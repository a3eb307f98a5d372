#pragma once
// Memory for tables of many megabytes that are read at random: asked for in large pages, so that a look does not
// wait for the page table before it waits for the memory. Small ones lie on borders of cache lines.

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace tingchao::analyzer {

template <class T>
struct LargePages {
  using value_type = T;
  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t count) {
    constexpr std::size_t line = 64, page = std::size_t{2} << 20;
    const std::size_t border = count * sizeof(T) < page ? line : page;
    const std::size_t bytes = (count * sizeof(T) + border - 1) / border * border;
    void* memory = std::aligned_alloc(border, bytes);
    if (!memory) throw std::bad_alloc();
    if (border == page) madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: without it all is slower, not wrong
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t) { std::free(memory); }
  bool operator==(const LargePages&) const { return true; }
};

}  // namespace tingchao::analyzer
