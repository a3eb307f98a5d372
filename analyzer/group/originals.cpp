// A record is a head, then school hashes, band keys, bigrams and the two ids, each as many as the head says, the
// wider numbers first so that all lie on their borders.
#include "analyzer/group/originals.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tingchao::analyzer {
namespace {

constexpr std::size_t chunk_bytes_min = 64 << 10, chunk_bytes_max = 2 << 20;

template <class T>
std::byte* put(std::byte* at, const T* from, std::size_t count) {
  if (count > 0) std::memcpy(at, from, count * sizeof(T));
  return at + count * sizeof(T);
}

}  // namespace

struct Originals::Head {
  std::uint64_t exact = 0, figures = 0;
  std::uint32_t letters = 0, bytes = 0;  // bytes: of the record
  std::uint32_t schools = 0, keys = 0, bigrams = 0, document = 0, story = 0;
  bool is_long = false;
};

std::byte* Originals::room(std::size_t bytes) {
  if (chunks_.empty() || chunks_.back().used + bytes > chunks_.back().memory.size()) {
    if (spare_.memory.size() < bytes)
      spare_.memory.resize(std::max(std::clamp(bytes_, chunk_bytes_min, chunk_bytes_max), bytes));
    chunks_.push_back(std::exchange(spare_, {}));
  }
  Chunk& chunk = chunks_.back();
  std::byte* at = chunk.memory.data() + chunk.used;
  chunk.used += bytes;
  ++chunk.records;
  return at;
}

void Originals::widen() {
  LargeVector<Place> wider(std::max<std::size_t>(64, 2 * places_.size()));
  for (std::uint32_t number = first_; number != first_ + size_; ++number)
    wider[number & (wider.size() - 1)] = place(number);
  places_ = std::move(wider);
}

std::uint32_t Originals::push(const CopySketch& sketch, const Original& original) {
  if (size_ == places_.size()) widen();
  Head head{.exact = sketch.exact,
            .figures = sketch.figures,
            .letters = static_cast<std::uint32_t>(sketch.letters),
            .schools = static_cast<std::uint32_t>(sketch.schools.size()),
            .keys = sketch.is_long ? static_cast<std::uint32_t>(sketch.keys.size()) : 0,
            .bigrams = static_cast<std::uint32_t>(sketch.bigrams.size()),
            .document = static_cast<std::uint32_t>(original.document.size()),
            .story = static_cast<std::uint32_t>(original.story.size()),
            .is_long = sketch.is_long};
  const std::size_t bytes = sizeof head + 8 * std::size_t{head.schools} + 4 * std::size_t{head.keys} +
                            4 * std::size_t{head.bigrams} + head.document + head.story;
  head.bytes = static_cast<std::uint32_t>((bytes + alignof(Head) - 1) / alignof(Head) * alignof(Head));
  std::byte* const record = room(head.bytes);
  std::byte* at = record + sizeof head;
  std::memcpy(record, &head, sizeof head);
  at = put(at, sketch.schools.data(), head.schools);
  at = put(at, sketch.keys.data(), head.keys);
  at = put(at, sketch.bigrams.data(), head.bigrams);
  at = put(at, original.document.data(), head.document);
  put(at, original.story.data(), head.story);

  const auto number = static_cast<std::uint32_t>(first_ + size_);
  places_[number & (places_.size() - 1)] = {sketch.outline, record, original.at};
  ++size_;
  long_ones_ += sketch.is_long;
  bytes_ += head.bytes;
  return number;
}

void Originals::pop() {
  Head head;
  std::memcpy(&head, place(first_).record, sizeof head);
  long_ones_ -= head.is_long;
  bytes_ -= head.bytes;
  ++first_;
  --size_;
  if (--chunks_.front().records > 0) return;
  spare_ = std::move(chunks_.front());
  spare_.used = 0;
  chunks_.pop_front();
}

Originals::Kept Originals::at(std::uint32_t number) const {
  const std::byte* at = place(number).record;
  Head head;
  std::memcpy(&head, at, sizeof head);
  Kept kept;
  kept.exact = head.exact;
  kept.figures = head.figures;
  kept.letters = head.letters;
  kept.is_long = head.is_long;
  at += sizeof head;
  kept.schools = {reinterpret_cast<const std::uint64_t*>(at), head.schools};
  at += kept.schools.size_bytes();
  kept.keys = {reinterpret_cast<const std::uint32_t*>(at), head.keys};
  at += kept.keys.size_bytes();
  kept.bigrams = {reinterpret_cast<const std::uint32_t*>(at), head.bigrams};
  at += kept.bigrams.size_bytes();
  kept.document = {reinterpret_cast<const char*>(at), head.document};
  kept.story = {reinterpret_cast<const char*>(at) + head.document, head.story};
  return kept;
}

Original Originals::original(std::uint32_t number) const {
  const Kept kept = at(number);
  return {.document = std::string(kept.document), .story = std::string(kept.story), .at = time(number)};
}

// Head, keys and the first bigrams; the processor follows the rest by itself.
void Originals::fetch(std::uint32_t number) const {
  const auto* at = reinterpret_cast<const char*>(place(number).record);
  for (std::size_t line = 0; line < 6; ++line) __builtin_prefetch(at + 64 * line);
}

}  // namespace tingchao::analyzer
