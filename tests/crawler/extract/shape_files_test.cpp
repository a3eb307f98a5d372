// Whole pages in the structures of Chinese sites: offices, portals, schools, accounts, questions and answers,
// boards, mailboxes. tests/data/shapes/NAME.html, and in NAME.txt what a reader sees: address, "page" or
// "thread", title, minute in +08:00 or "-", then the article's lines or one post a line. Scored as research
// does: F1 over runs of four tokens.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "core/time.h"
#include "core/utf8.h"
#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

std::map<std::string, int> grams_of(const std::string& text) {
  std::vector<std::string> tokens;
  bool open = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = next_char(text, at);
    const bool word = c < 0x80 && std::isalnum(static_cast<int>(c)) != 0;
    if (word && open) {
      tokens.back() += text.substr(start, at - start);
    } else if (word || is_han(c)) {
      tokens.push_back(text.substr(start, at - start));
    }
    open = word;
  }
  std::map<std::string, int> grams;
  for (std::size_t i = 0; i + 4 <= tokens.size(); ++i) {
    std::string gram;
    for (std::size_t k = 0; k < 4; ++k) gram += tokens[i + k] + " ";
    ++grams[gram];
  }
  return grams;
}

double f1(const std::string& want, const std::string& got) {
  const auto gold = grams_of(want), found = grams_of(got);
  int both = 0, golds = 0, founds = 0;
  for (const auto& [gram, count] : gold) {
    golds += count;
    const auto at = found.find(gram);
    if (at != found.end()) both += std::min(count, at->second);
  }
  for (const auto& [gram, count] : found) founds += count;
  return golds + founds == 0 ? 1 : 2.0 * both / (golds + founds);
}

struct Shape {
  std::string name, html, url, kind, title, minute;
  std::vector<std::string> lines;
};

std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(TINGCHAO_SOURCE_DIR) + "/tests/data/shapes")) {
    if (entry.path().extension() != ".html") continue;
    Shape& shape = all.emplace_back();
    shape.name = entry.path().stem().string();
    std::ostringstream html;
    html << std::ifstream(entry.path()).rdbuf();
    shape.html = html.str();
    std::ifstream text(std::filesystem::path(entry.path()).replace_extension(".txt"));
    for (std::string* head : {&shape.url, &shape.kind, &shape.title, &shape.minute})
      REQUIRE(std::getline(text, *head));
    for (std::string line; std::getline(text, line);) shape.lines.push_back(line);
  }
  std::sort(all.begin(), all.end(), [](const Shape& a, const Shape& b) { return a.name < b.name; });
  return all;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

TEST_CASE("pages in the structures of many sites", "[extract][shapes]") {
  double sum = 0;
  int pages = 0, minutes = 0, dated = 0;
  for (const Shape& shape : shapes()) {
    CAPTURE(shape.name);
    Page page;
    page.url = page.requested_url = shape.url;
    page.body = shape.html;
    page.fetched_at = *parse_time("2026-11-28T12:00:00+08:00");
    Source source;
    source.id = "s";
    source.kind = SourceKind::list;
    const auto extracted = extract(page, source, Role::content, "salt");
    REQUIRE(extracted);
    REQUIRE(!extracted->documents.empty());
    std::vector<std::string> bodies;
    for (const Document& document : extracted->documents) bodies.push_back(document.body);
    const double score = f1(joined(shape.lines), joined(bodies));
    CHECK(score >= 0.93);
    const Document& first = extracted->documents.front();
    CHECK(first.title == shape.title);
    const std::string minute = first.published_at ? china_minute(*first.published_at) : "-";
    CHECK(minute == shape.minute);
    if (shape.kind == "thread") CHECK(bodies.size() == shape.lines.size());
    sum += score;
    ++pages;
    dated += shape.minute != "-";
    minutes += shape.minute != "-" && minute == shape.minute;
  }
  REQUIRE(pages >= 40);
  std::printf("%d pages: mean F1 %.3f, minute right on %d of %d\n", pages, sum / pages, minutes, dated);
  CHECK(sum / pages >= 0.98);
}
