// The audit trail is a chain: each row's hash covers the hash before it, so that no row can be changed, moved
// or taken out unseen. What a chain alone does not show is an end that was cut off: for warnings their
// histories do, for the rest a head that somebody noted.
#include <algorithm>
#include <map>

#include <boost/json.hpp>

#include "core/hash.h"
#include "core/json.h"
#include "store/sqlite/sqlite_store.h"

namespace tingchao::store {
namespace {

// Over lines, so the first four fields must be one each.
std::string chained(const std::string& before, const AuditRow& row) {
  return sha256_hex(before + "\n" + to_rfc3339(row.at) + "\n" + row.actor + "\n" + row.action + "\n" +
                    row.subject + "\n" + row.note);
}

std::string in_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

bool is_one_line(const std::string& text) { return text.find('\n') == text.npos; }

AuditEntry entry_of(Query& query) {
  AuditEntry entry;
  entry.id = query.number();
  entry.row.at = query.time();
  entry.row.actor = query.text();
  entry.row.action = query.text();
  entry.row.subject = query.text();
  entry.row.note = query.text();
  entry.hash = query.text();
  return entry;
}

// The rows that each warning's history has in the trail, in order: "at actor action note".
using Histories = std::map<std::string, std::vector<AuditEntry>>;

bool is_change(const std::string& action) {
  if (!action.starts_with("warning.")) return false;
  const std::string event = action.substr(8);
  for (int i = 0; i <= static_cast<int>(WarningEvent::returned); ++i)
    if (event == name(static_cast<WarningEvent>(i))) return true;
  return false;
}

// The first of a warning's changes that its audit rows do not bear out. Histories that retention has dropped,
// or whose first rows are older than the trail, have nothing to compare.
Result<std::string> compare_history(const std::string& warning, const std::vector<AuditEntry>& rows,
                                    Query& changes) {
  std::size_t i = 0;
  while (changes.next()) {
    auto value = parse_json(changes.text());
    if (!value) return value.error();
    auto change = warning_change_from_json(*value);
    if (!change) return change.error();
    const std::string what = "预警 " + warning + " 的第 " + std::to_string(change->seq) + " 条经过";
    if (i == rows.size()) return what + "在审计日志中没有对应的行（日志末尾可能被截去）";
    const AuditRow& row = rows[i++].row;
    if (row.at != change->at || row.actor != in_one_line(change->actor) || row.note != change->note ||
        row.action != std::string("warning.") + name(change->event))
      return what + "与审计日志第 " + std::to_string(rows[i - 1].id) + " 行不符";
  }
  if (changes.error()) return *changes.error();
  if (i != 0 && i < rows.size())
    return "预警 " + warning + " 的经过比审计日志少：日志第 " + std::to_string(rows[i].id) +
           " 行没有对应的经过";
  return std::string{};
}

}  // namespace

Result<void> SqliteStore::audit(const AuditRow& row) {
  Transaction transaction(*db_);
  if (auto begun = transaction.begin(); !begun) return begun;
  if (auto written = write_audit(row); !written) return written;
  return transaction.commit();
}

Result<std::vector<AuditRow>> SqliteStore::audits(int limit) {
  Query query = db_->query("SELECT at, actor, action, subject, note FROM audit ORDER BY id DESC LIMIT ?1");
  query.bind(limit);
  std::vector<AuditRow> all;
  while (query.next()) {
    AuditRow& row = all.emplace_back();
    row.at = query.time();
    row.actor = query.text();
    row.action = query.text();
    row.subject = query.text();
    row.note = query.text();
  }
  if (query.error()) return *query.error();
  return all;
}

Result<void> SqliteStore::write_audit(const AuditRow& given) {
  AuditRow row = given;
  row.actor = in_one_line(row.actor);
  row.action = in_one_line(row.action);
  row.subject = in_one_line(row.subject);
  std::string before;
  {
    Query last = db_->query("SELECT hash FROM audit ORDER BY id DESC LIMIT 1");
    if (last.next()) before = last.text();
    if (last.error()) return *last.error();
  }
  Query insert =
      db_->query("INSERT INTO audit(at, actor, action, subject, note, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  return insert.bind(row.at)
      .bind(row.actor)
      .bind(row.action)
      .bind(row.subject)
      .bind(row.note)
      .bind(chained(before, row))
      .run();
}

Result<std::vector<AuditEntry>> SqliteStore::audit_entries(const AuditQuery& ask) {
  Query query = db_->query(
      "SELECT id, at, actor, action, subject, note, hash FROM audit WHERE (?1='' OR actor=?1) AND (?2='' OR "
      "subject=?2) AND substr(action, 1, length(?3))=?3 AND at>=?4 AND at<?5 ORDER BY id DESC LIMIT ?6");
  query.bind(ask.actor)
      .bind(ask.subject)
      .bind(ask.action)
      .bind(ask.from.value_or(Time{Seconds{-1L << 40}}))
      .bind(ask.to.value_or(Time{Seconds{1L << 40}}))
      .bind(ask.limit);
  std::vector<AuditEntry> all;
  while (query.next()) all.push_back(entry_of(query));
  if (query.error()) return *query.error();
  return all;
}

Result<AuditCheck> SqliteStore::verify_audit() {
  AuditCheck check;
  Histories histories;
  {
    Query query = db_->query("SELECT id, at, actor, action, subject, note, hash FROM audit ORDER BY id");
    while (query.next()) {
      AuditEntry entry = entry_of(query);
      const auto broken = [&](std::string why) {
        check.why = std::move(why);
        check.broken = entry;
      };
      if (entry.id != check.rows + 1)
        broken("编号不连续：前一行是 " + std::to_string(check.rows) + "，中间的行不见了");
      else if (!is_one_line(entry.row.actor) || !is_one_line(entry.row.action) ||
               !is_one_line(entry.row.subject))
        broken("操作人、动作或对象中有换行，写入时不会有");
      else if (chained(check.head, entry.row) != entry.hash)
        broken("内容与哈希不符：本行或前一行被改动过");
      if (check.broken) return check;
      ++check.rows;
      check.head = entry.hash;
      if (is_change(entry.row.action)) histories[entry.row.subject].push_back(std::move(entry));
    }
    if (query.error()) return *query.error();
  }
  std::vector<std::string> warnings;
  {
    Query query = db_->query("SELECT DISTINCT warning FROM warning_changes ORDER BY warning");
    while (query.next()) warnings.push_back(query.text());
    if (query.error()) return *query.error();
  }
  for (const std::string& warning : warnings) {
    Query changes = db_->query("SELECT change FROM warning_changes WHERE warning=?1 ORDER BY seq");
    changes.bind(warning);
    auto compared = compare_history(warning, histories[warning], changes);
    if (!compared) return compared.error();
    if (compared->empty()) continue;
    check.why = std::move(*compared);
    return check;
  }
  return check;
}

}  // namespace tingchao::store
