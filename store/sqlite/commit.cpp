// One batch, one transaction, in the order of causes: pages, documents, stories, warnings, messages.
// Any failure on the way rolls everything back.
#include <map>

#include <boost/json.hpp>

#include "core/json.h"
#include "store/sqlite/sqlite_store.h"

namespace tingchao::store {
namespace {

bool is_open(const Warning& warning) {
  return warning.state != WarningState::closed && warning.state != WarningState::dismissed;
}

boost::json::object of(const Placement& placement) {
  return {{"story", placement.story},
          {"created", placement.created},
          {"copy_of", placement.copy_of},
          {"similarity", placement.similarity},
          {"turn", placement.turn.time_since_epoch().count()}};
}

}  // namespace

bool Batch::empty() const {
  return pages.empty() && documents.empty() && merges.empty() && moves.empty() && splits.empty() && !settled &&
         stories_open.empty() && stories.empty() && warnings.empty() &&
         deliveries.empty() && deliveries_dropped.empty() && stream_hours.empty() && links_found.empty() &&
         links_done.empty() && links_later.empty() &&
         validators.empty() && hosts.empty() && robots.empty() && health.empty() && notes.empty() &&
         documents_changed.empty() && audits.empty() && measures.empty() && silences.empty();
}

Result<void> SqliteStore::commit(const Batch& batch) {
  if (together_) return commit_within(batch);
  Transaction transaction(*db_);
  if (auto begun = transaction.begin(); !begun) return begun;
  auto done = write(batch);
  if (done) done = index_texts();
  if (done) done = sync_evidence();
  if (done) done = transaction.commit();
  unsynced_.clear();
  unindexed_from_.reset();
  return done;
}

// A part of a group, undone alone when it is refused.
Result<void> SqliteStore::commit_within(const Batch& batch) {
  if (group_refused_) return *group_refused_;
  if (auto begun = db_->query("SAVEPOINT batch").run(); !begun) return begun;
  std::map<long, long> ends;
  for (const UnsyncedSegment& each : unsynced_) ends[each.id] = each.end;
  auto done = write(batch);
  if (done) done = db_->query("RELEASE batch").run();
  if (done) return done;
  for (UnsyncedSegment& each : unsynced_) {
    each.ragged = true;
    each.end = ends.count(each.id) ? ends[each.id] : each.group;
  }
  // A full disk makes SQLite roll back everything by itself: then the whole group is refused.
  if (!db_->in_transaction() || !db_->execute("ROLLBACK TO batch") || !db_->execute("RELEASE batch"))
    group_refused_ = done.error();
  return done;
}

Result<void> SqliteStore::together(const std::function<void()>& work) {
  Transaction transaction(*db_);
  if (auto begun = transaction.begin(); !begun) return begun;
  together_ = true;
  work();
  together_ = false;
  Result<void> done;
  if (group_refused_) done = *std::exchange(group_refused_, std::nullopt);
  if (done) done = index_texts();
  if (done) done = sync_evidence();
  if (done) done = transaction.commit();
  unsynced_.clear();
  unindexed_from_.reset();
  return done;
}

// Once for a whole group: FTS5 sorts and writes out what it was given whenever a statement with triggers or a savepoint
// ends. A document alone costs twice what it does among fifty.
Result<void> SqliteStore::index_texts() {
  if (!unindexed_from_) return {};
  Query insert = db_->query(
      "INSERT INTO documents_text(rowid, title, body) SELECT rowid, title, body FROM documents WHERE rowid>=?1");
  return insert.bind(*std::exchange(unindexed_from_, std::nullopt)).run();
}

Result<void> SqliteStore::write(const Batch& batch) {
  using Step = Result<void> (SqliteStore::*)(const Batch&);
  for (const Step step :
       {&SqliteStore::write_pages, &SqliteStore::write_documents, &SqliteStore::write_merges,
        &SqliteStore::write_moves, &SqliteStore::write_stories,
        &SqliteStore::write_warnings,
        &SqliteStore::write_deliveries, &SqliteStore::write_links, &SqliteStore::write_hosts,
        &SqliteStore::write_duty, &SqliteStore::write_rest})
    if (auto written = (this->*step)(batch); !written) return written;
  return {};
}

Result<void> SqliteStore::write_documents(const Batch& batch) {
  for (const StoredDocument& each : batch.documents) {
    const Document& d = each.document;
    boost::json::object rest = to_json(d);
    rest.erase("title");
    rest.erase("body");
    Query insert = db_->query(
        "INSERT INTO documents(id, source, at, first_seen, story, negative, snapshot, title, body, document, "
        "analysis, "
        "placement) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    auto done = insert.bind(d.id)
                    .bind(d.source)
                    .bind(effective_time(d))
                    .bind(d.fetched_at)
                    .bind(each.placement.story)
                    .bind(each.analysis.stance.label == StanceLabel::negative)
                    .bind(d.snapshot_hash)
                    .bind(d.title)
                    .bind(d.body)
                    .bind(to_line(rest))
                    .bind(to_line(to_json(each.analysis)))
                    .bind(to_line(of(each.placement)))
                    .run();
    if (!done) return done;
    if (!unindexed_from_) unindexed_from_ = db_->last_row();
  }
  if (!batch.documents_changed.empty())  // the trigger takes their old words out of the index
    if (auto done = index_texts(); !done) return done;
  for (const StoredDocument& each : batch.documents_changed) {
    boost::json::object rest = to_json(each.document);
    rest.erase("title");
    rest.erase("body");
    Query update = db_->query(
        "UPDATE documents SET at=?1, negative=?2, title=?3, body=?4, document=?5, analysis=?6 WHERE id=?7");
    auto done = update.bind(effective_time(each.document))
                    .bind(each.analysis.stance.label == StanceLabel::negative)
                    .bind(each.document.title)
                    .bind(each.document.body)
                    .bind(to_line(rest))
                    .bind(to_line(to_json(each.analysis)))
                    .bind(each.document.id)
                    .run();
    if (!done) return done;
  }
  return {};
}

Result<void> SqliteStore::write_merges(const Batch& batch) {
  for (const StoryMerge& merge : batch.merges)
    for (const char* step :
         {"UPDATE story_aliases SET story=?2 WHERE story=?1",
          "INSERT OR REPLACE INTO story_aliases(alias, story, at) VALUES (?1, ?2, ?3)",
          "UPDATE documents SET story=?2 WHERE story=?1 AND id IN "
          "(SELECT value FROM json_each((SELECT story FROM stories WHERE id=?1), '$.members'))",
          "DELETE FROM stories WHERE id=?1"}) {
      Query query = db_->query(step);
      query.bind(merge.from);
      if (std::string_view(step).find("?2") != std::string_view::npos) query.bind(merge.into);
      if (std::string_view(step).find("?3") != std::string_view::npos) query.bind(merge.at);
      if (auto done = query.run(); !done) return done;
    }
  return {};
}

Result<void> SqliteStore::write_moves(const Batch& batch) {
  for (const StoryMove& move : batch.moves) {
    Query update = db_->query(
        "UPDATE documents SET story=coalesce((SELECT story FROM story_aliases WHERE alias=?2), ?2), placement=?3 "
        "WHERE id=?1");
    auto done = update.bind(move.placement.document)
                    .bind(move.placement.story)
                    .bind(to_line(of(move.placement)))
                    .run();
    if (!done) return done;
    if (move.from == move.placement.story) continue;
    Query row = db_->query("INSERT OR IGNORE INTO story_moves(document, at, story) VALUES (?1, ?2, ?3)");
    row.bind(move.placement.document).bind(batch.moved_at).bind(move.from);
    if (auto kept = row.run(); !kept) return kept;
  }
  for (const StorySplit& split : batch.splits) {
    Query insert = db_->query(
        "INSERT OR IGNORE INTO story_splits(id, story, at, documents, cause) VALUES (?1, ?2, ?3, ?4, ?5)");
    auto done = insert.bind(split.id)
                    .bind(split.from)
                    .bind(split.at)
                    .bind(static_cast<long>(split.documents))
                    .bind(split.cause)
                    .run();
    if (!done) return done;
  }
  return {};
}

Result<void> SqliteStore::write_stories(const Batch& batch) {
  if (batch.settled)
    if (auto done = db_->query("DELETE FROM stories_open").run(); !done) return done;
  for (const OpenStory& open : batch.stories_open) {
    Query insert = db_->query(open.before ? "INSERT OR IGNORE INTO stories_open(id, before) VALUES (?1, ?2)"
                                          : "INSERT OR IGNORE INTO stories_open(id) VALUES (?1)");
    insert.bind(open.id);
    if (open.before) insert.bind(to_line(to_json(*open.before)));
    if (auto done = insert.run(); !done) return done;
  }
  for (const Story& story : batch.stories) {
    Query upsert = db_->query(
        "INSERT INTO stories(id, newest, heat, story) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT(id) DO UPDATE SET newest=excluded.newest, heat=excluded.heat, story=excluded.story");
    auto done = upsert.bind(story.id).bind(story.newest).bind(story.heat).bind(to_line(to_json(story))).run();
    if (!done) return done;
  }
  return {};
}

Result<void> SqliteStore::write_warnings(const Batch& batch) {
  struct Versions {
    long read, now;  // in the store before this batch, and after the rows so far
  };
  std::map<std::string, Versions> versions;
  for (const WarningRow& row : batch.warnings) {
    const Warning& warning = row.warning;
    if (!versions.count(warning.id)) {
      Query asked = db_->query("SELECT version FROM warnings WHERE id=?1");
      const long stored = asked.bind(warning.id).next() ? asked.number() : 0;
      if (asked.error()) return *asked.error();
      versions[warning.id] = {stored, stored};
    }
    Versions& version = versions[warning.id];
    if (warning.version != version.read && warning.version != version.now)
      return Error{Errc::conflict, "warning " + warning.id + " was changed by somebody else in between",
                   "read it again and redo"};
    Warning kept = warning;
    kept.version = ++version.now;
    Query upsert = db_->query(
        "INSERT INTO warnings(id, version, counter, is_open, rank, raised_at, changed_at, warning) "
        "VALUES (?1, ?2, (SELECT coalesce(max(counter), 0) + 1 FROM warnings), ?3, ?4, ?5, ?6, ?7) "
        "ON CONFLICT(id) DO UPDATE SET version=excluded.version, counter=excluded.counter, "
        "is_open=excluded.is_open, "
        "rank=excluded.rank, raised_at=excluded.raised_at, changed_at=excluded.changed_at, "
        "warning=excluded.warning");
    auto done = upsert.bind(kept.id)
                    .bind(kept.version)
                    .bind(is_open(kept))
                    .bind(kept.level.rank)
                    .bind(kept.raised_at)
                    .bind(row.change.at)
                    .bind(to_line(to_json(kept)))
                    .run();
    if (!done) return done;
    Query change = db_->query("INSERT INTO warning_changes(warning, seq, change) VALUES (?1, ?2, ?3)");
    done = change.bind(kept.id).bind(row.change.seq).bind(to_line(to_json(row.change))).run();
    if (!done) return done;
    if (!row.judgement.empty()) {
      Query keep = db_->query("INSERT INTO judgements(warning, seq, judgement) VALUES (?1, ?2, ?3)");
      if (done = keep.bind(kept.id).bind(row.change.seq).bind(row.judgement).run(); !done) return done;
    }
    for (const Evidence& evidence : kept.evidence) {
      Query keep = db_->query("INSERT OR IGNORE INTO evidence(warning, document) VALUES (?1, ?2)");
      if (done = keep.bind(kept.id).bind(evidence.document).run(); !done) return done;
    }
    done = write_audit({row.change.at, row.change.actor, std::string("warning.") + name(row.change.event),
                        kept.id, row.change.note});
    if (!done) return done;
  }
  return {};
}

Result<void> SqliteStore::write_deliveries(const Batch& batch) {
  for (const Delivery& d : batch.deliveries) {
    Query insert = db_->query(
        "INSERT OR IGNORE INTO deliveries(key, warning, seq, stream, channel, recipient, level_rank, "
        "subject, body, "
        "message_id, created, not_before, attempts, state, answer) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");
    insert.bind(d.key)
        .bind(d.warning)
        .bind(d.seq)
        .bind(d.stream)
        .bind(d.channel)
        .bind(d.recipient)
        .bind(d.level_rank);
    insert.bind(d.subject)
        .bind(d.body)
        .bind(d.message_id)
        .bind(d.created)
        .bind(d.not_before)
        .bind(d.attempts);
    if (auto done = insert.bind(name(d.state)).bind(d.answer).run(); !done) return done;
  }
  for (const auto& [id, why] : batch.deliveries_dropped) {
    Query drop = db_->query("UPDATE deliveries SET state='dropped', answer=?2 WHERE id=?1 AND state='waiting'");
    if (auto done = drop.bind(id).bind(why).run(); !done) return done;
  }
  for (const WarningRow& row : batch.warnings)
    if (!row.drop_why.empty())
      if (auto done = drop_waiting(row); !done) return done;
  return {};
}

// After the batch's own messages: one that was planned and ended within it waits for nobody either.
Result<void> SqliteStore::drop_waiting(const WarningRow& row) {
  long dropped = 0;
  {
    Query drop = db_->query(
        "UPDATE deliveries SET state='dropped', answer=?4 WHERE state='waiting' AND warning=?1 AND seq<?2 AND "
        "level_rank>?3 RETURNING id");
    drop.bind(row.warning.id).bind(row.change.seq).bind(row.kept_rank).bind(row.drop_why);
    while (drop.next()) ++dropped;
    if (drop.error()) return *drop.error();
  }
  if (dropped == 0) return {};
  return write_audit({row.change.at, row.change.actor, "delivery.dropped", row.warning.id,
                      std::to_string(dropped) + " 条消息未发出：" + row.drop_why});
}

Result<void> SqliteStore::write_duty(const Batch& batch) {
  for (const MeasureText& measure : batch.measures) {
    Query insert = db_->query("INSERT OR IGNORE INTO measures(version, at, text) VALUES (?1, ?2, ?3)");
    if (auto done = insert.bind(measure.version).bind(measure.at).bind(measure.text).run(); !done) return done;
  }
  for (const Silence& silence : batch.silences) {
    Query upsert = db_->query(
        "INSERT INTO silences(id, ends, silence) VALUES (?1, ?2, ?3) "
        "ON CONFLICT(id) DO UPDATE SET ends=excluded.ends, silence=excluded.silence");
    if (auto done = upsert.bind(silence.id).bind(silence.ends).bind(to_line(to_json(silence))).run(); !done)
      return done;
  }
  return {};
}

Result<void> SqliteStore::write_rest(const Batch& batch) {
  for (const StreamHour& hour : batch.stream_hours) {
    Query upsert = db_->query(
        "INSERT INTO stream_hours(stream, hour, documents) VALUES (?1, ?2, ?3) "
        "ON CONFLICT(stream, hour) DO UPDATE SET documents=excluded.documents");
    if (auto done = upsert.bind(hour.stream).bind(hour.hour).bind(hour.documents).run(); !done) return done;
  }
  for (const SourceHealth& h : batch.health) {
    Query upsert = db_->query(
        "INSERT OR REPLACE INTO health(source, last_visit, last_success, last_document, failures, "
        "last_error, "
        "documents_total, documents_24h, next_due, waits_for) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
        "?10)");
    upsert.bind(h.source)
        .bind(h.last_visit)
        .bind(h.last_success)
        .bind(h.last_document)
        .bind(h.failures)
        .bind(h.last_error);
    upsert.bind(h.documents_total).bind(h.documents_24h).bind(h.next_due).bind(h.waits_for);
    if (auto done = upsert.run(); !done) return done;
  }
  for (const auto& [key, value] : batch.notes) {
    Query upsert = db_->query(
        "INSERT INTO notes(key, value) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET value=excluded.value");
    if (auto done = upsert.bind(key).bind(value).run(); !done) return done;
  }
  for (const AuditRow& row : batch.audits)
    if (auto done = write_audit(row); !done) return done;
  return {};
}

}  // namespace tingchao::store
