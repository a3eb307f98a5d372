// Schools that no roster knows, in the labelled sentences of tests/data/entities: exact spans, both ways.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "shipped.h"
#include "source_file.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

struct Sentence {
  std::string set, text;
  std::vector<Span> schools;
};

std::vector<Sentence> labelled() {
  std::vector<Sentence> sentences;
  std::istringstream lines(source_file("tests/data/entities/schools.tsv"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    if (line.starts_with('#') || line.starts_with("set\t")) continue;
    REQUIRE(tab != line.npos);
    Sentence sentence{.set = line.substr(0, tab), .text = {}, .schools = {}};
    std::string_view rest = std::string_view(line).substr(tab + 1);
    const std::string_view open = "【", close = "】";
    for (std::size_t at = 0; at < rest.size();) {
      const auto here = static_cast<std::uint32_t>(sentence.text.size());
      if (rest.substr(at).starts_with(open)) {
        sentence.schools.push_back({here, 0});
        at += open.size();
      } else if (rest.substr(at).starts_with(close)) {
        REQUIRE(!sentence.schools.empty());
        sentence.schools.back().end = here;
        at += close.size();
      } else {
        sentence.text += rest[at++];
      }
    }
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

struct Score {
  std::size_t right = 0, wrong = 0, missed = 0;
  double precision() const { return double(right) / double(right + wrong); }
  double recall() const { return double(right) / double(right + missed); }
};

}  // namespace

TEST_CASE("schools outside the roster are found with their exact names", "[entity][schools]") {
  const std::vector<Sentence> sentences = labelled();
  REQUIRE(sentences.size() >= 300);
  const auto analyzer = shipped_analyzer();
  for (const char* set : {"tune", "report"}) {
    Score score;
    std::string misses;
    for (const Sentence& sentence : sentences) {
      if (sentence.set != set) continue;
      Document document;
      document.body = sentence.text;
      std::vector<Span> found;
      for (const Entity& entity : analyzer->analyze(document).entities)
        if (entity.kind == EntityKind::school) found.push_back(entity.span);
      const auto told = [&](const char* what, const Span& span) {
        misses += fmt::format("{} {} in {}\n", what, sentence.text.substr(span.begin, span.end - span.begin),
                              sentence.text);
      };
      for (const Span& span : found)
        if (std::find(sentence.schools.begin(), sentence.schools.end(), span) != sentence.schools.end())
          ++score.right;
        else
          ++score.wrong, told("wrong ", span);
      for (const Span& span : sentence.schools)
        if (std::find(found.begin(), found.end(), span) == found.end()) ++score.missed, told("missed", span);
    }
    CAPTURE(set, score.right, score.wrong, score.missed, score.precision(), score.recall());
    INFO((std::string_view(set) == "tune" ? misses : std::string()));
    if (std::getenv("TINGCHAO_SHOW_SCORES"))
      WARN(fmt::format("{}: precision {:.3f}, recall {:.3f} of {} schools", set, score.precision(),
                       score.recall(), score.right + score.missed));
    CHECK(score.precision() >= 0.85);
    CHECK(score.recall() >= 0.75);
  }
}
