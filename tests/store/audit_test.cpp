// The audit trail is a chain: whoever changes, moves or takes out a row is found, and the first such row is named.
#include <catch2/catch.hpp>
#include <filesystem>
#include <unistd.h>

#include <sqlite3.h>

#include "store/store.h"

using namespace tingchao;

namespace {

struct Book {
  Book() : path(std::filesystem::temp_directory_path() / ("audit-" + std::to_string(::getpid()) + ".db")) {
    remove();
    auto opened = store::open(path);
    REQUIRE(opened);
    store = std::move(*opened);
    store::Batch batch;
    Warning warning;
    warning.id = "w1";
    warning.level = {"Ⅲ", "黄", "较大", 3};
    for (int seq = 1; seq <= 5; ++seq) {
      WarningChange change;
      change.warning = "w1";
      change.seq = warning.changes = seq;
      change.at = Time{Seconds{1'800'000'000 + seq}};
      change.event = seq == 1 ? WarningEvent::raised : WarningEvent::commented;
      change.level = warning.level;
      change.actor = seq == 1 ? "measure" : "王敏\n二行";
      change.note = "第 " + std::to_string(seq) + " 条";
      batch.warnings.push_back({warning, change});
      ++warning.version;
    }
    REQUIRE(store->commit(batch));
  }
  ~Book() { remove(); }
  void remove() {
    for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + end);
  }
  void tamper(const char* sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
  }
  std::string path;
  std::unique_ptr<store::Store> store;
};

}  // namespace

TEST_CASE("an untouched trail is whole", "[audit]") {
  Book book;
  const auto check = book.store->verify_audit();
  REQUIRE(check);
  CHECK(check->rows == 5);
  CHECK(check->why.empty());
  CHECK(check->head.size() == 64);
  const auto entries = book.store->audit_entries({"", "w1", "warning.comm", {}, {}, 2});
  REQUIRE(entries);
  REQUIRE(entries->size() == 2);
  CHECK(entries->front().id == 5);
  CHECK(entries->front().hash == check->head);
}

TEST_CASE("what was tampered with is found, and the first row named", "[audit]") {
  struct Case { const char* name; const char* sql; long row; };
  const Case cases[] = {
      {"改了说明", "UPDATE audit SET note='改' WHERE id=3", 3},
      {"改了操作人", "UPDATE audit SET actor='李四' WHERE id=2", 2},
      {"改了时间", "UPDATE audit SET at=at+1 WHERE id=4", 4},
      {"字段间挪动",
       "UPDATE audit SET actor=actor || char(10) || action, action=subject, subject=note, note='' WHERE id=2", 2},
      {"抽去一行", "DELETE FROM audit WHERE id=3", 4},
      {"抽去一行并重排编号", "DELETE FROM audit WHERE id=3; UPDATE audit SET id=id-1 WHERE id>3", 3},
      {"截去末尾", "DELETE FROM audit WHERE id=5", 0},
      {"改了经过", "UPDATE warning_changes SET change=replace(change, '第 4 条', '第四条') WHERE seq=4", 0},
      {"删了经过", "DELETE FROM warning_changes WHERE seq=5", 0},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Book book;
    book.tamper(c.sql);
    const auto check = book.store->verify_audit();
    REQUIRE(check);
    CHECK_FALSE(check->why.empty());
    CHECK((check->broken ? check->broken->id : 0) == c.row);
  }
}

TEST_CASE("silences, measures and judgements come back as they went in", "[audit]") {
  Book book;
  const Time now{Seconds{1'800'000'000}};
  store::Batch batch;
  batch.silences.push_back({"s1", "", "招生入学", "", "", "王敏", "已答复", now, now + std::chrono::hours{5}, {}, {}});
  batch.measures.push_back({"1-abc", "name: 甲", now});
  batch.measures.push_back({"1-abc", "name: 乙", now});  // the first stays
  REQUIRE(book.store->commit(batch));
  const auto silences = book.store->silences(now);
  REQUIRE(silences);
  CHECK(*silences == batch.silences);
  CHECK(book.store->silences(now + std::chrono::hours{5})->empty());
  CHECK((*book.store->measure("1-abc"))->text == "name: 甲");
  CHECK_FALSE(book.store->measure("none")->has_value());
  CHECK(book.store->judgement("w1", 1)->empty());
}
