// Two stages of 256 entries. The normalisation of every code point that NFKC_Casefold changes is
// asked of ICU once; the simplified form of every character that ICU's Hant-Hans knows, once as well.
// Both are then composed, so that a lookup never needs a second one.

#include "analyzer/text/fold_table.h"

#include <algorithm>
#include <memory>

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uniset.h>

#include "core/result.h"

namespace tingchao::analyzer {
namespace {

// Characters of the simplified standard that ICU would still change, because they are also the
// traditional form of another one; folding them would break everyday words: 著名, 俱乐部, 摔跤, 乾隆.
constexpr std::u32string_view kept_as_they_are = U"著俱乾跤藉苎苧阪塚";

// Variants that ICU leaves alone: pairs of variant and standard form.
constexpr std::u32string_view more_variants = U"峯峰靑青竝并矇蒙喫吃糉粽衞卫淸清敎教緖绪牀床脣唇毎每戸户薴苎";

const icu::Normalizer2& normalizer() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = icu::Normalizer2::getNFKCCasefoldInstance(status);
  TINGCHAO_ASSERT(U_SUCCESS(status) && found);
  return *found;
}

std::u32string to_u32(const icu::UnicodeString& text) {
  std::u32string out;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) out += char32_t(text.char32At(i));
  return out;
}

}  // namespace

const FoldTable& FoldTable::instance() {
  static const FoldTable table;
  return table;
}

FoldTable::FoldTable() {
  pages_.emplace_back();  // page 0: nothing changes
  read_simplification();
  add_normalization(0, 0x1FFFF);        // the first two planes
  add_normalization(0x2F800, 0x2FA1F);  // compatibility ideographs
  add_normalization(0xE0000, 0xE0FFF);  // tags and variation selectors
  add_simplification();
}

void FoldTable::set(char32_t c, std::uint32_t bits) {
  std::uint16_t& page = page_of_[c >> 8];
  if (page == 0) {
    page = std::uint16_t(pages_.size());
    pages_.emplace_back();
  }
  pages_[page][c & 255].bits |= bits;
}

void FoldTable::read_simplification() {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> rules(
      icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
  TINGCHAO_ASSERT(U_SUCCESS(status) && rules);
  icu::UnicodeSet known;
  rules->getSourceSet(known);
  for (std::size_t i = 0; i + 1 < more_variants.size(); i += 2) {
    simplified_.emplace_back(more_variants[i], more_variants[i + 1]);
    known.remove(UChar32(more_variants[i]));
  }
  for (const char32_t c : kept_as_they_are) known.remove(UChar32(c));
  for (int32_t range = 0; range < known.getRangeCount(); ++range)
    for (UChar32 c = known.getRangeStart(range); c <= known.getRangeEnd(range); ++c) {
      icu::UnicodeString text(c);
      rules->transliterate(text);
      const char32_t to = char32_t(text.char32At(0));
      if (text.countChar32() == 1 && to != char32_t(c)) simplified_.emplace_back(char32_t(c), to);
    }
  std::sort(simplified_.begin(), simplified_.end());
}

void FoldTable::add_simplification() {
  for (const auto& pair : simplified_)
    if (entry(pair.first).plain())
      set(pair.first, single_bit | std::uint32_t(simplified(pair.first)));
}

char32_t FoldTable::simplified(char32_t c) const {
  // Two steps at most: a variant of a traditional character (衞 → 衛 → 卫 would need them).
  for (int step = 0; step < 2; ++step) {
    const auto at = std::lower_bound(simplified_.begin(), simplified_.end(), c,
                                     [](const auto& pair, char32_t key) { return pair.first < key; });
    if (at == simplified_.end() || at->first != c) break;
    c = at->second;
  }
  return c;
}

void FoldTable::add_normalization(char32_t first, char32_t last) {
  const icu::Normalizer2& nfkc = normalizer();
  for (char32_t c = first; c <= last; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    if (!nfkc.hasBoundaryBefore(UChar32(c))) set(c, joins_bit);
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString text{UChar32(c)};
    if (nfkc.isNormalized(text, status)) continue;
    const std::u32string folded = fold_cluster(std::u32string_view(&c, 1));
    if (folded.empty()) {
      set(c, dropped_bit);
    } else if (folded.size() == 1) {
      if (folded[0] != c) set(c, single_bit | std::uint32_t(folded[0]));
    } else {
      set(c, expands_bit | std::uint32_t(expansions_.size()));
      expansions_.push_back(folded);
    }
  }
}

std::u32string_view FoldTable::expansion(Entry entry) const {
  return expansions_[entry.bits & value_mask];
}

std::u32string FoldTable::fold_cluster(std::u32string_view cluster) const {
  const icu::UnicodeString text = icu::UnicodeString::fromUTF32(
      reinterpret_cast<const UChar32*>(cluster.data()), int32_t(cluster.size()));
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString normal = normalizer().normalize(text, status);
  TINGCHAO_ASSERT(U_SUCCESS(status));
  std::u32string folded = to_u32(normal);
  for (char32_t& c : folded) c = simplified(c);
  return folded;
}

}  // namespace tingchao::analyzer
