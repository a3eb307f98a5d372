#include <catch2/catch.hpp>

#include "analyzer/rules/match.h"
#include "tests/analyzer/prepared_text.h"
#include "tests/analyzer/source_file.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

std::shared_ptr<const ContextWords> shipped() {
  auto words = parse_context({{"rules/context.yaml", source_file("rules/context.yaml")}});
  REQUIRE(words);
  return *words;
}

std::string explained(std::string_view expression, const PreparedText& text) {
  const auto rules = compile_query(expression, {{"丧事.txt", "出殡"}});
  REQUIRE(rules);
  const std::string out = "\n" + explain_rule(**rules, rules_of(**rules).front(), text.prepared);
  return "\n" + out.substr(out.find('\n', 1) + 1);  // without the head, which repeats the expression
}

}  // namespace

TEST_CASE("an explanation names the reason at every leaf", "[rules]") {
  const auto words = shipped();
  PreparedText text = prepare_text(
      "學校/服務", "昨日/,/西湖小学/食堂/停业/。/经/排查/,/未发现/食物/中毒/。/但/有/学生/集体腹泻/。", words.get());
  add_entity(text, EntityKind::school, "西湖小学");
  CHECK(explained("(食物中毒 OR 集体腹泻) AND (@school OR 食堂) UNLESS negated | drill", text) == R"(
  ✓ UNLESS negated | drill  除去这些语境里的命中，仍成立
    ✓ AND
      ✓ OR
        ✗ 食物中毒          在第 2 句，被“未发现”否定，不计
        ✓ 集体腹泻          在第 3 句
      ✓ OR
        ✓ @school           在第 1 句：“西湖小学”
        ✓ 食堂              在第 1 句
)");
  CHECK(explained("校服 OR 服务 NOT 校园", text) == R"(
  ✓ OR
    ✗ 校服      出现于 學校|服務，跨词，不计
    ✓ AND
      ✓ 服务    在标题：“服務”（繁→简）
      ✓ NOT
        ✗ 校园  未出现
)");
}

TEST_CASE("an explanation tells how far NEAR was, what COUNT and OF counted, where SENT looked", "[rules]") {
  const PreparedText text = prepare_text("停课", "老师殴打了一名女学生。有人坠楼。投诉，投诉。家长维权。");
  CHECK(explained("殴打 NEAR/3 学生 OR SENT(坠楼 有人) OR COUNT(投诉) >= 3 OR 2 OF (家长, 维权, 聚集)", text) == R"(
  ✓ OR
    ✗ NEAR/3      最近的一对相距 4 字，超过 3
      ✓ 殴打      在第 1 句
      ✓ 学生      在第 1 句
    ✓ SENT        在第 2 句
      ✓ AND
        ✓ 坠楼    在第 2 句
        ✓ 有人    在第 2 句
    ✗ COUNT >= 3  数到 2 次
      ✓ 投诉      在第 3 句（2 处）
    ✓ 2 OF        3 项里成立 2 项
      ✓ 家长      在第 4 句
      ✓ 维权      在第 4 句
      ✗ 聚集      未出现
)");
  CHECK(explained("学生 ONEAR/9 殴打 OR 殴打 NEAR/4 学生 OR SENT(坠楼 学生) OR title:坠楼 OR 停课", text) == R"(
  ✓ OR
    ✗ ONEAR/9   没有先后相合的一对
      ✓ 学生    在第 1 句
      ✓ 殴打    在第 1 句
    ✓ NEAR/4    在第 1 句，相距 4 字：“殴打了一名女学生”
      ✓ 殴打    在第 1 句
      ✓ 学生    在第 1 句
    ✗ SENT      没有一句同时满足
      ✓ AND
        ✓ 坠楼  在第 2 句
        ✓ 学生  在第 1 句
    ✗ title:
      ✗ 坠楼    只出现在这个范围之外
    ✓ 停课      在标题
)");
}

TEST_CASE("an explanation says why a leaf's characters do not count", "[rules]") {
  const auto words = shipped();
  PreparedText text = prepare_text("辟谣：网传坠楼", "said/。/服务质量/ok/。/拨/2110/。/有人坠楼/。", words.get());
  text.document->source = "hz-bbs";
  text.document->medium = "forum";
  CHECK(explained("(ai OR =质量 OR 110 OR @words(丧事) OR (坠楼 UNLESS refuted) OR ok) source:news lang:zh", text) == R"(
  ✗ AND
    ✓ OR
      ✗ ai              出现于 said，只是其中一截，不计
      ✗ =质量           出现于 服务质量，不是完整的词，不计
      ✗ 110             出现于 2110，只是其中一截，不计
      ✗ @words(丧事)    未出现
      ✗ UNLESS refuted  除去这些语境里的命中，就不成立了
        ✗ 坠楼          在标题，句中有“辟谣”，属辟谣，不计；在第 4 句，标题有“辟谣”，属辟谣，不计
      ✓ ok              在第 2 句
    ✗ source:news       来源是 hz-bbs（forum）
    ✓ lang:zh           语言是 zh
)");
}

TEST_CASE("a rule of another set is not explained", "[rules]") {
  const auto rules = compile_query("坠楼", {});
  Rule other;
  other.id = "other";
  const PreparedText text = prepare_text("", "坠楼");
  CHECK(explain_rule(**rules, other, text.prepared) == "规则 other 不在这一组规则里\n");
}
