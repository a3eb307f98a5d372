// What the program and its people ask. A row that cannot be read back is a failure, never skipped: it
// would be a loss that nobody sees.
#include <map>
#include <set>

#include <boost/json.hpp>

#include "core/hash.h"
#include "core/json.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/tokenizer.h"

namespace tingchao::store {
namespace {

#define TINGCHAO_DOCUMENT_COLUMNS "d.title, d.body, d.document, d.analysis, d.placement"
#define TINGCHAO_EVER_OF_STORY                                                                        \
  " FROM documents d WHERE d.story=?1 OR d.story IN (SELECT alias FROM story_aliases WHERE story=?1)" \
  " OR d.id IN (SELECT document FROM story_moves WHERE story=?1 OR story IN"                          \
  " (SELECT alias FROM story_aliases WHERE story=?1))"

Error unreadable(const std::string& what, const Error& why) {
  return {Errc::store, what + " cannot be read back: " + why.detail, "run `tingchao doctor`"};
}

Result<StoredDocument> read_document(Query& row) {
  StoredDocument each;
  std::string title = row.text(), body = row.text();
  auto rest = parse_json(row.text());
  if (!rest) return unreadable("a document", rest.error());
  auto document = document_from_json(*rest);
  if (!document) return unreadable("a document", document.error());
  each.document = std::move(*document);
  each.document.title = std::move(title);
  each.document.body = std::move(body);
  auto analysis_json = parse_json(row.text());
  if (!analysis_json) return unreadable("an analysis", analysis_json.error());
  auto analysis = analysis_from_json(*analysis_json);
  if (!analysis) return unreadable("an analysis", analysis.error());
  each.analysis = std::move(*analysis);
  auto placement = parse_json(row.text());
  if (!placement || !placement->is_object())
    return Error{Errc::store, "a placement cannot be read back", "run `tingchao doctor`"};
  const boost::json::object& p = placement->get_object();
  each.placement.document = each.document.id;
  each.placement.story = boost::json::value_to<std::string>(p.at("story"));
  each.placement.created = p.at("created").as_bool();
  each.placement.copy_of = boost::json::value_to<std::string>(p.at("copy_of"));
  each.placement.similarity = p.at("similarity").to_number<double>();
  if (const auto* turn = p.if_contains("turn")) each.placement.turn = Time(Seconds(turn->to_number<std::int64_t>()));
  return each;
}

template <class Visit>
Result<void> visit_documents(Query& query, const Visit& visit) {
  while (query.next()) {
    auto each = read_document(query);
    if (!each) return each.error();
    visit(std::move(*each));
  }
  if (query.error()) return *query.error();
  return {};
}

Result<std::vector<StoredDocument>> read_documents(Query& query) {
  std::vector<StoredDocument> all;
  const auto visited =
      visit_documents(query, [&all](StoredDocument&& each) { all.push_back(std::move(each)); });
  if (!visited) return visited.error();
  return all;
}

// Reads a column of JSON nouns with the noun's own reader.
template <class T>
Result<std::vector<T>> read_nouns(Query& query, Result<T> (*from_json)(const boost::json::value&)) {
  std::vector<T> all;
  while (query.next()) {
    auto value = parse_json(query.text());
    if (!value) return unreadable("a row", value.error());
    auto noun = from_json(*value);
    if (!noun) return unreadable("a row", noun.error());
    all.push_back(std::move(*noun));
  }
  if (query.error()) return *query.error();
  return all;
}

template <class T>
Result<std::optional<T>> first_of(Result<std::vector<T>> all) {
  if (!all) return all.error();
  if (all->empty()) return std::optional<T>{};
  return std::optional<T>{std::move(all->front())};
}

}  // namespace

Result<bool> SqliteStore::knows_link(const std::string& url) {
  Query query = db_->query("SELECT 1 FROM links WHERE url=?1");
  const bool found = query.bind(url).next();
  if (query.error()) return *query.error();
  return found;
}

Result<bool> SqliteStore::knows_document(const std::string& id) {
  Query query = db_->query("SELECT 1 FROM documents WHERE id=?1");
  const bool found = query.bind(id).next();
  if (query.error()) return *query.error();
  return found;
}

Result<Validators> SqliteStore::validators(const std::string& url) {
  Query query = db_->query("SELECT etag, last_modified FROM validators WHERE url=?1");
  Validators validators;
  if (query.bind(url).next()) {
    validators.etag = query.text();
    validators.last_modified = query.text();
  }
  if (query.error()) return *query.error();
  return validators;
}

Result<std::vector<SourceHealth>> SqliteStore::health() {
  Query query = db_->query(
      "SELECT source, last_visit, last_success, last_document, failures, last_error, documents_total, "
      "documents_24h, "
      "next_due, waits_for FROM health ORDER BY source");
  std::vector<SourceHealth> all;
  while (query.next()) {
    SourceHealth& h = all.emplace_back();
    h.source = query.text();
    h.last_visit = query.maybe_time();
    h.last_success = query.maybe_time();
    h.last_document = query.maybe_time();
    h.failures = static_cast<int>(query.number());
    h.last_error = query.text();
    h.documents_total = query.number();
    h.documents_24h = static_cast<int>(query.number());
    h.next_due = query.time();
    h.waits_for = query.text();
  }
  if (query.error()) return *query.error();
  return all;
}

Result<std::vector<Story>> SqliteStore::stories_since(Time newest) {
  Query query = db_->query("SELECT story FROM stories WHERE newest>=?1 ORDER BY newest, id");
  query.bind(newest);
  return read_nouns(query, story_from_json);
}

Result<std::vector<Story>> SqliteStore::settled_stories_since(Time newest) {
  Query query = db_->query(
      "SELECT CASE WHEN o.id IS NULL THEN s.story ELSE o.before END FROM stories s "
      "LEFT JOIN stories_open o ON o.id=s.id WHERE s.newest>=?1 AND (o.id IS NULL OR o.before IS NOT NULL) "
      "ORDER BY s.newest, s.id");
  query.bind(newest);
  return read_nouns(query, story_from_json);
}

Result<std::vector<StorySplit>> SqliteStore::splits_of(const std::string& story) {
  Query query = db_->query(
      "SELECT id, story, at, documents, cause FROM story_splits WHERE id=?1 OR story=?1 ORDER BY at, id");
  query.bind(story);
  std::vector<StorySplit> splits;
  while (query.next()) {
    StorySplit& split = splits.emplace_back();
    split.id = query.text();
    split.from = query.text();
    split.at = query.time();
    split.documents = static_cast<int>(query.number());
    split.cause = query.text();
  }
  if (query.error()) return *query.error();
  return splits;
}

Result<std::vector<StoredDocument>> SqliteStore::documents_between(Time from, Time to, int limit) {
  Query query = db_->query(
      "SELECT " TINGCHAO_DOCUMENT_COLUMNS
      " FROM documents d WHERE first_seen>=?1 AND first_seen<?2 ORDER BY first_seen, rowid LIMIT ?3");
  query.bind(from).bind(to).bind(limit);
  return read_documents(query);
}

Result<void> SqliteStore::visit_newest(Time from, Time to, int limit,
                                       const std::function<void(const StoredDocument&)>& visit) {
  if (limit <= 0) return {};
  // Where the newest begin, from the index alone: sorting the documents themselves would hold them all.
  Query first = db_->query(
      "SELECT first_seen, rowid FROM documents WHERE first_seen>=?1 AND first_seen<?2 "
      "ORDER BY first_seen DESC, rowid DESC LIMIT 1 OFFSET ?3");
  long row = 0;
  if (first.bind(from).bind(to).bind(limit - 1).next()) {
    from = first.time();
    row = first.number();
  }
  if (first.error()) return *first.error();
  Query query = db_->query(
      "SELECT " TINGCHAO_DOCUMENT_COLUMNS
      " FROM documents d WHERE first_seen>=?1 AND first_seen<?2 AND (first_seen>?1 OR d.rowid>=?3) "
      "ORDER BY first_seen, d.rowid");
  query.bind(from).bind(to).bind(row);
  return visit_documents(query, visit);
}

Result<std::vector<StreamHour>> SqliteStore::stream_hours_since(Time from) {
  Query query =
      db_->query("SELECT stream, hour, documents FROM stream_hours WHERE hour>=?1 ORDER BY hour, stream");
  query.bind(from);
  std::vector<StreamHour> all;
  while (query.next()) {
    StreamHour& hour = all.emplace_back();
    hour.stream = query.text();
    hour.hour = query.time();
    hour.documents = static_cast<int>(query.number());
  }
  if (query.error()) return *query.error();
  return all;
}

Result<std::vector<Warning>> SqliteStore::open_warnings() {
  Query query = db_->query("SELECT warning FROM warnings WHERE is_open=1 ORDER BY rank, raised_at");
  return read_nouns(query, warning_from_json);
}

Result<Store::Changed> SqliteStore::warnings_changed_since(long counter) {
  Changed changed;
  changed.counter = counter;
  Query query = db_->query("SELECT warning FROM warnings WHERE counter>?1 ORDER BY counter");
  query.bind(counter);
  auto warnings = read_nouns(query, warning_from_json);
  if (!warnings) return warnings.error();
  changed.warnings = std::move(*warnings);
  Query latest = db_->query("SELECT coalesce(max(counter), 0) FROM warnings");
  if (latest.next()) changed.counter = latest.number();
  if (latest.error()) return *latest.error();
  return changed;
}

Result<std::optional<StoredDocument>> SqliteStore::document(const std::string& id) {
  Query query = db_->query("SELECT " TINGCHAO_DOCUMENT_COLUMNS " FROM documents d WHERE id=?1");
  query.bind(id);
  return first_of(read_documents(query));
}

Result<std::vector<StoredDocument>> SqliteStore::search(const SearchQuery& ask) {
  const Time least{Seconds{-1L << 40}}, most{Seconds{1L << 40}};
  Time before_at = most;
  long before_row = 1L << 60;
  if (ask.before) {
    Query cursor = db_->query("SELECT at, rowid FROM documents WHERE id=?1");
    if (cursor.bind(*ask.before).next()) {
      before_at = cursor.time();
      before_row = cursor.number();
    }
    if (cursor.error()) return *cursor.error();
  }
  if (auto indexed = index_texts(); !indexed) return indexed.error();
  const std::string expression = match_expression(ask.needles);
  const auto bind_rest = [&](Query& query) {
    query.bind(ask.from.value_or(least))
        .bind(ask.to.value_or(most))
        .bind(ask.source)
        .bind(before_at)
        .bind(before_row)
        .bind(ask.limit);
  };
  if (expression.empty()) {
    Query query = db_->query(
        "SELECT " TINGCHAO_DOCUMENT_COLUMNS
        " FROM documents d WHERE at>=?1 AND at<?2 AND (?3='' OR source=?3) AND (at, d.rowid)<(?4, ?5) "
        "ORDER BY at DESC, d.rowid DESC LIMIT ?6");
    bind_rest(query);
    return read_documents(query);
  }
  Query query = db_->query(
      "SELECT " TINGCHAO_DOCUMENT_COLUMNS
      " FROM documents_text t JOIN documents d ON d.rowid=t.rowid WHERE documents_text MATCH ?1 AND "
      "at>=?2 AND at<?3 AND (?4='' OR source=?4) AND (at, d.rowid)<(?5, ?6) "
      "ORDER BY at DESC, d.rowid DESC LIMIT ?7");
  query.bind(expression);
  bind_rest(query);
  return read_documents(query);
}

Result<std::optional<Story>> SqliteStore::story(const std::string& id) {
  Query query = db_->query(
      "SELECT story FROM stories WHERE id=coalesce((SELECT story FROM story_aliases WHERE alias=?1), ?1)");
  query.bind(id);
  return first_of(read_nouns(query, story_from_json));
}

Result<std::vector<Story>> SqliteStore::stories(Time from, Time to, int limit) {
  Query query = db_->query(
      "SELECT story FROM stories WHERE newest>=?1 AND newest<=?2 "
      "ORDER BY heat * pow(0.5, (?2 - newest) / 21600.0) DESC, id LIMIT ?3");
  query.bind(from).bind(to).bind(limit);
  return read_nouns(query, story_from_json);
}

Result<void> SqliteStore::visit_stories(Time from, Time to,
                                        const std::function<Result<void>(const Story&)>& visit) {
  Query query = db_->query(
      "SELECT story FROM stories WHERE newest>=?1 AND unixepoch(json_extract(story, '$.first_seen'))<?2 "
      "ORDER BY heat * pow(0.5, max(0, ?2 - newest) / 21600.0) DESC, id");
  query.bind(from).bind(to);
  while (query.next()) {
    const auto value = parse_json(query.text());
    if (!value) return unreadable("a story", value.error());
    const auto story = story_from_json(*value);
    if (!story) return unreadable("a story", story.error());
    if (auto visited = visit(*story); !visited) return visited;
  }
  if (query.error()) return *query.error();
  return {};
}

Result<std::optional<Warning>> SqliteStore::warning(const std::string& id) {
  Query query = db_->query("SELECT warning FROM warnings WHERE id=?1");
  query.bind(id);
  return first_of(read_nouns(query, warning_from_json));
}

Result<std::vector<Warning>> SqliteStore::warnings(Time changed_from, Time to, bool open_only) {
  Query query = db_->query(
      "SELECT warning FROM warnings WHERE changed_at>=?1 AND raised_at<?2 AND (is_open=1 OR ?3=0) ORDER BY "
      "rank, raised_at DESC");
  query.bind(changed_from).bind(to).bind(open_only);
  return read_nouns(query, warning_from_json);
}

Result<std::vector<WarningChange>> SqliteStore::history(const std::string& warning) {
  Query query = db_->query("SELECT change FROM warning_changes WHERE warning=?1 ORDER BY seq");
  query.bind(warning);
  return read_nouns(query, warning_change_from_json);
}

Result<void> SqliteStore::visit_documents_of(const std::string& story,
                                             const std::function<void(const StoredDocument&)>& visit) {
  // The rows' numbers are sorted, not the documents, which would all be held.
  Query query =
      db_->query("WITH whole(id) AS (SELECT coalesce((SELECT story FROM story_aliases WHERE alias=?1), ?1)) "
                 "SELECT " TINGCHAO_DOCUMENT_COLUMNS
                 " FROM (SELECT rowid AS row FROM documents WHERE story IN (SELECT id FROM whole UNION "
                 "SELECT a.alias FROM story_aliases a JOIN whole w ON a.story=w.id) ORDER BY rowid) "
                 "JOIN documents d ON d.rowid=row");
  query.bind(story);
  return visit_documents(query, visit);
}

Result<std::vector<StoredDocument>> SqliteStore::documents_of(const std::string& story) {
  std::vector<StoredDocument> all;
  auto visited = visit_documents_of(story, [&all](const StoredDocument& each) { all.push_back(each); });
  if (!visited) return visited.error();
  return all;
}

Result<std::vector<StoredDocument>> SqliteStore::documents_of_then(const std::string& story, Time at) {
  Query query = db_->query("SELECT " TINGCHAO_DOCUMENT_COLUMNS TINGCHAO_EVER_OF_STORY " ORDER BY d.rowid");
  query.bind(story);
  auto documents = read_documents(query);
  if (!documents) return documents.error();
  // The first move after that time tells where a document was: the story, whatever it is called now, and its name then.
  Query moves = db_->query(
      "SELECT m.document, m.story, coalesce((SELECT story FROM story_aliases WHERE alias=m.story), m.story) "
      "FROM story_moves m WHERE m.at>?2 AND m.document IN (SELECT d.id" TINGCHAO_EVER_OF_STORY ") ORDER BY m.at DESC");
  moves.bind(story).bind(at);
  std::map<std::string, std::pair<std::string, std::string>> before;
  while (moves.next()) {
    const std::string document = moves.text(), then = moves.text();
    before[document] = {then, moves.text()};
  }
  if (moves.error()) return *moves.error();
  Query gone = db_->query(
      "SELECT d.id FROM documents d WHERE d.id IN (SELECT document FROM story_moves WHERE story=?1 OR story IN "
      "(SELECT alias FROM story_aliases WHERE story=?1)) AND d.story<>?1 "
      "AND d.story NOT IN (SELECT alias FROM story_aliases WHERE story=?1)");
  gone.bind(story);
  std::set<std::string> left;
  while (gone.next()) left.insert(gone.text());
  if (gone.error()) return *gone.error();
  std::erase_if(*documents, [&](StoredDocument& each) {
    const auto was = before.find(each.document.id);
    if (was == before.end()) return left.contains(each.document.id);
    each.placement.story = was->second.first;
    return was->second.second != story;
  });
  return documents;
}

Result<std::string> SqliteStore::judgement(const std::string& warning, int seq) {
  Query query = db_->query("SELECT judgement FROM judgements WHERE warning=?1 AND seq=?2");
  std::string text;
  if (query.bind(warning).bind(seq).next()) text = query.text();
  if (query.error()) return *query.error();
  return text;
}

Result<std::optional<MeasureText>> SqliteStore::measure(const std::string& version) {
  Query query = db_->query("SELECT text, at FROM measures WHERE version=?1");
  std::optional<MeasureText> found;
  if (query.bind(version).next()) {
    found.emplace();
    found->version = version;
    found->text = query.text();
    found->at = query.time();
  }
  if (query.error()) return *query.error();
  return found;
}

Result<std::vector<Silence>> SqliteStore::silences(Time end_after) {
  Query query = db_->query("SELECT silence FROM silences WHERE ends>?1 ORDER BY ends, id");
  query.bind(end_after);
  return read_nouns(query, silence_from_json);
}

Result<std::string> SqliteStore::note(const std::string& key) {
  Query query = db_->query("SELECT value FROM notes WHERE key=?1");
  std::string value;
  if (query.bind(key).next()) value = query.text();
  if (query.error()) return *query.error();
  return value;
}

Result<std::vector<Store::HourCount>> SqliteStore::hour_counts(Time from, Time to) {
  Query query = db_->query(
      "SELECT at / 3600 * 3600, count(*), sum(negative) FROM documents WHERE at>=?1 AND at<?2 GROUP BY 1 "
      "ORDER BY 1");
  query.bind(from).bind(to);
  std::vector<HourCount> all;
  while (query.next()) {
    HourCount& hour = all.emplace_back();
    hour.hour = query.time();
    hour.documents = static_cast<int>(query.number());
    hour.negative = static_cast<int>(query.number());
  }
  if (query.error()) return *query.error();
  return all;
}

}  // namespace tingchao::store
