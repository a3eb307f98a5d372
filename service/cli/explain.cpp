// warnings explain: the reasons of a warning once more, from what the store kept, and whether they are the same bytes.
// Rules read the documents again when they are those of then; else the stored readings serve, and this says so.
#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "alerting/explain.h"
#include "alerting/wording.h"
#include "core/hash.h"
#include "core/json.h"
#include "service/cli/evidence_access.h"
#include "service/cli/setup.h"
#include "service/explain.h"

namespace tingchao::service {
namespace {

void print_side(const Console& console, const char* name, const std::vector<Reason>& reasons) {
  console.line(console.paint(std::string("  ") + name, Colour::bold));
  for (const Reason& reason : reasons) {
    console.line(fmt::format("    {}：{}{}{}  {:+.1f}  文档 {} 篇", reason.name, reason.observed,
                             reason.expected.empty() ? "" : "（预期 " + reason.expected + "）",
                             reason.threshold.empty() ? "" : "，阈值 " + reason.threshold, reason.points,
                             reason.documents.size()));
    if (!reason.lowers.empty()) console.line(console.paint("      何时下降：" + reason.lowers, Colour::dim));
  }
}

void print_head(const Console& console, const Explained& e) {
  console.line(fmt::format("{}  第 {} 条经过（{}）  {}", e.warning.id, e.change.seq,
                           alerting::chinese_name(e.change.event), e.warning.title));
  if (!e.judged) return;
  console.line("  判定于 " + to_rfc3339(e.judged->at) + "，标准 " + e.judged->measure_version +
               (e.measure_from_store ? "（存档原文）" : "（现行文件，版本相同）") + "，规则 " + e.judged->rules_version);
  console.line(fmt::format("  由 {} 篇存档文档重推，{}", e.documents,
                           e.read_again ? "以同版规则重新研读" : "研读结果取存档"));
}

void print_evidence(const Console& console, const Explained& e) {
  console.line(fmt::format("  原文：{} 条引文中 {} 条与存档文本逐字节相同；{} 份快照中 {} 份哈希校验相符", e.sentences,
                           e.sentences_same, e.snapshots, e.snapshots_same));
  if (e.snapshots > e.snapshots_same)
    console.line(console.paint("    未相符的快照：导入的文档没有网页快照，或已过保存期", Colour::dim));
}

boost::json::object json_of(const Explained& e) {
  boost::json::array stored, derived, why;
  for (const Reason& reason : e.change.reasons) stored.push_back(to_json(reason));
  for (const Reason& reason : e.reasons) derived.push_back(to_json(reason));
  for (const std::string& each : e.why) why.emplace_back(each);
  boost::json::object object{{"warning", e.warning.id}, {"seq", e.change.seq}, {"equal", e.equal},
                             {"bytes", e.bytes}, {"sha256", e.hash}, {"documents", e.documents},
                             {"sentences", e.sentences}, {"sentences_same", e.sentences_same},
                             {"snapshots", e.snapshots}, {"snapshots_same", e.snapshots_same}};
  if (e.judged) {
    object["measure_version"] = e.judged->measure_version;
    object["rules_version"] = e.judged->rules_version;
    object["read_again"] = e.read_again;
  }
  object["why"] = std::move(why);
  object["stored"] = std::move(stored);
  object["derived"] = std::move(derived);
  return object;
}

}  // namespace

int run_warnings_explain(const WarningsOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, false);  // looking at evidence leaves an audit row
  if (!store) return console.error(store.error());
  auto analyzer = load_analyzer(knowledge_files(*config));
  if (!analyzer) return console.error(analyzer.error());
  auto measure = load_measure(config->measure);
  if (!measure) return console.error(measure.error());
  auto explained = explain(**store, {options.id, options.seq}, **analyzer, **measure);
  if (!explained) return console.error(explained.error());
  if (auto noted = note_look(**store, options.by, "warning.explain", options.id, ""); !noted)
    return console.error(noted.error());
  const Explained& e = *explained;
  if (console.json()) {
    console.line(to_line(json_of(e)));
    return e.equal ? done : nothing;
  }
  print_head(console, e);
  print_evidence(console, e);
  if (e.equal) {
    print_side(console, "理由", e.change.reasons);
    console.line(console.paint("✓ ", Colour::green) +
                 fmt::format("重推的理由与存档逐字节相同（{} 字节，sha256 {}）", e.bytes, e.hash.substr(0, 16)));
    return done;
  }
  print_side(console, "存档的理由", e.change.reasons);
  print_side(console, "重推的理由", e.reasons);
  console.line(console.paint("✗ 重推的理由与存档不同", Colour::red));
  for (const std::string& why : e.why) console.line("  " + why);
  return nothing;
}

}  // namespace tingchao::service
