// The outbox: rows are taken under a lease, so that a process that dies while sending loses nothing.
#include <algorithm>

#include "store/sqlite/sqlite_store.h"

namespace tingchao::store {
namespace {

#define TINGCHAO_DELIVERY_COLUMNS                                                                       \
  "id, key, warning, seq, stream, channel, recipient, level_rank, subject, body, message_id, created, " \
  "not_before, attempts, "                                                                              \
  "state, answer, sent_at"

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

}  // namespace

Result<std::vector<Delivery>> SqliteStore::take_due(Time now, Time lease_until, int limit) {
  {  // most of the time nothing is due, and looking costs no write
    Query any = db_->query(
        "SELECT 1 FROM deliveries WHERE (state='waiting' AND not_before<=?1) OR (state='sending' AND "
        "lease_until<=?1) LIMIT 1");
    const bool found = any.bind(now).next();
    if (any.error()) return *any.error();
    if (!found) return std::vector<Delivery>{};
  }
  Transaction transaction(*db_);
  if (auto begun = transaction.begin(); !begun) return begun.error();
  std::vector<Delivery> taken;
  {
    Query query = db_->query(
        "UPDATE deliveries SET state='sending', lease_until=?2 WHERE id IN (SELECT id FROM deliveries WHERE "
        "(state='waiting' AND not_before<=?1) OR (state='sending' AND lease_until<=?1) ORDER BY "
        "level_rank=0, level_rank, id "
        "LIMIT ?3) RETURNING " TINGCHAO_DELIVERY_COLUMNS);
    query.bind(now).bind(lease_until).bind(limit);
    auto read = read_deliveries(query);
    if (!read) return read.error();
    taken = std::move(*read);
  }
  if (auto done = transaction.commit(); !done) return done.error();
  // The gravest first; what has no level (digests, notices) last; else as they came.
  std::sort(taken.begin(), taken.end(), [](const Delivery& a, const Delivery& b) {
    const int rank_a = a.level_rank == 0 ? 99 : a.level_rank, rank_b = b.level_rank == 0 ? 99 : b.level_rank;
    return rank_a != rank_b ? rank_a < rank_b : a.id < b.id;
  });
  return taken;
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
