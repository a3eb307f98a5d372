// How many copies are found after edits, and how many false ones: copies_bench TEXT [ENTRIES [CHARACTERS]], a text
// a line; lines of 120 characters (CHARACTERS) and more take part. Every text is looked up among those before it,
// then indexed; with ENTRIES the index is filled up to so many with texts patched together from sentences of the
// others. Then every text is looked up after each kind of edit. Printed: how many unedited texts find another one,
// real repeats included; how often the very original is found, by edit; microseconds of the processor a look-up, and
// of making a sketch and of entering it; memory; MB/s of the fingerprint alone, of folded text.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "analyzer/group/copies.h"
#include "analyzer/similarity/fingerprint.h"
#include "analyzer/text/prepared.h"
#include "bench/processor_time.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

using Edit = std::function<std::u32string(const std::u32string&, std::mt19937&)>;

std::pair<Document, Analysis> read(const std::u32string& text) {
  Document document;
  document.body = to_utf8(text);
  Analysis analysis;
  analysis.fingerprint = fingerprint(U"", fold(document.body).folded);
  return {std::move(document), std::move(analysis)};
}

CopyIndex::Sketch sketch_of(const std::u32string& text) {
  const auto [document, analysis] = read(text);
  return CopyIndex::sketch(document, analysis);
}

std::vector<std::u32string> sentences(const std::u32string& text) {
  std::vector<std::u32string> out(1);
  for (const char32_t c : text) {
    out.back().push_back(c);
    if (std::u32string_view(U"。！？；，").find(c) != std::u32string_view::npos) out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

constexpr Time now{Seconds(1'776'300'000)};

// Texts of sentences from anywhere, each at most a third of the text.
void fill(CopyIndex& index, const std::vector<std::u32string>& texts, std::size_t entries) {
  std::vector<std::u32string> pool;
  for (const std::u32string& text : texts)
    for (std::u32string& sentence : sentences(text))
      if (sentence.size() < 40) pool.push_back(std::move(sentence));
  std::mt19937 random(2);
  for (std::size_t i = index.size(); i < entries; ++i) {
    std::u32string text;
    while (text.size() < 120) text += pool[random() % pool.size()];
    index.add(sketch_of(text), {.document = std::to_string(i), .story = {}, .at = now});
  }
}

Edit changed(double share) {
  return [share](const std::u32string& text, std::mt19937& random) {
    std::u32string out = text;
    for (char32_t& c : out)
      if (random() < share * 4294967296.0) c = U'一' + random() % 5000;
    return out;
  };
}

// So many of its characters, not each with that probability, where half of the texts get more.
Edit changed_exactly(double share) {
  return [share](const std::u32string& text, std::mt19937& random) {
    std::vector<std::size_t> places(text.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::shuffle(places.begin(), places.end(), random);
    places.resize(static_cast<std::size_t>(share * static_cast<double>(text.size())));
    std::u32string out = text;
    for (const std::size_t place : places) out[place] = U'一' + random() % 5000;
    return out;
  };
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "copies_bench TEXT\n"), 2;
  const std::size_t characters_min = argc > 3 ? std::stoul(argv[3]) : 120;
  std::vector<std::u32string> texts;
  std::ifstream in(argv[1]);
  for (std::string line; std::getline(in, line);) {
    if (!is_utf8(line)) continue;
    std::u32string text = fold(line).folded;
    std::erase(text, U' ');
    if (text.size() >= characters_min) texts.push_back(std::move(text));
  }
  std::printf("%zu texts of %zu characters and more\n", texts.size(), characters_min);
  const std::size_t entries = argc > 2 ? std::stoul(argv[2]) : texts.size();
  CopyIndex index({.entries_max = entries + texts.size(), .bytes_max = std::size_t{8} << 30});
  std::size_t repeated = 0;
  double sketching = 0, adding = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto [document, analysis] = read(texts[i]);
    double begin = cpu_seconds();
    const auto sketch = CopyIndex::sketch(document, analysis);
    sketching += cpu_seconds() - begin;
    repeated += index.find(sketch, now).has_value();
    begin = cpu_seconds();
    index.add(sketch, {.document = std::to_string(i), .story = {}, .at = now});
    adding += cpu_seconds() - begin;
  }
  const double pairs = static_cast<double>(texts.size()) * static_cast<double>(texts.size() - 1) / 2;
  std::printf("found among themselves: %zu of %.0f pairs, %.2f per million\n", repeated, pairs,
              static_cast<double>(repeated) / pairs * 1e6);

  const auto count = static_cast<double>(texts.size());
  std::printf("%.1f us to make a sketch, %.1f us to enter it\n", sketching / count * 1e6, adding / count * 1e6);
  if (entries > texts.size()) fill(index, texts, entries);
  std::printf("%zu originals in %.0f MB\n", index.size(), static_cast<double>(index.bytes()) / 1e6);

  const std::pair<const char*, Edit> edits[] = {
      {"header and tail added",
       [](const std::u32string& text, std::mt19937&) {
         return U"本网讯（通讯员）转载自其他媒体，欢迎关注我们的公众号。" + text +
                U"（责任编辑：值班编辑）版权归原作者所有";
       }},
      {"5 % of characters changed", changed(0.05)},
      {"10 % of characters changed", changed(0.10)},
      {"0 to 15 % of characters changed",
       [](const std::u32string& text, std::mt19937& random) {
         return changed(random() / 4294967296.0 * 0.15)(text, random);
       }},
      {"15 % of characters changed", changed_exactly(0.15)},
      {"each character changed with 15 %", changed(0.15)},
      {"sentences shuffled",
       [](const std::u32string& text, std::mt19937& random) {
         auto parts = sentences(text);
         std::shuffle(parts.begin(), parts.end(), random);
         std::u32string out;
         for (const auto& part : parts) out += part;
         return out;
       }},
      {"a quarter of the sentences dropped",
       [](const std::u32string& text, std::mt19937& random) {
         const auto parts = sentences(text);
         std::vector<std::size_t> order(parts.size());
         for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
         std::shuffle(order.begin(), order.end(), random);
         order.resize(parts.size() - parts.size() / 4);
         std::sort(order.begin(), order.end());
         std::u32string out;
         for (const std::size_t i : order) out += parts[i];
         return out;
       }},
  };
  for (const auto& [name, edit] : edits) {
    std::mt19937 random(1);
    std::size_t found = 0;
    double seconds = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto sketch = sketch_of(edit(texts[i], random));
      const double begin = cpu_seconds();
      const auto original = index.find(sketch, now);
      seconds += cpu_seconds() - begin;
      found += original && (original->document == std::to_string(i) ||
                            (std::stoul(original->document) < texts.size() &&
                             texts[std::stoul(original->document)] == texts[i]));
    }
    std::printf("  %-36s recall %.4f  %5.1f us a look-up\n", name, static_cast<double>(found) / count,
                seconds / count * 1e6);
  }
  double bytes = 0;
  for (const std::u32string& text : texts) bytes += static_cast<double>(to_utf8(text).size());
  const double begin = cpu_seconds();
  std::size_t slots = 0;
  for (const std::u32string& text : texts) slots += fingerprint(U"", text).minhash.size();
  const double seconds = cpu_seconds() - begin;
  std::printf("  fingerprints %.0f MB/s (%zu slots)\n", bytes / seconds / 1e6, slots);
}
