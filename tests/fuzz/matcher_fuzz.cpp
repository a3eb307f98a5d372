// The matcher on arbitrary text. First its literals: some are cut out of the input itself, and every place
// that plain searching finds must be found, none else. Then rules with everything the language has, on the
// text as a document with title and body; hits must lie in the stored text, on borders of characters.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/rules/match.h"
#include "analyzer/segment/segmenter.h"
#include "analyzer/text/literals.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

struct Found {
  std::size_t begin, end;
  std::int32_t number;
  auto operator<=>(const Found&) const = default;
};

void check_literals(std::u32string_view text, std::uint32_t seed) {
  std::vector<std::u32string> keys;
  for (int i = 0; i < 8 && !text.empty(); ++i) {
    seed = seed * 1664525u + 1013904223u;
    const std::size_t at = (seed >> 8) % text.size(), length = 1 + (seed >> 3) % 6;
    keys.emplace_back(text.substr(at, length));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  const Literals literals(keys);
  std::vector<Found> found, wanted;
  literals.scan(text, [&](std::size_t begin, std::size_t end, std::int32_t number) {
    found.push_back({begin, end, number});
  });
  for (std::size_t k = 0; k < keys.size(); ++k)
    for (std::size_t at = text.find(keys[k]); at != text.npos; at = text.find(keys[k], at + 1))
      wanted.push_back({at, at + keys[k].size(), static_cast<std::int32_t>(k)});
  std::sort(found.begin(), found.end());
  std::sort(wanted.begin(), wanted.end());
  if (found != wanted) std::abort();
}

const std::shared_ptr<const RuleSet>& rules() {
  static const std::shared_ptr<const RuleSet> compiled = [] {
    std::string expression;
    for (const char* part :
         {"(食物中毒 OR 集体腹泻) AND (@school OR 食堂)", "殴打 NEAR/10 学生", "学生 ONEAR/3 老师 ONEAR/3 打",
          "SENT(坠楼 学生)", "PARA(退费 培训)", "title:停课", "/退(费|款)(难|无门)/",
          "/[一二三]年级.{0,4}班/", "2 OF (家长, 维权, 拉横幅, 聚集)", "COUNT(投诉) >= 3",
          "DISGUISED(自杀 OR 霸凌 OR 性骚扰)", "~校服", "=质量", "(体罚 UNLESS negated | drill)",
          "学校 NOT 大学", "@words(词)", "a b 1"})
      expression += (expression.empty() ? "(" : " OR (") + std::string(part) + ")";
    auto made = compile_query(expression, {{"词.txt", "的\n是\na\n学校\n"}});
    if (!made) std::abort();
    return *made;
  }();
  return compiled;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto segmenter = Segmenter::build({}, {});
  if (!segmenter || size > 4096) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Document document;
  const std::size_t cut = std::min(text.find('\n'), text.size());
  document.title = text.substr(0, cut);
  document.body = text.substr(cut);
  Prepared prepared;
  prepared.document = &document;
  for (const Field field : {Field::title, Field::body}) {
    TextView& view = field == Field::title ? prepared.title : prepared.body;
    view = fold(field == Field::title ? document.title : document.body);
    split(view);
    (*segmenter)->mark(view);
    check_literals(view.folded, static_cast<std::uint32_t>(size));
  }
  for (const RuleMatch& match : match(*rules(), prepared))
    for (const Hit& hit : match.hits) {
      const std::string& stored = hit.field == Field::title ? document.title : document.body;
      if (hit.span.begin >= hit.span.end || hit.span.end > stored.size()) std::abort();
      if (hit.sentence.begin > hit.span.begin || hit.sentence.end > stored.size()) std::abort();
    }
  return 0;
}
