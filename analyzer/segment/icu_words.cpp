// Cloning a break iterator costs more than breaking a title, so idle ones wait in a few atomic slots:
// taking is one exchange, and when all slots are empty the prototype is cloned. No lock is needed.
#include "analyzer/segment/icu_words.h"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>

namespace tingchao::analyzer {

struct IcuWords::Breaker {
  std::unique_ptr<icu::BreakIterator> words;
  icu::UnicodeString text;  // the iterator points into it
};

IcuWords::IcuWords() = default;

IcuWords::~IcuWords() {
  for (auto& slot : idle_) delete slot.load();
}

Result<std::unique_ptr<IcuWords>> IcuWords::open() {
  UErrorCode status = U_ZERO_ERROR;
  auto breaker = std::make_unique<Breaker>();
  breaker->words.reset(icu::BreakIterator::createWordInstance(icu::Locale::getChinese(), status));
  if (U_FAILURE(status) || !breaker->words)
    return Error{Errc::bad_config, std::string("ICU gives no word breaks: ") + u_errorName(status),
                 "install ICU's data (libicu72)"};
  std::unique_ptr<IcuWords> words(new IcuWords);
  words->prototype_ = std::move(breaker);
  return words;
}

std::unique_ptr<IcuWords::Breaker> IcuWords::borrow() const {
  for (auto& slot : idle_)
    if (Breaker* breaker = slot.exchange(nullptr, std::memory_order_acquire))
      return std::unique_ptr<Breaker>(breaker);
  auto breaker = std::make_unique<Breaker>();
  breaker->words.reset(prototype_->words->clone());
  return breaker;
}

void IcuWords::give_back(std::unique_ptr<Breaker> breaker) const {
  for (auto& slot : idle_) {
    Breaker* empty = nullptr;
    if (slot.compare_exchange_strong(empty, breaker.get(), std::memory_order_release,
                                     std::memory_order_relaxed)) {
      breaker.release();
      return;
    }
  }
}

void IcuWords::mark(std::u32string_view text, std::vector<std::uint8_t>& border) const {
  border.assign(text.size() + 1, 0);
  border.front() = border.back() = 1;
  if (text.size() < 2) return;

  std::unique_ptr<Breaker> breaker = borrow();
  breaker->text.remove();
  for (const char32_t c : text) breaker->text.append(static_cast<UChar32>(c));
  breaker->words->setText(breaker->text);

  // Places in UTF-16 come back as places in characters: they part only behind a surrogate pair.
  std::size_t chars = 0;
  std::int32_t units = 0;
  for (std::int32_t at = breaker->words->next(); at != icu::BreakIterator::DONE;
       at = breaker->words->next()) {
    while (units < at && chars < text.size()) units += text[chars++] > 0xffff ? 2 : 1;
    border[chars] = 1;
  }
  give_back(std::move(breaker));
}

}  // namespace tingchao::analyzer
