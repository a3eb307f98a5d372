// What the store knows of messages: who takes them, under which lease, and what is not sent any more.
#include <catch2/catch.hpp>

#include <algorithm>

#include <unistd.h>

#include "tests/store/rows.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using namespace tingchao::tests;

TEST_CASE("the outbox gives each message once, and again when its lease runs out", "[store][outbox]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  for (const int rank : {4, 1, 0}) {
    Delivery delivery;
    delivery.key = "k" + std::to_string(rank);
    delivery.level_rank = rank;
    delivery.message_id = "<" + delivery.key + "@x>";
    delivery.created = delivery.not_before = noon;
    batch.deliveries.push_back(delivery);
  }
  REQUIRE(store->commit(batch));
  REQUIRE(store->commit(batch));  // the same keys: nothing new
  CHECK(store->take_due(noon - Seconds{1}, noon, 10, {})->empty());
  auto taken = store->take_due(noon, noon + Seconds{60}, 10, {});
  REQUIRE(taken);
  REQUIRE(taken->size() == 3);
  CHECK(taken->at(0).key == "k1");
  CHECK(taken->at(2).key == "k0");
  CHECK(store->take_due(noon + Seconds{59}, noon + Seconds{90}, 10, {})->empty());
  taken->at(0).state = DeliveryState::sent;
  taken->at(0).sent_at = noon;
  REQUIRE(store->record(taken->at(0)));
  const auto again = store->take_due(noon + Seconds{60}, noon + Seconds{120}, 10, {});
  REQUIRE(again);
  CHECK(again->size() == 2);
  CHECK(again->at(0).message_id == "<k4@x>");
  CHECK(store->deliveries(DeliveryState::sent, 10)->size() == 1);
}

TEST_CASE("the outbox tells which channels have something due, else when the next one will",
          "[store][outbox]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  CHECK(store->outbox_state(noon)->due.empty());
  CHECK_FALSE(store->outbox_state(noon)->next);
  store::Batch batch;
  for (const char* key : {"k1", "k2", "k3"}) {
    Delivery& each = batch.deliveries.emplace_back();
    each.key = key;
    each.channel = "mail";
    each.created = each.not_before = noon;
  }
  batch.deliveries[2].channel = "group";
  batch.deliveries[2].not_before = noon + Seconds{100};
  REQUIRE(store->commit(batch));
  CHECK(*store->outbox_state(noon - Seconds{1})->next == noon);
  CHECK(store->outbox_state(noon)->due == std::vector<std::string>{"mail"});
  CHECK(store->outbox_state(noon + Seconds{100})->due.size() == 2);
  REQUIRE(store->take_due(noon, noon + Seconds{60}, 10, {})->size() == 2);
  CHECK(*store->outbox_state(noon)->next == noon + Seconds{60});  // the leases run out first
}

TEST_CASE("what waits of a warning that ends is dropped with the change, and the trail says why", "[store][outbox]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  const auto message = [](const std::string& warning, int seq, int rank) {
    Delivery each;
    each.warning = warning;
    each.seq = seq;
    each.key = warning + std::to_string(seq) + std::to_string(rank);
    each.channel = "group";
    each.recipient = "r" + std::to_string(rank);
    each.level_rank = rank;
    each.created = noon;
    each.not_before = noon + Seconds{3600};  // quiet hours
    return each;
  };
  store::Batch raise;
  raise.warnings = {warning_row("w", 1, 0), warning_row("other", 1, 0)};
  raise.deliveries = {message("w", 1, 2), message("w", 1, 3), message("w", 1, 4), message("other", 1, 3)};
  raise.deliveries.push_back(message("w", 1, 5));
  raise.deliveries.back().not_before = noon;  // goes out at once, and is on its way when the warning is closed
  REQUIRE(store->commit(raise));
  auto on_its_way = *store->take_due(noon, noon + Seconds{60}, 10, {});
  REQUIRE(on_its_way.size() == 1);

  store::Batch close;
  close.warnings = {warning_row("w", 2, 1)};
  close.warnings[0].warning.state = WarningState::closed;
  close.warnings[0].change.event = WarningEvent::closed;
  close.warnings[0].change.actor = "王敏";
  close.warnings[0].drop_why = "预警已办结（误报），此前的消息不再发送";
  close.deliveries = {message("w", 2, 3)};  // tells of the closing
  REQUIRE(store->commit(close));
  const auto keys = [&](DeliveryState state) {
    std::vector<std::string> all;
    const auto deliveries = store->deliveries(state, 100);
    for (const Delivery& each : *deliveries) all.push_back(each.key);
    std::sort(all.begin(), all.end());
    return all;
  };
  CHECK(keys(DeliveryState::dropped) == std::vector<std::string>{"w13", "w14"});
  CHECK(keys(DeliveryState::waiting) == std::vector<std::string>{"other13", "w12", "w23"});
  const auto dropped = store->deliveries(DeliveryState::dropped, 100);
  for (const Delivery& each : *dropped) CHECK(each.answer == close.warnings[0].drop_why);
  const store::AuditRow row = store->audits(1)->at(0);
  CHECK(row.action == "delivery.dropped");
  CHECK(row.actor == "王敏");
  CHECK(row.subject == "w");
  CHECK(row.note == "2 条消息未发出：" + close.warnings[0].drop_why);
  CHECK_FALSE(store->verify_audit()->broken);
  CHECK(store->verify_audit()->why.empty());

  // What was on its way failed: it is neither merged with others nor tried again.
  on_its_way[0].state = DeliveryState::waiting;
  on_its_way[0].attempts = 1;
  REQUIRE(store->record(on_its_way[0]));
  const Time later = noon + Seconds{3600};
  const auto backlog = store->backlog("group", later, 100);
  CHECK(backlog->size() == 2);  // the closing and the other warning's
  for (const Delivery& each : *backlog) CHECK(each.key != "w15");
  store::Store::TakeLimits limits;
  SECTION("with levels Ⅰ and Ⅱ urgent") {
    const auto taken = store->take_due(later, later + Seconds{60}, 10, limits);
    REQUIRE(taken);
    CHECK(taken->size() == 3);  // the urgent one, the closing, the other warning's
    CHECK(keys(DeliveryState::dropped) == std::vector<std::string>{"w13", "w14", "w15"});
    // The closing stays due when it fails and when the process dies; a remark after it changes nothing.
    store::Batch remark;
    remark.warnings = {warning_row("w", 3, 2)};
    remark.warnings[0].warning.state = WarningState::closed;
    remark.warnings[0].change.event = WarningEvent::commented;
    REQUIRE(store->commit(remark));
    CHECK(store->take_due(later + Seconds{60}, later + Seconds{90}, 10, limits)->size() == 3);
  }
  SECTION("with all levels urgent nothing more is dropped") {
    limits.kept_rank = 9;
    CHECK(store->take_due(later, later + Seconds{60}, 10, limits)->size() == 4);
    CHECK(keys(DeliveryState::dropped) == std::vector<std::string>{"w13", "w14"});
  }
}

TEST_CASE("changes of another connection are seen, one's own are not", "[store][outbox]") {
  TemporaryDirectory directory;
  auto mine = open_at(directory / "t.db"), other = open_at(directory / "t.db");
  const long before = *mine->changes_of_others();
  store::Batch batch;
  batch.notes.emplace_back("a", "1");
  REQUIRE(mine->commit(batch));
  CHECK(*mine->changes_of_others() == before);
  batch.notes.front().second = "2";
  REQUIRE(other->commit(batch));
  const long after = *mine->changes_of_others();
  CHECK(after != before);
  CHECK(*mine->changes_of_others() == after);
}

TEST_CASE("a claim is exclusive and gives back what was being sent", "[store][outbox]") {
  TemporaryDirectory directory;
  auto first = open_at(directory / "t.db");
  REQUIRE(first->claim());
  auto second = open_at(directory / "t.db");
  const auto refused = second->claim();
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().detail, Catch::Contains(std::to_string(::getpid())));
  store::Batch batch;
  batch.deliveries.emplace_back();
  batch.deliveries[0].key = "k";
  batch.deliveries[0].not_before = noon;
  REQUIRE(first->commit(batch));
  CHECK(first->take_due(noon, noon + Seconds{3600}, 1, {})->size() == 1);
  first.reset();
  REQUIRE(second->claim());
  CHECK(second->take_due(noon, noon + Seconds{3600}, 1, {})->size() == 1);
}
