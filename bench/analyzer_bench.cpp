// The whole analyzer: analyzer_bench DICTIONARY TEXT RULES_DIRECTORY [RULES]. Made-up rules of dictionary
// words, from a hundred to five thousand, compiled and run over the texts of the file, a text a line; then
// the same text in pieces of growing length. With RULES only so many rules, five times over. Printed: time to
// compile, MB/s of analyze(), and memory held by the process.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include <fmt/format.h>

#include "analyzer/analyze.h"
#include "analyzer/rules.h"
#include "bench/processor_time.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

double since(double begin) { return cpu_seconds() - begin; }

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<NamedText> folder(const std::filesystem::path& path, const char* ending) {
  std::vector<NamedText> out;
  for (const auto& entry : std::filesystem::directory_iterator(path))
    if (entry.path().extension() == ending)
      out.push_back({entry.path().filename().string(), read(entry.path())});
  return out;
}

double megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1e3;
  return 0;
}

std::string made_up_pack(const std::vector<std::string>& words, int count, std::mt19937& random) {
  const auto word = [&] { return words[random() % words.size()]; };
  std::string pack = "pack: bench\nversion: \"1\"\ntitle: 基准\nrules:\n";
  for (int i = 0; i < count; ++i)
    pack += fmt::format(
        "  - id: bench-{}\n    name: 基准{}\n    topic: 基准/词\n    severity: C\n    match: ({} OR {} OR "
        "{}) NEAR/20 ({} OR {}) AND NOT {}\n",
        i, i, word(), word(), word(), word(), word(), word());
  return pack;
}

Materials materials(const std::filesystem::path& rules) {
  Materials out;
  out.lexicons = folder(rules / "lexicon", ".txt");
  out.gazetteers = folder(rules / "gazetteer", ".tsv");
  out.stance = folder(rules / "stance", ".txt");
  out.context = {{"context.yaml", read(rules / "context.yaml")}};
  const auto model = rules.parent_path() / "models" / "stance.model";
  out.stance_model = {model.string(), read(model)};
  for (const char* head : {"relevance", "topic", "severity"}) {
    const auto file = rules.parent_path() / "models" / (std::string(head) + ".model");
    out.models.push_back({file.string(), read(file)});
  }
  return out;
}

// The first `total` bytes of all texts behind one another, in pieces of `size`.
std::vector<Document> cut_up(const std::vector<Document>& documents, std::size_t size, std::size_t total) {
  std::string text;
  for (const Document& document : documents)
    if (text.size() < total) text += document.body + "\n";
  std::vector<Document> pieces;
  for (std::size_t at = 0; at < text.size();) {
    Document& piece = pieces.emplace_back();
    piece.body = std::string(cut_bytes(std::string_view(text).substr(at), size));
    at += std::max<std::size_t>(piece.body.size(), 1);
  }
  return pieces;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return std::fprintf(stderr, "analyzer_bench DICTIONARY TEXT RULES_DIRECTORY\n"), 2;
  std::vector<std::string> words;
  std::ifstream dictionary(argv[1]);
  std::string word, kind;
  for (double uses; dictionary >> word >> uses >> kind;)
    if (is_utf8(word) && uses >= 20 && count_chars(word) >= 2 && count_chars(word) <= 4 &&
        word.size() == 3 * count_chars(word))
      words.push_back(word);
  std::vector<Document> documents;
  double bytes = 0;
  std::ifstream in(argv[2]);
  for (std::string line; std::getline(in, line);) {
    if (!is_utf8(line)) continue;
    Document& document = documents.emplace_back();
    document.body = line;
    bytes += static_cast<double>(line.size());
  }
  std::mt19937 random(1);
  std::printf("%zu texts, %.1f MB; empty process %.0f MB\n", documents.size(), bytes / 1e6, megabytes());
  std::vector<int> counts{0, 100, 500, 1000, 5000};
  if (argc > 4) counts.assign(5, std::atoi(argv[4]));
  for (const int count : counts) {
    const std::string pack = made_up_pack(words, count, random);
    auto begin = cpu_seconds();
    Compiled compiled;
    if (count > 0) compiled = compile({{"bench.yaml", pack}}, {});
    const double compiling = since(begin);
    if (count > 0 && !compiled.rules) return std::fprintf(stderr, "the pack does not compile\n"), 1;
    Materials parts = materials(argv[3]);
    parts.rules = compiled.rules;
    begin = cpu_seconds();
    auto analyzer = Analyzer::build(std::move(parts));
    if (!analyzer) return std::fprintf(stderr, "%s\n", analyzer.error().detail.c_str()), 1;
    const double building = since(begin);
    std::size_t matches = 0;
    begin = cpu_seconds();
    for (const Document& document : documents) matches += (*analyzer)->analyze(document).matches.size();
    const double seconds = since(begin);
    std::printf(
        "%5d rules  compiled in %4.0f ms  analyzer built in %4.0f ms  %5.1f MB/s  %zu matches  %.0f MB\n",
        count, compiling * 1e3, building * 1e3, bytes / seconds / 1e6, matches, megabytes());
    if (count != 5000 || argc > 4) continue;
    // The same characters at every length, so that only the length differs.
    for (const std::size_t size : {100u, 1'000u, 10'000u, 100'000u, 1'000'000u}) {
      const std::vector<Document> pieces = cut_up(documents, size, 6'000'000);
      double piece_bytes = 0;
      for (const Document& piece : pieces) piece_bytes += static_cast<double>(piece.body.size());
      begin = cpu_seconds();
      for (const Document& piece : pieces) matches += (*analyzer)->analyze(piece).matches.size();
      std::printf("      texts of %7zu bytes  %5.1f MB/s\n", size, piece_bytes / since(begin) / 1e6);
    }
  }
}
