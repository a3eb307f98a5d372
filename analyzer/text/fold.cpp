// Folding: one table lookup a character. A character that can compose with what stands before it
// (a combining mark, a Hangul vowel) reopens the cluster that began with the last base and has it
// normalised as a whole; all its results then map to all its bytes.

#include "analyzer/text/fold_table.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// Decodes what is there, good or bad: a byte that begins no well-formed character is U+FFFD alone.
inline char32_t decode(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? std::uint8_t(text[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const std::uint32_t lead = byte(at);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  if (lead >= 0xE0 && lead < 0xF0 && tail(at + 1) && tail(at + 2)) {  // Chinese: the common case
    const char32_t c = (lead & 0x0F) << 12 | (byte(at + 1) & 0x3F) << 6 | (byte(at + 2) & 0x3F);
    if (c >= 0x800 && (c < 0xD800 || c >= 0xE000)) return at += 3, c;
  } else if (lead >= 0xC2 && lead < 0xE0 && tail(at + 1)) {
    const char32_t c = (lead & 0x1F) << 6 | (byte(at + 1) & 0x3F);
    return at += 2, c;
  } else if (lead >= 0xF0 && lead < 0xF5 && tail(at + 1) && tail(at + 2) && tail(at + 3)) {
    const char32_t c = (lead & 0x07) << 18 | (byte(at + 1) & 0x3F) << 12 |
                       (byte(at + 2) & 0x3F) << 6 | (byte(at + 3) & 0x3F);
    if (c >= 0x10000 && c < 0x110000) return at += 4, c;
  }
  ++at;
  return 0xFFFD;
}

// A base and its marks are at most so many characters of the view; of text that stacks more (Zalgo) the marks
// beyond are left out. That keeps the work linear, and what is folded folds to itself.
constexpr std::size_t cluster_chars_max = 32;
constexpr std::size_t cluster_stored_max = 4 * cluster_chars_max;

class Folding {
 public:
  explicit Folding(std::string_view stored) : table_(FoldTable::instance()) {
    view_.stored = stored;
    if (stored.empty()) return;
    std::size_t characters = 0;
    for (const char byte : stored) characters += (std::uint8_t(byte) & 0xC0) != 0x80;
    make_room(characters + 16);
  }

  TextView run() {
    const std::string_view stored = view_.stored;
    std::size_t at = 0;
    while (at < stored.size()) {
      const std::size_t begin = at;
      const char32_t c = decode(stored, at);
      const FoldTable::Entry entry = table_.entry(c);
      if (entry.joins()) {
        join(c, entry, begin, at);
        continue;
      }
      cluster_begin_ = begin;
      cluster_out_ = size_;
      cluster_.clear();
      if (entry.plain()) {
        put(c, begin, at);
      } else if (entry.single()) {
        put(entry.character(), begin, at);
      } else if (entry.expands()) {
        for (const char32_t part : table_.expansion(entry)) put(part, begin, at);
      }
    }
    view_.folded.resize(size_);
    view_.from.resize(size_ + 1);
    view_.until.resize(size_);
    view_.from[size_] = std::uint32_t(stored.size());
    return std::move(view_);
  }

 private:
  // The three lists grow together and seldom, so that putting a character is three stores.
  void make_room(std::size_t characters) {
    room_ = characters;
    view_.folded.resize(room_);
    view_.from.resize(room_ + 1);
    view_.until.resize(room_);
  }

  void put(char32_t c, std::size_t begin, std::size_t end) {
    if (size_ == room_) make_room(room_ * 2);
    view_.folded[size_] = c;
    view_.from[size_] = std::uint32_t(begin);
    view_.until[size_] = std::uint32_t(end);
    ++size_;
  }

  void join(char32_t mark, FoldTable::Entry entry, std::size_t begin, std::size_t end) {
    if (entry.dropped()) return;  // zero-width characters vanish at once
    if (cluster_.empty())
      for (std::size_t at = cluster_begin_; at < begin;)
        if (const char32_t c = decode(view_.stored, at); !table_.entry(c).dropped()) cluster_ += c;
    cluster_ += mark;
    const std::u32string folded = table_.fold_cluster(cluster_);
    if (folded.size() > cluster_chars_max || cluster_.size() > cluster_stored_max) return cluster_.pop_back();
    size_ = cluster_out_;
    for (const char32_t c : folded) put(c, cluster_begin_, end);
  }

  const FoldTable& table_;
  TextView view_;
  std::size_t size_ = 0, room_ = 0;  // of the lists: filled, allocated
  std::size_t cluster_begin_ = 0;    // in stored
  std::size_t cluster_out_ = 0;      // in folded
  std::u32string cluster_;           // what of it is read so far; empty while no mark came
};

}  // namespace

TextView fold(std::string_view stored) { return Folding(stored).run(); }

std::u32string fold_term(std::string_view term) { return fold(term).folded; }

std::string to_utf8(std::u32string_view text) {
  std::string out(text.size() * 3, '\0');
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c < 0x80) {
      out[size++] = static_cast<char>(c);
    } else if (c >= 0x800 && c < 0xD800) {  // Chinese: the common case
      out[size++] = static_cast<char>(0xE0 | c >> 12);
      out[size++] = static_cast<char>(0x80 | (c >> 6 & 0x3F));
      out[size++] = static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out.resize(size);
      append_char(out, c);
      size = out.size();
      out.resize(size + (text.size() - i) * 3);
    }
  }
  out.resize(size);
  return out;
}

}  // namespace tingchao::analyzer
