// Harvests that wait for one commit share the next; each gets its own answer, in order, and a lone one does not wait.
#include <catch2/catch.hpp>

#include <boost/asio/thread_pool.hpp>

#include "core/hash.h"
#include "net/supervise.h"
#include "service/admissions.h"
#include "service/resources.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using namespace tingchao::service;
namespace asio = boost::asio;

namespace {

Harvest harvest_of(int n) {
  Harvest harvest;
  auto& [document, analysis] = harvest.documents.emplace_back();
  document.url = "http://a.example/" + std::to_string(n);
  document.id = stable_id(document.url);
  document.source = "news";
  document.title = "第" + std::to_string(n) + "号通知";
  document.body = "食堂改造工程今天开工，编号" + std::to_string(n) + "。";
  document.fetched_at = *parse_time("2026-11-26T12:00:00+08:00");
  Page page;
  page.url = document.url;
  page.body = document.body;
  page.fetched_at = document.fetched_at;
  harvest.page = store::pack(page);
  document.snapshot_hash = harvest.page->hash;
  return harvest;
}

struct Answer {
  bool taken = false;
  int documents_new = -1;
};

asio::awaitable<void> admit(Admissions& admissions, int n, Answer& answer) {
  Harvest harvest = harvest_of(n);
  auto admitted = co_await admissions.admit(std::move(harvest));
  answer.taken = admitted.has_value();
  if (admitted) answer.documents_new = admitted->documents_new;
}

struct Town {
  tests::TemporaryDirectory directory;
  asio::io_context io{1};
  asio::thread_pool ledger_thread{1};
  WallClock clock;
  std::unique_ptr<store::Store> store = std::move(*store::open(directory / "t.db"));
  std::shared_ptr<const alerting::Measure> measure =
      *alerting::parse_measure(*resource("rules/measure.yaml"), "rules/measure.yaml");
  Ledger ledger{*store, measure, {}};
  Admissions admissions{io, ledger, ledger_thread, clock};
};

}  // namespace

TEST_CASE("harvests that come while a commit is under way share the next", "[service][admissions]") {
  Town town;
  REQUIRE(town.ledger.resume(town.clock.now()));
  constexpr int pages = 75;
  std::vector<Answer> answers(pages + 1);
  for (int n = 0; n < pages; ++n) net::supervise(town.io, admit(town.admissions, n, answers[std::size_t(n)]));
  net::supervise(town.io, admit(town.admissions, 0, answers[pages]));  // the first page once more
  town.io.run();
  for (int n = 0; n < pages; ++n) {
    CHECK(answers[std::size_t(n)].documents_new == 1);
    CHECK(*town.store->knows_document(stable_id("http://a.example/" + std::to_string(n))));
  }
  CHECK(answers[pages].taken);
  CHECK(answers[pages].documents_new == 0);
  CHECK(town.admissions.longest_group() == harvests_together_max);
  CHECK(town.ledger.documents_total() == pages);
  CHECK(town.store->verify_evidence("")->records == pages);
}

TEST_CASE("a harvest that comes alone is committed alone, at once", "[service][admissions]") {
  Town town;
  REQUIRE(town.ledger.resume(town.clock.now()));
  for (int n = 0; n < 3; ++n) {
    Answer answer;
    net::supervise(town.io, admit(town.admissions, n, answer));
    town.io.run();
    town.io.restart();
    CHECK(answer.documents_new == 1);
  }
  CHECK(town.admissions.longest_group() == 1);
}

TEST_CASE("a group that the disk refuses is refused to each, and nothing is remembered", "[service][admissions]") {
  Town town;
  REQUIRE(town.ledger.resume(town.clock.now()));
  // A folder stands where the evidence of the day would be written.
  std::filesystem::create_directories((town.directory / "t.db") + ".evidence/2026-11-26.tcev");
  std::vector<Answer> answers(5);
  for (int n = 0; n < 5; ++n) net::supervise(town.io, admit(town.admissions, n, answers[std::size_t(n)]));
  town.io.run();
  for (const Answer& answer : answers) CHECK_FALSE(answer.taken);
  CHECK(town.ledger.documents_total() == 0);
  std::filesystem::remove((town.directory / "t.db") + ".evidence/2026-11-26.tcev");
  town.io.restart();
  for (int n = 0; n < 5; ++n) net::supervise(town.io, admit(town.admissions, n, answers[std::size_t(n)]));
  town.io.run();
  for (const Answer& answer : answers) CHECK(answer.documents_new == 1);
}
