// How fast pages become documents: extract_bench FOLDER [ROUNDS]. Reads every file of the folder (bytes as
// a server would send them, already decompressed) and extracts each ROUNDS times on one thread: decoding, parsing
// and reading. Times are the thread's own (CPU), so that what else runs on the machine counts little.
// bench/extract_peers.py runs this and its peers over the same pages and prints the ratios.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "crawler/extract.h"

using namespace tingchao;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "extract_bench FOLDER [ROUNDS]\n"), 2;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 20;
  std::vector<Page> pages;
  std::size_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    Page page;
    page.url = page.requested_url = "http://www.example.cn/" + entry.path().stem().string() + ".html";
    page.status = 200;
    page.fetched_at = Time(Seconds(1'776'300'000));
    page.body.assign(std::istreambuf_iterator<char>(file), {});
    bytes += page.body.size();
    pages.push_back(std::move(page));
  }
  if (pages.empty()) return std::fprintf(stderr, "%s holds no files\n", argv[1]), 2;

  Source source;
  source.id = "bench";
  source.kind = SourceKind::list;
  std::vector<double> milliseconds;
  std::size_t letters = 0;
  const double begin = cpu_seconds();
  for (int round = 0; round < rounds; ++round)
    for (const Page& page : pages) {
      const double one = cpu_seconds();
      const auto extracted = crawler::extract(page, source, crawler::Role::content, "salt");
      milliseconds.push_back((cpu_seconds() - one) * 1e3);
      if (extracted)
        for (const Document& document : extracted->documents) letters += document.body.size();
    }
  const double seconds = cpu_seconds() - begin;
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto percentile = [&](double share) {
    return milliseconds[static_cast<std::size_t>(share * static_cast<double>(milliseconds.size() - 1))];
  };
  std::printf("pages %zu  bytes %zu  text %zu\n", pages.size(), bytes, letters / static_cast<std::size_t>(rounds));
  std::printf("pages/s %.0f  MB/s %.1f  p50 %.2f ms  p99 %.2f ms  max %.2f ms\n",
              static_cast<double>(milliseconds.size()) / seconds,
              static_cast<double>(bytes) * rounds / seconds / 1e6, percentile(0.5), percentile(0.99),
              milliseconds.back());
}
