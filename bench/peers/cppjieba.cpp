// cppjieba as a peer of segment_bench, built by bench/segment_peers.py against a tree fetched from outside:
// cppjieba_bench DICTIONARIES FILE [hmm]. Prints a line of the same form.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <cppjieba/Jieba.hpp>

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string folder = argv[1];
  const bool hmm = argc > 3;
  const auto seconds_since = [](std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const auto start = std::chrono::steady_clock::now();
  const cppjieba::Jieba jieba(folder + "/jieba.dict.utf8", folder + "/hmm_model.utf8", folder + "/user.dict.utf8",
                              folder + "/idf.utf8", folder + "/stop_words.utf8");
  const double ready = seconds_since(start);
  std::ifstream in(argv[2]);
  std::vector<std::string> lines;
  double bytes = 0, best = 1e9;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) lines.push_back(line), bytes += static_cast<double>(line.size() + 1);
  std::size_t count = 0;
  std::vector<std::string> words;
  for (int round = 0; round < 5; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    count = 0;
    for (const std::string& line : lines) {
      jieba.Cut(line, words, hmm);
      count += words.size();
    }
    best = std::min(best, seconds_since(begin));
  }
  std::ifstream status("/proc/self/status");
  double kilobytes = 0;
  for (std::string word; status >> word;)
    if (word == "VmHWM:") status >> kilobytes;
  std::printf("%-28s %7.1f MB/s  %9zu words  ready in %5.0f ms  %6.0f MB resident, %.0f of them the text\n",
              hmm ? "cppjieba (HMM)" : "cppjieba", bytes / 1e6 / best, count, ready * 1e3, kilobytes / 1024,
              bytes / 1e6);
}
