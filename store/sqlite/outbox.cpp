// The outbox: rows are taken under a lease, so that a process that dies while sending loses nothing.
#include <algorithm>

#include <boost/json.hpp>

#include "store/sqlite/sqlite_store.h"

namespace tingchao::store {
namespace {

#define TINGCHAO_DELIVERY_COLUMNS                                                                       \
  "id, key, warning, seq, stream, channel, recipient, level_rank, subject, body, message_id, created, " \
  "not_before, attempts, "                                                                              \
  "state, answer, sent_at"

// The warning was closed or dismissed after this message of it.
#define TINGCHAO_WARNING_ENDED_SINCE                                                                              \
  "EXISTS (SELECT 1 FROM warning_changes later WHERE later.warning=deliveries.warning AND later.seq>deliveries.seq " \
  "AND json_extract(later.change, '$.event') IN ('closed', 'dismissed'))"

Delivery read_delivery(Query& row) {
  Delivery d;
  d.id = row.number();
  d.key = row.text();
  d.warning = row.text();
  d.seq = static_cast<int>(row.number());
  d.stream = row.text();
  d.channel = row.text();
  d.recipient = row.text();
  d.level_rank = static_cast<int>(row.number());
  d.subject = row.text();
  d.body = row.text();
  d.message_id = row.text();
  d.created = row.time();
  d.not_before = row.time();
  d.attempts = static_cast<int>(row.number());
  d.state = delivery_state(row.text()).value_or(DeliveryState::waiting);
  d.answer = row.text();
  d.sent_at = row.maybe_time();
  return d;
}

Result<std::vector<Delivery>> read_deliveries(Query& query) {
  std::vector<Delivery> all;
  while (query.next()) all.push_back(read_delivery(query));
  if (query.error()) return *query.error();
  return all;
}

// Which of the due ones: those of one channel, or of all but those in a JSON list.
struct Share {
  std::string channel;
  std::string excluded = "[]";
  int rank_max = 0;  // 0: any
  int limit = 0;
};

Result<void> take_share(Connection& db, const Share& share, Time now, Time lease_until, std::vector<Delivery>& taken) {
  if (share.limit <= 0) return {};
  Query query = db.query(
      "UPDATE deliveries SET state='sending', lease_until=?2 WHERE id IN (SELECT id FROM deliveries WHERE "
      "((state='waiting' AND not_before<=?1) OR (state='sending' AND lease_until<=?1)) "
      "AND (?4='' OR channel=?4) AND channel NOT IN (SELECT value FROM json_each(?5)) "
      "AND (?6=0 OR level_rank BETWEEN 1 AND ?6) ORDER BY level_rank=0, level_rank, id LIMIT ?3) "
      "RETURNING " TINGCHAO_DELIVERY_COLUMNS);
  query.bind(now).bind(lease_until).bind(share.limit).bind(share.channel).bind(share.excluded).bind(share.rank_max);
  auto read = read_deliveries(query);
  if (!read) return read.error();
  for (Delivery& each : *read) taken.push_back(std::move(each));
  return {};
}

Result<void> note_calls(Connection& db, const std::string& channel, Time now, std::size_t calls) {
  constexpr Seconds kept = std::chrono::hours{1};
  if (calls == 0) return {};
  Query old = db.query("DELETE FROM channel_calls WHERE channel=?1 AND (at<?2 OR at>?3)");
  if (auto done = old.bind(channel).bind(now - kept).bind(now + kept).run(); !done) return done;
  for (std::size_t call = 0; call < calls; ++call) {
    Query insert = db.query("INSERT INTO channel_calls(channel, at) VALUES (?1, ?2)");
    if (auto done = insert.bind(channel).bind(now).run(); !done) return done;
  }
  return {};
}

Result<void> drop_superseded(Connection& db, Time late) {
  Query drop = db.query(
      "UPDATE deliveries SET state='dropped', answer='后来的消息已包含其内容' WHERE state='waiting' AND warning<>'' "
      "AND (attempts>0 OR created<?1) AND EXISTS (SELECT 1 FROM deliveries later WHERE "
      "later.warning=deliveries.warning AND later.channel=deliveries.channel AND "
      "later.recipient=deliveries.recipient AND later.seq>deliveries.seq AND later.state='waiting')");
  return drop.bind(late).run();
}

// What was waiting went with the commit that closed the warning; this is for what was being sent then.
Result<void> drop_of_closed(Connection& db, Time now, int kept_rank) {
  Query drop = db.query(
      "UPDATE deliveries SET state='dropped', answer='预警已办结或排除，不再重试' WHERE "
      "((state='waiting' AND not_before<=?1) OR (state='sending' AND lease_until<=?1)) AND warning<>'' AND "
      "level_rank>?2 AND " TINGCHAO_WARNING_ENDED_SINCE);
  return drop.bind(now).bind(kept_rank).run();
}

}  // namespace

Result<std::vector<Delivery>> SqliteStore::take_due(Time now, Time lease_until, int limit,
                                                    const TakeLimits& limits) {
  Transaction transaction(*db_);
  if (auto begun = transaction.begin(); !begun) return begun.error();
  if (limits.late)
    if (auto dropped = drop_superseded(*db_, *limits.late); !dropped) return dropped.error();
  if (auto dropped = drop_of_closed(*db_, now, limits.kept_rank); !dropped) return dropped.error();
  std::vector<Delivery> taken;
  boost::json::array limited;
  for (const ChannelRoom& room : limits.rooms) limited.emplace_back(room.channel);
  const Share free{.channel = "", .excluded = boost::json::serialize(limited), .limit = limit};
  if (auto done = take_share(*db_, free, now, lease_until, taken); !done) return done.error();
  for (const ChannelRoom& room : limits.rooms) {
    const std::size_t before = taken.size();
    const Share grave{.channel = room.channel, .rank_max = 2, .limit = std::min(limit, room.grave)};
    if (auto done = take_share(*db_, grave, now, lease_until, taken); !done) return done.error();
    const int left = room.any - static_cast<int>(taken.size() - before);
    const Share rest{.channel = room.channel, .limit = std::clamp(left, 0, limit)};
    if (auto done = take_share(*db_, rest, now, lease_until, taken); !done) return done.error();
    if (auto noted = note_calls(*db_, room.channel, now, taken.size() - before); !noted) return noted.error();
  }
  if (auto done = transaction.commit(); !done) return done.error();
  // The gravest first; what has no level (digests, notices) last; else as they came.
  std::sort(taken.begin(), taken.end(), [](const Delivery& a, const Delivery& b) {
    const int rank_a = a.level_rank == 0 ? 99 : a.level_rank, rank_b = b.level_rank == 0 ? 99 : b.level_rank;
    return rank_a != rank_b ? rank_a < rank_b : a.id < b.id;
  });
  return taken;
}

Result<Store::OutboxState> SqliteStore::outbox_state(Time now) {
  OutboxState state;
  Query due = db_->query(
      "SELECT DISTINCT channel FROM deliveries WHERE (state='waiting' AND not_before<=?1) OR (state='sending' AND "
      "lease_until<=?1)");
  due.bind(now);
  while (due.next()) state.due.push_back(due.text());
  if (due.error()) return *due.error();
  if (!state.due.empty()) return state;
  Query next = db_->query(
      "SELECT min(at) FROM (SELECT min(not_before) AS at FROM deliveries WHERE state='waiting' UNION ALL "
      "SELECT min(lease_until) FROM deliveries WHERE state='sending')");
  if (next.next()) state.next = next.maybe_time();
  if (next.error()) return *next.error();
  return state;
}

Result<long> SqliteStore::changes_of_others() {
  Query version = db_->query("PRAGMA data_version");
  const long number = version.next() ? version.number() : 0;
  if (version.error()) return *version.error();
  return number;
}

Result<std::vector<Time>> SqliteStore::channel_calls(const std::string& channel, Time since) {
  Query query = db_->query("SELECT at FROM channel_calls WHERE channel=?1 AND at>?2");
  query.bind(channel).bind(since);
  std::vector<Time> calls;
  while (query.next()) calls.push_back(query.time());
  if (query.error()) return *query.error();
  return calls;
}

Result<std::vector<Delivery>> SqliteStore::backlog(const std::string& channel, Time now, int limit) {
  Query query = db_->query("SELECT " TINGCHAO_DELIVERY_COLUMNS
                           " FROM deliveries WHERE channel=?1 AND state='waiting' AND level_rank>=3 AND not_before<=?2 "
                           "AND stream='opinion' AND key NOT LIKE 'merge:%' AND NOT " TINGCHAO_WARNING_ENDED_SINCE
                           " ORDER BY id LIMIT ?3");
  query.bind(channel).bind(now).bind(limit);
  return read_deliveries(query);
}

Result<std::vector<Store::ChannelState>> SqliteStore::channel_states(Time now) {
  Query query = db_->query(
      "SELECT channel, max(CASE WHEN state='sent' THEN sent_at END), sum(state IN ('waiting','sending')), "
      "sum(state='dead' AND created>?1) FROM deliveries GROUP BY channel ORDER BY channel");
  query.bind(now - std::chrono::hours{24 * 7});
  std::vector<ChannelState> states;
  while (query.next()) {
    ChannelState state;
    state.channel = query.text();
    state.last_sent = query.maybe_time();
    state.waiting = query.number();
    state.dead = query.number();
    states.push_back(std::move(state));
  }
  if (query.error()) return *query.error();
  return states;
}

Result<void> SqliteStore::record(const Delivery& delivery) {
  Query update = db_->query(
      "UPDATE deliveries SET state=?2, attempts=?3, answer=?4, not_before=?5, sent_at=?6, lease_until=0 "
      "WHERE id=?1");
  return update.bind(delivery.id)
      .bind(name(delivery.state))
      .bind(delivery.attempts)
      .bind(delivery.answer)
      .bind(delivery.not_before)
      .bind(delivery.sent_at)
      .run();
}

Result<std::vector<Delivery>> SqliteStore::deliveries(std::optional<DeliveryState> state, int limit) {
  Query query = db_->query("SELECT " TINGCHAO_DELIVERY_COLUMNS
                           " FROM deliveries WHERE ?1='' OR state=?1 ORDER BY id DESC LIMIT ?2");
  query.bind(state ? name(*state) : "").bind(limit);
  return read_deliveries(query);
}

}  // namespace tingchao::store
