// Links that wait, under leases, and what is known of hosts. Everything lies in the file; the program
// holds only what it is about to fetch, so that a million waiting links cost it nothing.
#include <algorithm>

#include <zstd.h>
#include <boost/json.hpp>

#include "core/json.h"
#include "store/sqlite/sqlite_store.h"

namespace tingchao::store {
namespace {

constexpr int robots_level = 3;
constexpr long robots_bytes_max = 1L << 20;

#define TINGCHAO_LINK_COLUMNS \
  "url, address, host, due, found_at, attempts, title, published_at, reach, lease_until"

FrontierLink read_link(Query& row, const std::string& source) {
  FrontierLink each;
  each.source = source;
  each.identity = row.text();
  each.link.url = row.text();
  if (each.link.url.empty()) each.link.url = each.identity;
  each.host = row.text();
  each.due = row.time();
  each.found_at = row.time();
  each.attempts = static_cast<int>(row.number());
  each.link.title = row.text();
  each.link.published_at = row.maybe_time();
  if (const auto reach = parse_json(row.text()); reach && reach->is_object()) {
    const auto& object = reach->get_object();
    if (const auto* views = object.if_contains("views")) each.link.reach.views = views->to_number<long>();
    if (const auto* replies = object.if_contains("replies"))
      each.link.reach.replies = replies->to_number<long>();
  }
  each.lease_until = row.time();
  return each;
}

Result<std::vector<FrontierLink>> read_links(Query& query, const std::string& source) {
  std::vector<FrontierLink> links;
  while (query.next()) links.push_back(read_link(query, source));
  if (query.error()) return *query.error();
  return links;
}

void bind_link(Query& query, const FrontierLink& each) {
  boost::json::object reach;
  if (each.link.reach.views) reach["views"] = *each.link.reach.views;
  if (each.link.reach.replies) reach["replies"] = *each.link.reach.replies;
  const std::string& identity = identity_of(each);
  query.bind(identity)
      .bind(identity == each.link.url ? std::string() : each.link.url)
      .bind(each.source)
      .bind(each.host)
      .bind(each.due)
      .bind(each.found_at)
      .bind(each.attempts)
      .bind(each.link.title);
  query.bind(each.link.published_at).bind(to_line(reach));
}

}  // namespace

const std::string& identity_of(const FrontierLink& link) {
  return link.identity.empty() ? link.link.url : link.identity;
}

Result<std::vector<FrontierLink>> SqliteStore::due_links(const std::string& source, Time now, int limit) {
  Query query = db_->query("SELECT " TINGCHAO_LINK_COLUMNS
                           " FROM links WHERE source=?1 AND done=0 AND due<=?2 AND lease_until<=?2 "
                           "ORDER BY due, url LIMIT ?3");
  query.bind(source).bind(now).bind(limit);
  return read_links(query, source);
}

Result<std::vector<FrontierLink>> SqliteStore::take_links(const std::string& source, Time now,
                                                          Time lease_until, int limit) {
  Query query = db_->query(
      "UPDATE links SET lease_until=?4 WHERE url IN (SELECT url FROM links WHERE source=?1 AND done=0 AND "
      "due<=?2 AND lease_until<=?2 ORDER BY due, url LIMIT ?3) RETURNING " TINGCHAO_LINK_COLUMNS);
  query.bind(source).bind(now).bind(limit).bind(lease_until);
  auto links = read_links(query, source);
  if (links)
    std::sort(links->begin(), links->end(), [](const FrontierLink& a, const FrontierLink& b) {
      return a.due != b.due ? a.due < b.due : a.identity < b.identity;
    });
  return links;
}

Result<void> SqliteStore::write_links(const Batch& batch) {
  for (const FrontierLink& each : batch.links_found) {
    Query insert = db_->query(
        "INSERT OR IGNORE INTO links(url, address, source, host, due, found_at, attempts, title, "
        "published_at, "
        "reach, done) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)");
    bind_link(insert, each);
    if (auto done = insert.run(); !done) return done;
  }
  for (const std::string& url : batch.links_done) {
    Query update = db_->query("UPDATE links SET done=1, lease_until=0 WHERE url=?1");
    if (auto done = update.bind(url).run(); !done) return done;
  }
  for (const FrontierLink& each : batch.links_later) {
    Query upsert = db_->query(
        "INSERT INTO links(url, address, source, host, due, found_at, attempts, title, published_at, reach, "
        "done) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0) "
        "ON CONFLICT(url) DO UPDATE SET due=excluded.due, attempts=excluded.attempts, reach=excluded.reach, "
        "host=excluded.host, lease_until=0, done=0");
    bind_link(upsert, each);
    if (auto done = upsert.run(); !done) return done;
  }
  for (const auto& [url, validators] : batch.validators) {
    Query upsert = db_->query(
        "INSERT INTO validators(url, etag, last_modified) VALUES (?1, ?2, ?3) "
        "ON CONFLICT(url) DO UPDATE SET etag=excluded.etag, last_modified=excluded.last_modified");
    if (auto done = upsert.bind(url).bind(validators.etag).bind(validators.last_modified).run(); !done)
      return done;
  }
  return {};
}

Result<void> SqliteStore::write_hosts(const Batch& batch) {
  for (const HostMemory& h : batch.hosts) {
    Query upsert = db_->query(
        "INSERT OR REPLACE INTO hosts(host, last_request, latency_ms, delay_ms, crawl_delay_ms, rests_until, "
        "rests_why, times_later, times_silent, address, robots) "
        "VALUES (?1, ?2, ?3, ?4, nullif(?5, -1), ?6, ?7, ?8, ?9, ?10, ?11)");
    upsert.bind(h.host).bind(h.last_request).bind(h.latency.count()).bind(h.delay.count());
    upsert.bind(h.crawl_delay ? static_cast<long>(h.crawl_delay->count()) : -1L);
    upsert.bind(h.rests_until).bind(h.rests_why).bind(h.times_later).bind(h.times_silent);
    if (auto done = upsert.bind(h.address).bind(h.robots).run(); !done) return done;
  }
  for (const RobotsCopy& r : batch.robots) {
    std::string packed(ZSTD_compressBound(r.body.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), r.body.data(), r.body.size(), robots_level));
    Query upsert = db_->query(
        "INSERT OR REPLACE INTO robots(origin, state, body, body_bytes, read_at, valid_until, failures, why, "
        "mend) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    upsert.bind(r.origin).bind(static_cast<int>(r.state)).bind_blob(packed);
    upsert.bind(static_cast<long>(r.body.size())).bind(r.read_at).bind(r.valid_until).bind(r.failures);
    if (auto done = upsert.bind(r.why.detail).bind(r.why.mend).run(); !done) return done;
  }
  return {};
}

Result<std::vector<HostMemory>> SqliteStore::hosts(int limit, bool count_links) {
  Query query = db_->query(
      "SELECT host, last_request, latency_ms, delay_ms, coalesce(crawl_delay_ms, -1), rests_until, "
      "rests_why, "
      "times_later, times_silent, address, robots, CASE WHEN ?2 THEN (SELECT count(*) FROM links WHERE "
      "links.host=hosts.host AND done=0) ELSE 0 END FROM hosts ORDER BY last_request DESC LIMIT ?1");
  query.bind(limit).bind(count_links);
  std::vector<HostMemory> all;
  while (query.next()) {
    HostMemory& h = all.emplace_back();
    h.host = query.text();
    h.last_request = query.time();
    h.latency = std::chrono::milliseconds(query.number());
    h.delay = std::chrono::milliseconds(query.number());
    if (const long delay = query.number(); delay >= 0) h.crawl_delay = std::chrono::milliseconds(delay);
    h.rests_until = query.maybe_time();
    h.rests_why = query.text();
    h.times_later = static_cast<int>(query.number());
    h.times_silent = static_cast<int>(query.number());
    h.address = query.text();
    h.robots = query.text();
    h.links_waiting = query.number();
  }
  if (query.error()) return *query.error();
  return all;
}

Result<std::vector<RobotsCopy>> SqliteStore::robots(int limit) {
  Query query = db_->query(
      "SELECT origin, state, body, body_bytes, read_at, valid_until, failures, why, mend FROM robots "
      "ORDER BY valid_until DESC LIMIT ?1");
  query.bind(limit);
  std::vector<RobotsCopy> all;
  while (query.next()) {
    RobotsCopy r;
    r.origin = query.text();
    r.state = static_cast<RobotsCopy::State>(std::clamp(query.number(), 0L, 2L));
    const std::string packed = query.text();
    r.body.resize(static_cast<std::size_t>(std::clamp(query.number(), 0L, robots_bytes_max)));
    const std::size_t got = ZSTD_decompress(r.body.data(), r.body.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) || got != r.body.size())
      return Error{Errc::store, "the robots.txt of " + r.origin + " cannot be read back",
                   "run `tingchao doctor`"};
    r.read_at = query.time();
    r.valid_until = query.time();
    r.failures = static_cast<int>(query.number());
    r.why = {Errc::refused, query.text(), ""};
    r.why.mend = query.text();
    all.push_back(std::move(r));
  }
  if (query.error()) return *query.error();
  return all;
}

}  // namespace tingchao::store
