// The bytes: magic; counts of characters, nodes, signature bytes; a checksum; character codes by id; base,
// check, signature and cost by node; signatures as (size, then length and bucket of each part). Node 1 is the
// root. A node's children stand at base + id, and check names their parent. Places are found first-fit.
#include "analyzer/segment/word_array.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include <fmt/format.h>

namespace tingchao::analyzer {
namespace {

constexpr char magic[8] = {'T', 'C', 'W', 'O', 'R', 'D', '1', '\n'};
constexpr std::uint32_t root = 1;

struct Header {
  char magic[8];
  std::uint32_t characters, nodes, signature_bytes, checksum;
};

std::uint32_t checksum_of(std::string_view bytes) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return static_cast<std::uint32_t>(h ^ (h >> 32));
}

template <class T>
void append(std::string& out, const std::vector<T>& items) {
  out.append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T));
  out.resize((out.size() + 3) & ~std::size_t{3});
}

class Compiler {
 public:
  explicit Compiler(std::vector<std::pair<std::u16string, double>> words) : words_(std::move(words)) {
    std::erase_if(words_,
                  [](const auto& word) { return word.first.empty() || word.first.size() > array_word_max; });
    std::sort(words_.begin(), words_.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.second > b.second;
    });
    for (std::size_t i = words_.size(); i-- > 1;)
      if (words_[i].first == words_[i - 1].first) words_[i - 1].second += words_[i].second;
    words_.erase(std::unique(words_.begin(), words_.end(),
                             [](const auto& a, const auto& b) { return a.first == b.first; }),
                 words_.end());
    for (const auto& [word, count] : words_) total_ += count;
    number_characters();
  }

  std::string run() {
    grow(0x20000);
    std::vector<WordArray::Part> path;
    place(root, 0, words_.size(), 0, path);
    nodes_.resize(last_ + 1);
    std::string parts;
    std::vector<const std::string*> ordered(signatures_.size());
    for (const auto& [text, number] : signatures_) ordered[number - 1] = &text;
    for (const std::string* text : ordered) parts += static_cast<char>(text->size() / 2) + *text;

    std::string payload;
    append(payload, codes_);
    append(payload, nodes_);
    payload += parts;
    Header header{};
    std::memcpy(header.magic, magic, sizeof magic);
    header.characters = static_cast<std::uint32_t>(codes_.size());
    header.nodes = static_cast<std::uint32_t>(nodes_.size());
    header.signature_bytes = static_cast<std::uint32_t>(parts.size());
    header.checksum = checksum_of(payload);
    return std::string(reinterpret_cast<const char*>(&header), sizeof header) + payload;
  }

 private:
  // The most frequent characters get the smallest ids, which packs the array well.
  void number_characters() {
    std::map<char16_t, std::size_t> counts;
    for (const auto& [word, bucket] : words_)
      for (const char16_t c : word) ++counts[c];
    std::vector<std::pair<std::size_t, char16_t>> order;
    for (const auto& [c, count] : counts) order.emplace_back(count, c);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    for (const auto& [count, c] : order) {
      codes_.push_back(c);
      ids_[c] = static_cast<std::uint32_t>(codes_.size());
    }
  }
  void grow(std::size_t size) {
    if (nodes_.size() < size) nodes_.resize(std::max(size, nodes_.size() * 2));
  }
  std::uint16_t signature(const std::vector<WordArray::Part>& path) {
    std::string text;
    for (const WordArray::Part& part : path)
      text += {static_cast<char>(part.length), static_cast<char>(part.bucket)};
    return static_cast<std::uint16_t>(signatures_.try_emplace(text, signatures_.size() + 1).first->second);
  }
  // Words [begin, end) share their first `depth` characters, which lead to `node`.
  void place(std::uint32_t node, std::size_t begin, std::size_t end, std::size_t depth,
             std::vector<WordArray::Part>& path) {
    const std::size_t had = path.size();
    if (words_[begin].first.size() == depth) {
      const double count = std::max(1.0, words_[begin].second);
      path.push_back({static_cast<std::uint8_t>(depth), static_cast<std::uint8_t>(frequency_bucket(count))});
      nodes_[node].signature = signature(path);
      nodes_[node].cost = static_cast<std::uint16_t>(std::lround(1000 * std::log(total_ / count)));
      ++begin;
    }
    std::vector<std::pair<std::uint32_t, std::size_t>> children;  // id, where its words begin
    for (std::size_t i = begin; i < end; ++i)
      if (i == begin || words_[i].first[depth] != words_[i - 1].first[depth])
        children.emplace_back(ids_.at(words_[i].first[depth]), i);
    if (!children.empty()) {
      const std::uint32_t base = find_place(children);
      nodes_[node].base = base;
      for (const auto& [id, first] : children) {
        nodes_[base + id].check = node;
        last_ = std::max(last_, base + id);
      }
      for (std::size_t k = 0; k < children.size(); ++k)
        place(base + children[k].first, children[k].second,
              k + 1 < children.size() ? children[k + 1].second : end, depth + 1, path);
    }
    path.resize(had);
  }
  std::uint32_t find_place(const std::vector<std::pair<std::uint32_t, std::size_t>>& children) {
    const auto [least, most] = std::minmax_element(children.begin(), children.end());
    // Where the array is almost full, looking again and again would cost more than the holes are worth.
    std::uint32_t full = 0, seen = 0;
    for (std::uint32_t at = std::max(from_, root + 1 + least->first);; ++at) {
      grow(at + most->first + 2);
      ++seen;
      if (nodes_[at].check != 0) {
        ++full;
        continue;
      }
      const std::uint32_t base = at - least->first;
      if (base == 0) continue;
      if (std::any_of(children.begin(), children.end(),
                      [&](const auto& child) { return nodes_[base + child.first].check != 0; }))
        continue;
      if (seen > 64 && full * 20 >= seen * 19) from_ = at;
      return base;
    }
  }

  std::vector<std::pair<std::u16string, double>> words_;
  double total_ = 0;
  std::vector<std::uint16_t> codes_;
  std::map<char16_t, std::uint32_t> ids_;
  std::vector<WordArray::Node> nodes_;
  std::map<std::string, std::size_t> signatures_;
  std::uint32_t from_ = root + 1, last_ = root;
};

}  // namespace

int frequency_bucket(double count) { return count < 5 ? 0 : count < 50 ? 1 : count < 1000 ? 2 : 3; }

std::string WordArray::compile(std::vector<std::pair<std::u16string, double>> words) {
  if (words.empty()) return {};
  return Compiler(std::move(words)).run();
}

Result<WordArray> WordArray::open(std::string_view bytes) {
  WordArray array;
  array.signatures_.emplace_back();
  if (bytes.empty()) return array;
  const auto broken = [](std::string what) {
    return Error{Errc::bad_markup, "lexicon: " + std::move(what), "build the program again"};
  };
  Header header{};
  if (bytes.size() < sizeof header) return broken("shorter than its header");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.magic, magic, sizeof magic) != 0) return broken("not a compiled lexicon");
  const std::string_view payload = bytes.substr(sizeof header);
  const auto padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
  const std::size_t nodes = padded(std::size_t{2} * header.characters),
                    parts = nodes + sizeof(Node) * header.nodes;
  if (payload.size() != parts + header.signature_bytes)
    return broken(fmt::format("{} bytes, {} are due", payload.size(), parts + header.signature_bytes));
  if (checksum_of(payload) != header.checksum) return broken("its checksum does not agree");
  array.codes_ = reinterpret_cast<const std::uint16_t*>(payload.data());
  array.nodes_ = reinterpret_cast<const Node*>(payload.data() + nodes);
  array.size_ = header.nodes;
  for (std::uint32_t i = 0; i < header.characters; ++i) {
    array.ids_[array.codes_[i]] = static_cast<std::uint16_t>(i + 1);
    array.first_[array.codes_[i]] = array.next(root, array.codes_[i]);
  }
  for (std::size_t at = parts; at < payload.size();) {
    std::vector<Part> list(static_cast<unsigned char>(payload[at++]));
    for (Part& part : list) {
      part = {static_cast<std::uint8_t>(payload[at]), static_cast<std::uint8_t>(payload[at + 1])};
      at += 2;
    }
    array.signatures_.push_back(std::move(list));
  }
  return array;
}

}  // namespace tingchao::analyzer
