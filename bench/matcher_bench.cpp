// Many keywords in many short texts: matcher_bench DICTIONARY TEXT [MB]. Keywords are two- to four-character
// words of jieba's dictionary, chosen at random; TEXT holds a text a line and is repeated up to MB (50).
// Ours, from UTF-8 and from characters, against Hyperscan's literal API, RE2::Set, on the same texts in the
// same run; every overlapping occurrence is counted, and the counts must agree.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <hs/hs.h>
#include <re2/set.h>

#include "analyzer/text/literals.h"
#include "core/utf8.h"

using namespace tingchao;
using analyzer::Literals;

namespace {

using Stopwatch = std::chrono::steady_clock;

double since(Stopwatch::time_point begin) {
  return std::chrono::duration<double>(Stopwatch::now() - begin).count();
}

std::u32string characters(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) out.push_back(next_char(text, at));
  return out;
}

std::vector<std::string> keywords(const char* dictionary, std::size_t count) {
  std::ifstream in(dictionary);
  std::vector<std::string> words;
  std::string word, kind;
  for (double uses; in >> word >> uses >> kind;)
    if (is_utf8(word) && uses >= 20 && count_chars(word) >= 2 && count_chars(word) <= 4 &&
        word.size() == 3 * count_chars(word))
      words.push_back(word);
  std::mt19937 random(1);
  std::shuffle(words.begin(), words.end(), random);
  std::sort(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min(count, words.size())));
  words.resize(std::min(count, words.size()));
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

// The best of three runs, in MB/s, and what was counted.
template <class Run>
double best(const char* name, double bytes, Run run, std::size_t& count) {
  double seconds = 1e9;
  for (int i = 0; i < 3; ++i) {
    const auto begin = Stopwatch::now();
    count = run();
    seconds = std::min(seconds, since(begin));
  }
  std::printf("  %-28s %7.0f MB/s  %zu hits\n", name, bytes / seconds / 1e6, count);
  return bytes / seconds;
}

std::size_t by_hyperscan(const hs_database_t* database, hs_scratch_t* scratch,
                         const std::vector<std::string>& texts) {
  std::size_t hits = 0;
  const auto on_match = [](unsigned, unsigned long long, unsigned long long, unsigned, void* context) {
    ++*static_cast<std::size_t*>(context);
    return 0;
  };
  for (const std::string& text : texts)
    hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, on_match, &hits);
  return hits;
}

void compare(const std::vector<std::string>& words, const std::vector<std::string>& texts, double bytes) {
  std::printf("%zu keywords\n", words.size());
  auto begin = Stopwatch::now();
  std::vector<std::u32string> keys;
  for (const std::string& word : words) keys.push_back(characters(word));
  const Literals ours(keys);
  std::printf("  built in %.3f s, %.1f MB\n", since(begin), static_cast<double>(ours.bytes()) / 1e6);

  begin = Stopwatch::now();
  std::vector<const char*> patterns;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> flags(words.size(), 0), ids;
  for (const std::string& word : words)
    patterns.push_back(word.c_str()), sizes.push_back(word.size()),
        ids.push_back(static_cast<unsigned>(ids.size()));
  hs_database_t* database = nullptr;
  hs_compile_error_t* wrong = nullptr;
  if (hs_compile_lit_multi(patterns.data(), flags.data(), ids.data(), sizes.data(),
                           static_cast<unsigned>(words.size()), HS_MODE_BLOCK, nullptr, &database,
                           &wrong) != HS_SUCCESS)
    return std::printf("  Hyperscan: %s\n", wrong->message), void();
  hs_scratch_t* scratch = nullptr;
  hs_alloc_scratch(database, &scratch);
  std::printf("  Hyperscan built in %.3f s\n", since(begin));

  std::size_t count = 0, theirs = 0;
  std::u32string buffer;
  const double from_bytes = best(
      "ours, from UTF-8", bytes,
      [&] {
        std::size_t hits = 0;
        for (const std::string& text : texts) {
          buffer.clear();
          for (std::size_t at = 0; at < text.size();) buffer.push_back(next_char(text, at));
          ours.scan(buffer, [&](std::size_t, std::size_t, std::int32_t) { ++hits; });
        }
        return hits;
      },
      count);
  std::vector<std::u32string> folded;
  for (const std::string& text : texts) folded.push_back(characters(text));
  const double from_characters = best(
      "ours, from folded characters", bytes,
      [&] {
        std::size_t hits = 0;
        for (const std::u32string& text : folded)
          ours.scan(text, [&](std::size_t, std::size_t, std::int32_t) { ++hits; });
        return hits;
      },
      count);
  const double peer =
      best("Hyperscan literals", bytes, [&] { return by_hyperscan(database, scratch, texts); }, theirs);
  std::printf("  ratio %.2f from UTF-8, %.2f from characters; counts %s\n", from_bytes / peer,
              from_characters / peer, count == theirs ? "agree" : "DIFFER");
  hs_free_scratch(scratch);
  hs_free_database(database);

  re2::RE2::Options options;
  options.set_max_mem(1 << 30);
  re2::RE2::Set set(options, re2::RE2::UNANCHORED);
  for (const std::string& word : words) set.Add(word, nullptr);
  if (!set.Compile()) return std::printf("  RE2::Set does not compile\n"), void();
  const std::size_t some = texts.size() / 10;
  double part = 0;
  for (std::size_t i = 0; i < some; ++i) part += static_cast<double>(texts[i].size());
  begin = Stopwatch::now();
  std::vector<int> found;
  for (std::size_t i = 0; i < some; ++i) set.Match(texts[i], &found);
  std::printf("  %-28s %7.0f MB/s  (which match, on a tenth of the texts)\n", "RE2::Set",
              part / since(begin) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "matcher_bench DICTIONARY TEXT [MB]\n"), 2;
  const double wanted = (argc > 3 ? std::atof(argv[3]) : 50) * 1e6;
  std::vector<std::string> lines, texts;
  std::ifstream in(argv[2]);
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && is_utf8(line)) lines.push_back(line);
  if (lines.empty()) return std::fprintf(stderr, "%s holds no text\n", argv[2]), 2;
  double bytes = 0;
  for (std::size_t i = 0; bytes < wanted; i = (i + 1) % lines.size()) {
    texts.push_back(lines[i]);
    bytes += static_cast<double>(lines[i].size());
  }
  std::printf("%zu texts, %.1f MB\n", texts.size(), bytes / 1e6);
  for (const std::size_t count : {std::size_t{5'000}, std::size_t{20'000}})
    compare(keywords(argv[1], count), texts, bytes);
}
