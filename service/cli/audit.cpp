// audit list and verify: who did what when, and the proof that nobody touched the list since.
#include <algorithm>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/json.h"
#include "service/cli/setup.h"

namespace tingchao::service {
namespace {

boost::json::object json_of(const store::AuditEntry& entry) {
  return {{"id", entry.id},
          {"at", to_rfc3339(entry.row.at)},
          {"actor", entry.row.actor},
          {"action", entry.row.action},
          {"subject", entry.row.subject},
          {"note", entry.row.note},
          {"hash", entry.hash}};
}

std::string line_of(const Console& console, const store::AuditEntry& entry) {
  std::string note = entry.row.note;
  std::replace(note.begin(), note.end(), '\n', ' ');
  return console.paint(fmt::format("{:>7}", entry.id), Colour::dim) + "  " + china_minute(entry.row.at) +
         "  " + pad(entry.row.actor, 10) + "  " + pad(entry.row.action, 22) + "  " + entry.row.subject +
         (note.empty() ? "" : "  " + clip(note, 80)) + "  " +
         console.paint(entry.hash.substr(0, 12), Colour::dim);
}

}  // namespace

int run_audit_list(const AuditOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const Time now = config->clock.now();
  store::AuditQuery query{options.actor, options.subject, options.action, {}, {}, options.limit};
  if (!options.from.empty()) {
    auto from = parse_when(options.from, Time{}, now);
    if (!from) return console.error(from.error());
    query.from = *from;
  }
  auto entries = (*store)->audit_entries(query);
  if (!entries) return console.error(entries.error());
  std::reverse(entries->begin(), entries->end());  // the newest at the end, where the eye is
  for (const store::AuditEntry& entry : *entries)
    console.line(console.json() ? to_line(json_of(entry)) : line_of(console, entry));
  return entries->empty() ? nothing : done;
}

int run_audit_verify(const AuditOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  auto check = (*store)->verify_audit();
  if (!check) return console.error(check.error());
  const bool whole = check->why.empty();
  if (console.json()) {
    boost::json::object object{{"whole", whole}, {"rows", check->rows}, {"head", check->head}};
    if (!whole) object["why"] = check->why;
    if (check->broken) object["broken"] = json_of(*check->broken);
    console.line(to_line(object));
    return whole ? done : nothing;
  }
  if (whole) {
    console.line(console.paint("✓ ", Colour::green) +
                 fmt::format("{} 行，哈希链完整，与各预警的经过相符", check->rows));
    console.line("  链尾 " + (check->head.empty() ? "（空）" : check->head));
    console.line(
        console.paint("  把链尾抄录到别处（如值班日志），日后可证明此前各行未被截去。", Colour::dim));
    return done;
  }
  console.line(console.paint("✗ ", Colour::red) +
               (check->broken ? fmt::format("第 {} 行：", check->broken->id) : "") + check->why);
  if (check->broken) console.line(line_of(console, *check->broken));
  console.line(fmt::format("  此前 {} 行完好{}", check->rows,
                           check->head.empty() ? "" : "，链值 " + check->head.substr(0, 16)));
  return nothing;
}

}  // namespace tingchao::service
