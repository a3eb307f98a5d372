// Terms that only seem to stand in a text, and their neighbours that do: tests/data/segment/traps.tsv.
#include <catch2/catch.hpp>

#include <sstream>

#include "analyzer/segment/segmenter.h"
#include "shipped.h"
#include "source_file.h"

using namespace tingchao;
using namespace tingchao::analyzer;

TEST_CASE("every trap of the list is seen through", "[segment][votes][traps]") {
  auto lexicons = shipped_folder("lexicon", ".txt");
  std::erase_if(lexicons,
                [](const NamedText& list) { return list.name.find("stopwords") != std::string::npos; });
  const auto segmenter = Segmenter::build(lexicons, {});
  REQUIRE(segmenter);
  std::istringstream in(source_file("tests/data/segment/traps.tsv"));
  std::size_t count = 0;
  for (std::string text, term, verdict;
       std::getline(in, text, '\t') && std::getline(in, term, '\t') && std::getline(in, verdict);) {
    ++count;
    REQUIRE((verdict == "fires" || verdict == "silent"));
    TextView view = fold(text);
    (*segmenter)->mark(view);
    const std::u32string wanted = fold_term(term);
    bool fires = false;
    for (std::size_t at = view.folded.find(wanted); at != view.folded.npos;
         at = view.folded.find(wanted, at + 1))
      fires = fires || !is_no_word(view, at, at + wanted.size());
    std::string words;
    for (std::size_t i = 0; i < view.folded.size(); ++i)
      words += (i > 0 && view.border[i] ? "|" : "") + to_utf8(std::u32string_view(view.folded).substr(i, 1));
    INFO(text << "  " << term << "  " << words);
    CHECK((fires ? "fires" : "silent") == verdict);
  }
  CHECK(count >= 200);
}
