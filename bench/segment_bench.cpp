// How fast text is cut into words: segment_bench FILE [engine|product|icu]. Every way reads the same UTF-8
// lines, converting included, and counts the words; the best of seven rounds is printed, with the time to be
// ready and the resident memory. Without a second word all three run in turn; bench/segment_peers.py runs each
// in a process of its own, so that the memory is its own, beside cppjieba and python3-jieba.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include "analyzer/segment/segmenter.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

constexpr int rounds = 7;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double resident_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmHWM:") {
      double kilobytes = 0;
      status >> kilobytes;
      return kilobytes / 1024;
    }
  return 0;
}

// `cut` gives the number of words of a line.
template <class Cut>
void run(const char* name, const std::vector<std::string>& lines, double ready, Cut cut) {
  double bytes = 0, best = 1e9;
  for (const std::string& line : lines) bytes += static_cast<double>(line.size() + 1);
  std::size_t words = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    words = 0;
    for (const std::string& line : lines) words += cut(line);
    best = std::min(best, seconds_since(begin));
  }
  std::printf("%-28s %7.1f MB/s  %9zu words  ready in %5.0f ms  %6.0f MB resident, %.0f of them the text\n", name,
              bytes / 1e6 / best, words, ready * 1e3, resident_mb(), bytes / 1e6);
  std::fflush(stdout);
}

void run_ours(const std::vector<std::string>& lines, bool product) {
  const auto begin = std::chrono::steady_clock::now();
  const auto segmenter = Segmenter::build({}, {});
  if (!segmenter) return void(std::fprintf(stderr, "%s\n", segmenter.error().detail.c_str()));
  const double ready = seconds_since(begin);
  if (product)
    return run("tingchao, with folding", lines, ready, [&](const std::string& line) {
      TextView view = fold(line);
      (*segmenter)->mark(view);
      return static_cast<std::size_t>(std::count(view.border.begin(), view.border.end() - 1, 1));
    });
  std::u32string text;
  std::vector<std::uint8_t> border;
  run("tingchao", lines, ready, [&](const std::string& line) {
    text.clear();
    for (std::size_t at = 0; at < line.size();) text.push_back(next_char(line, at));
    (*segmenter)->mark(text, border);
    return static_cast<std::size_t>(std::count(border.begin(), border.end() - 1, 1));
  });
}

void run_icu(const std::vector<std::string>& lines) {
  const auto begin = std::chrono::steady_clock::now();
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> words(
      icu::BreakIterator::createWordInstance(icu::Locale::getChinese(), status));
  if (U_FAILURE(status)) return void(std::fprintf(stderr, "ICU: %s\n", u_errorName(status)));
  run("ICU", lines, seconds_since(begin), [&](const std::string& line) {
    const icu::UnicodeString text = icu::UnicodeString::fromUTF8(line);
    words->setText(text);
    std::size_t count = 0;
    while (words->next() != icu::BreakIterator::DONE) ++count;
    return count;
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "segment_bench FILE [engine|product|icu]\n"), 2;
  std::ifstream in(argv[1]);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && is_utf8(line)) lines.push_back(line);
  const std::string_view only = argc > 2 ? argv[2] : "";
  if (only.empty() || only == "engine") run_ours(lines, false);
  if (only.empty() || only == "product") run_ours(lines, true);
  if (only.empty() || only == "icu") run_icu(lines);
}
