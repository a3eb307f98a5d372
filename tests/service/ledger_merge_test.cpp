// Stories that turn out to be one, and what the ledger makes durable of their warnings.
#include <catch2/catch.hpp>

#include <algorithm>

#include "alerting/warn/joining.h"
#include "service/ledger.h"
#include "service/resources.h"
#include "tests/service/grave_harvest.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using namespace tingchao::service;
using std::chrono::minutes;

namespace {

const Time noon = *parse_time("2026-11-01T12:00:00+08:00");

Harvest harvest_of(const std::string& title, const std::vector<std::string>& words, Time at) {
  return tests::harvest_of(title, words, at, at);
}

const std::vector<std::string> some{"腹泻", "午餐", "学生", "送医"}, others{"中毒", "晚饭", "家长", "报警", "school:一中"};

std::vector<std::string> both() {
  std::vector<std::string> all = some;
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

alerting::Book book() {
  alerting::Book book;
  book.channels.push_back({.id = "files", .kind = alerting::Channel::Kind::spool, .host = {}, .directory = "/nowhere"});
  alerting::Recipient recipient;
  recipient.name = "王敏";
  recipient.channel = "files";
  recipient.address = "wang@example.cn";
  book.recipients.push_back(recipient);
  return book;
}

struct Room {
  explicit Room(const std::string& path = "t.db") : store(std::move(*store::open(directory / path))) { restart(noon); }

  void restart(Time at) {
    ledger = std::make_unique<Ledger>(*store, measure, book());
    REQUIRE(ledger->resume(at));
  }
  std::vector<Warning> open() const { return *store->open_warnings(); }
  void act(const Warning& warning, alerting::Action action, Time at) {
    auto changed = alerting::apply(warning, action, at, measure.get());
    REQUIRE(changed);
    store::Batch batch;
    batch.warnings.push_back({changed->warning, changed->change, {}});
    REQUIRE(store->commit(batch));
  }

  tests::TemporaryDirectory directory;
  std::shared_ptr<const alerting::Measure> measure =
      *alerting::parse_measure(*resource("rules/measure.yaml"), "rules/measure.yaml");
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Ledger> ledger;
};

long audit_rows(store::Store& store, const std::string& subject, const std::string& action) {
  return static_cast<long>(store.audit_entries({.actor = {}, .subject = subject, .action = action})->size());
}

}  // namespace

TEST_CASE("two warnings of stories that become one become one, with the merge", "[service][ledger][merge]") {
  Room room;
  REQUIRE(room.ledger->admit(harvest_of("一", some, noon), noon));
  REQUIRE(room.ledger->admit(harvest_of("一续", some, noon), noon));
  REQUIRE(room.ledger->admit(harvest_of("二", others, noon + minutes{1}), noon + minutes{1}));
  auto open = room.open();
  REQUIRE(open.size() == 2);
  REQUIRE(open[0].story != open[1].story);
  std::sort(open.begin(), open.end(), [](const Warning& a, const Warning& b) { return a.raised_at < b.raised_at; });
  const Warning older = open[0], newer = open[1];
  room.act(newer, {alerting::Action{WarningEvent::acknowledged, "王敏", {}, {}, {}, {}, {}, {}}}, noon + minutes{2});

  std::vector<alerting::Raised> raised;
  int deliveries = 0;
  for (int i = 0; i < 6; ++i) {
    const Time at = noon + minutes{3 + 11 * i};
    const auto admitted = room.ledger->admit(harvest_of("桥" + std::to_string(i), both(), at), at);
    REQUIRE(admitted);
    raised.insert(raised.end(), admitted->raised.begin(), admitted->raised.end());
    if (room.open().size() == 1 && deliveries == 0) deliveries = admitted->deliveries;
  }
  open = room.open();
  REQUIRE(open.size() == 1);
  const std::string gone_id = open[0].id == older.id ? newer.id : older.id;
  const Warning gone = **room.store->warning(gone_id);
  CHECK(gone.state == WarningState::closed);
  CHECK(gone.verdict == "duplicate");
  CHECK(gone.merged_into == open[0].id);
  CHECK(gone.story == open[0].story);
  CHECK(open[0].state == WarningState::acknowledged);  // the person's word is kept
  CHECK(audit_rows(*room.store, gone_id, "warning.closed") == 1);
  CHECK(audit_rows(*room.store, open[0].id, "warning.merged") == 1);
  CHECK(room.store->verify_audit()->why.empty());
  const auto merged = std::find_if(raised.begin(), raised.end(),
                                   [](const auto& each) { return each.change.event == WarningEvent::merged; });
  REQUIRE(merged != raised.end());
  CHECK(alerting::leads(merged->warning, gone));  // graver, or as grave and older
  CHECK(merged->change.note.find(gone_id) != std::string::npos);
  // One message, about the one that goes on; none about the other.
  long told_of_merge = 0, told_of_close = 0;
  const auto told = room.store->deliveries(std::nullopt, 1000);
  REQUIRE(told);
  for (const Delivery& each : *told) {
    told_of_merge += each.warning == open[0].id && each.seq == merged->change.seq;
    told_of_close += each.warning == gone_id && each.seq == gone.changes;
  }
  CHECK(told_of_merge == 1);
  CHECK(told_of_close == 0);
  // The history of both is whole, and a restart changes nothing.
  room.restart(noon + minutes{90});
  REQUIRE(room.ledger->tick(noon + minutes{90}));
  CHECK(room.open().size() == 1);
  CHECK((*room.store->warning(gone_id))->changes == gone.changes);
}

TEST_CASE("what two stories are together is judged when they become one, without another document",
          "[service][ledger][merge]") {
  Room room;
  for (int i = 0; i < 3; ++i) {
    const Time at = noon + minutes{i};
    REQUIRE(room.ledger->admit(harvest_of("一" + std::to_string(i), some, at), at));
    REQUIRE(room.ledger->admit(harvest_of("二" + std::to_string(i), others, at), at));
  }
  const auto gravest = [&] {
    int rank = 9;
    for (const Warning& each : room.open()) rank = std::min(rank, each.level.rank);
    return rank;
  };
  REQUIRE(room.open().size() == 2);
  // Neither has the five sources that level Ⅱ asks for.
  const Time at = noon + minutes{30};
  REQUIRE(room.ledger->admit(harvest_of("桥", both(), at), at));
  REQUIRE(room.open().size() == 2);
  REQUIRE(gravest() == 3);
  REQUIRE(room.ledger->tick(at + minutes{21}));
  REQUIRE(room.open().size() == 1);
  CHECK(gravest() == 2);
}

TEST_CASE("two open warnings of one story that a store holds become one with the first tick",
          "[service][ledger][merge][restart]") {
  Room room;
  REQUIRE(room.ledger->admit(harvest_of("一", some, noon), noon));
  REQUIRE(room.ledger->admit(harvest_of("二", others, noon + minutes{1}), noon + minutes{1}));
  REQUIRE(room.ledger->tick(noon + minutes{25}));  // settled
  const auto open = room.open();
  REQUIRE(open.size() == 2);
  const bool first_is_older = open[0].raised_at < open[1].raised_at;
  const Warning &older = open[first_is_older ? 0 : 1], &newer = open[first_is_older ? 1 : 0];
  // As a version before this one left it: the stories merged, the warnings two.
  store::Batch batch;
  batch.merges.push_back({newer.story, older.story, noon + minutes{26}});
  Story story = **room.store->story(older.story);
  story.merged.push_back(newer.story);
  batch.stories.push_back(story);
  REQUIRE(room.store->commit(batch));
  room.restart(noon + minutes{27});
  const auto ticked = room.ledger->tick(noon + minutes{27});
  REQUIRE(ticked);
  REQUIRE(ticked->raised.size() == 2);
  REQUIRE(room.open().size() == 1);
  CHECK(room.open()[0].id == older.id);
  CHECK((*room.store->warning(newer.id))->merged_into == older.id);
  REQUIRE(room.ledger->tick(noon + minutes{28}));
  CHECK((*room.store->warning(older.id))->changes == older.changes + 1);

  SECTION("one that a person opens again stays beside the other, across restarts") {
    room.act(**room.store->warning(newer.id), {WarningEvent::reopened, "王敏", "不是一回事", {}, {}, {}, {}, {}},
             noon + minutes{29});
    REQUIRE(room.ledger->tick(noon + minutes{30}));
    CHECK(room.open().size() == 2);
    room.restart(noon + minutes{31});
    REQUIRE(room.ledger->tick(noon + minutes{31}));
    CHECK(room.open().size() == 2);
  }
}

TEST_CASE("a matter that slept for weeks comes back under its id, also after a restart", "[service][ledger][restart]") {
  const bool restarts = GENERATE(true, false);
  CAPTURE(restarts);
  Room room;
  REQUIRE(room.ledger->admit(harvest_of("二", others, noon), noon));
  const Warning raised = room.open().at(0);
  for (const WarningEvent event : {WarningEvent::acknowledged, WarningEvent::responded, WarningEvent::closed})
    room.act(**room.store->warning(raised.id),
             {event, "王敏", "已核", {}, "https://example.gov.cn/1", {}, "handled", {}}, noon + minutes{30});
  REQUIRE(room.ledger->tick(noon + minutes{31}));
  REQUIRE(room.open().empty());
  // Days later something else happens, and then the same again.
  const Time between = noon + std::chrono::days{10}, back = noon + std::chrono::days{30};
  REQUIRE(room.ledger->admit(harvest_of("三", {"操场", "school:二小"}, between), between));
  if (restarts) room.restart(back);
  const auto admitted = room.ledger->admit(harvest_of("又二", others, back), back);
  REQUIRE(admitted);
  REQUIRE(admitted->raised.size() == 1);
  const alerting::Raised& again = admitted->raised[0];
  CHECK(again.change.event == WarningEvent::reopened);
  CHECK(again.warning.id == raised.id);
  CHECK(again.warning.story == raised.story);
  CHECK(again.change.note.find("以“已办理”办结；沉寂 30 天后复发") != std::string::npos);
  for (const Clock& clock : again.warning.clocks) CHECK((!clock.met_at && clock.started == back));
  const Story story = **room.store->story(raised.story);
  CHECK(story.documents == 1);
  CHECK(story.slept_at == noon);
  // The document before and the document since are both the story's.
  CHECK(room.store->documents_of(raised.story)->size() == 2);
  // And the next restart finds the wave as it is.
  room.restart(back + minutes{5});
  const auto next = room.ledger->admit(harvest_of("又二续", others, back + minutes{6}), back + minutes{6});
  REQUIRE(next);
  CHECK(std::none_of(next->raised.begin(), next->raised.end(), [](const alerting::Raised& each) {
    return each.change.event == WarningEvent::reopened || each.change.event == WarningEvent::returned;
  }));
  CHECK((*room.store->story(raised.story))->documents == 2);
}
