// What the ledger knows after a restart.
#include <catch2/catch.hpp>

#include "core/hash.h"
#include "service/ledger.h"
#include "service/resources.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using namespace tingchao::service;

namespace {

Harvest harvest_of(const std::string& title, Time at) {
  Harvest harvest;
  auto& [document, analysis] = harvest.documents.emplace_back();
  document.url = "http://a.example/" + title;
  document.id = analysis.document = stable_id(document.url);
  document.source = "news";
  document.title = title;
  document.fetched_at = at;
  analysis.terms = {{.term = title, .weight = 1}, {.term = "通知", .weight = 1}};
  return harvest;
}

}  // namespace

TEST_CASE("the frequencies of terms outlive the documents that a restart reads back", "[service][ledger][restart]") {
  const Time noon = *parse_time("2026-11-01T12:00:00+08:00"), later = noon + std::chrono::days{20};
  tests::TemporaryDirectory directory;
  const auto measure = *alerting::parse_measure(*resource("rules/measure.yaml"), "rules/measure.yaml");
  auto store = std::move(*store::open(directory / "t.db"));
  std::string before;
  {
    Ledger ledger(*store, measure, {});
    REQUIRE(ledger.resume(noon));
    REQUIRE(ledger.admit(harvest_of("食堂改造", noon), noon));
    REQUIRE(ledger.admit(harvest_of("校车停运", noon), noon));
    REQUIRE(ledger.tick(noon + std::chrono::minutes{20}));  // settles them
    before = *store->note(frequencies_note);
    // Within the same six hours it is not written again.
    const Time then = noon + std::chrono::minutes{20};
    REQUIRE(ledger.admit(harvest_of("操场翻新", then), then));
    REQUIRE(ledger.tick(noon + std::chrono::minutes{50}));
    CHECK(*store->note(frequencies_note) == before);
  }
  SECTION("the document after the last note is counted again, those before it are not") {
    Ledger ledger(*store, measure, {});
    REQUIRE(ledger.resume(noon + std::chrono::minutes{52}));
    REQUIRE(ledger.save_frequencies());
    const std::string counted = *store->note(frequencies_note);
    CHECK(counted.size() > before.size());
    Ledger again(*store, measure, {});
    REQUIRE(again.resume(noon + std::chrono::minutes{53}));
    REQUIRE(again.save_frequencies());
    CHECK(*store->note(frequencies_note) == counted);
  }
  SECTION("when all of its documents are too old, the note remains") {
    Ledger ledger(*store, measure, {});
    REQUIRE(ledger.resume(later));
    REQUIRE(ledger.save_frequencies());
    const auto tables = [](const std::string& text) { return text.substr(text.find('\n')); };
    CHECK(tables(*store->note(frequencies_note)) == tables(before));
  }
  SECTION("a note that cannot be read does not hinder the start") {
    store::Batch batch;
    batch.notes.emplace_back(frequencies_note, "frequencies 1 nonsense");
    REQUIRE(store->commit(batch));
    Ledger ledger(*store, measure, {});
    REQUIRE(ledger.resume(noon + std::chrono::minutes{52}));
    CHECK(ledger.admit(harvest_of("午休", noon + std::chrono::minutes{52}), noon + std::chrono::minutes{52}));
  }
}
