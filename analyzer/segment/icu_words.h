#pragma once
// ICU's word breaks, the segmenter's first opinion. Break iterators are not for sharing, so a handful
// is kept and lent out; all of this may be called from many threads.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tingchao::analyzer {

class IcuWords {
 public:
  // Fails with bad_config when ICU's data is not installed.
  static Result<std::unique_ptr<IcuWords>> open();
  ~IcuWords();

  // border[i] = 1 where ICU begins a word, size text.size() + 1, first and last set.
  void mark(std::u32string_view text, std::vector<std::uint8_t>& border) const;

 private:
  struct Breaker;
  IcuWords();
  std::unique_ptr<Breaker> borrow() const;
  void give_back(std::unique_ptr<Breaker> breaker) const;

  std::unique_ptr<Breaker> prototype_;
  mutable std::array<std::atomic<Breaker*>, 8> idle_{};
};

}  // namespace tingchao::analyzer
