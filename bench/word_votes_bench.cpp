// How well the judges of word borders tell words from accidents: word_votes_bench [--model MODEL] DICTIONARY
// GOLD… . Every two- to four-character noun and verb of jieba's dictionary (count 20 or more) is a keyword;
// each place where it stands in the gold text is a hit, legitimate when it crosses no border of the gold
// words. MODEL (of `train --head segment`) instead of the shipped one, so that text may be judged which the
// shipped one has learnt. Printed: legitimate hits kept, crossing ones suppressed, precision of what remains;
// then hits a second.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "analyzer/segment/segmenter.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

WordTrie keywords(const char* file) {
  std::ifstream in(file);
  std::vector<std::pair<std::u32string, std::uint32_t>> words;
  std::string word, kind;
  for (double count; in >> word >> count >> kind;) {
    const std::size_t size = is_utf8(word) ? count_chars(word) : 0;
    if (size < 2 || size > 4 || count < 20 || (kind[0] != 'n' && kind[0] != 'v')) continue;
    words.emplace_back(fold_term(word), 0);
  }
  return WordTrie(std::move(words));
}

struct Score {
  long kept = 0, legitimate = 0, suppressed = 0, crossing = 0;
  void add(bool crosses, bool vetoed) {
    (crosses ? crossing : legitimate) += 1;
    if (crosses && vetoed) ++suppressed;
    if (!crosses && !vetoed) ++kept;
  }
  void print(const char* name) const {
    const double passed = static_cast<double>(kept + crossing - suppressed);
    std::printf("  %-8s kept %.2f %%  suppressed %.2f %%  precision %.2f %%\n", name,
                100.0 * static_cast<double>(kept) / static_cast<double>(legitimate),
                100.0 * static_cast<double>(suppressed) / static_cast<double>(crossing),
                100.0 * static_cast<double>(kept) / passed);
  }
};

}  // namespace

int main(int argc, char** argv) {
  NamedText model_file;
  if (argc > 2 && std::string_view(argv[1]) == "--model") {
    model_file.name = argv[2];
    std::ifstream in(argv[2], std::ios::binary);
    model_file.text.assign(std::istreambuf_iterator<char>(in), {});
    argc -= 2, argv += 2;
  }
  if (argc < 3) return std::fprintf(stderr, "word_votes_bench [--model MODEL] DICTIONARY GOLD...\n"), 2;
  const WordTrie terms = keywords(argv[1]);
  auto segmenter = Segmenter::build({}, {}, model_file);
  if (!segmenter) return std::fprintf(stderr, "%s\n", segmenter.error().detail.c_str()), 1;
  for (int file = 2; file < argc; ++file) {
    std::ifstream in(argv[file]);
    Score plain, model, votes;
    double seconds = 0;
    for (std::string line; std::getline(in, line);) {
      std::string text;
      std::vector<std::uint8_t> gold;
      bool begins = true;
      for (std::size_t at = 0; at < line.size();) {
        const std::size_t before = at;
        const char32_t c = next_char(line, at);
        if (c == U' ' || c == U'\u3000') {
          begins = true;
          continue;
        }
        // Brackets around names of several words, as the People's Daily corpus has them, are none of the
        // text.
        if (c == U'[' || c == U']') continue;
        text.append(line, before, at - before);
        gold.push_back(begins);
        begins = false;
      }
      gold.push_back(1);
      TextView view = fold(text);
      if (view.folded.size() + 1 != gold.size()) continue;  // a character that folds into several
      (*segmenter)->mark(view);
      for (std::size_t i = 0; i < view.folded.size(); ++i)
        terms.each(view.folded, i, [&](WordTrie::Found found) {
          const std::size_t end = i + found.length;
          bool crosses = !(gold[i] && gold[end]);
          if (crosses)
            crosses = std::find(gold.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                gold.begin() + static_cast<std::ptrdiff_t>(end),
                                1) != gold.begin() + static_cast<std::ptrdiff_t>(end);
          plain.add(crosses, false);
          model.add(crosses, crosses_word(view, i, end));
          const auto begin = std::chrono::steady_clock::now();
          const bool vetoed = is_no_word(view, i, end);
          seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
          votes.add(crosses, vetoed);
        });
    }
    std::printf("%s: %ld hits\n", argv[file], plain.legitimate + plain.crossing);
    plain.print("plain");
    model.print("model");
    votes.print("judges");
    std::printf("  %.2f us a hit\n", seconds / static_cast<double>(plain.legitimate + plain.crossing) * 1e6);
  }
}
