// Evidence on real files: what is kept comes back, what was altered is named to the byte, retention erases
// and the chain holds, and a kill leaves nothing that the next start does not put right.
#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/hash.h"
#include "store/evidence/segment.h"
#include "store/store.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using tingchao::tests::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

const Time noon = *parse_time("2026-11-26T12:00:00+08:00");

Page page_of(const std::string& name, Time at = noon) {
  Page page;
  page.source = "forum";
  page.requested_url = "http://a.example/from/" + name;
  page.url = "http://a.example/" + name;
  page.redirects = {{page.requested_url, 302}};
  page.status = 200;
  page.headers = {{"content-type", "text/html; charset=gbk"}, {"etag", "\"x\""}};
  page.body = "<p>\xca\xb3\xcc\xc3 " + name + std::string(300, 'x') + '\0' + "</p>";
  page.address = "127.0.1.1";
  page.robots_rule = "Allow: /";
  page.request_headers = {{"User-Agent", "TingchaoBot/0.1"}, {"Accept", "*/*"}};
  page.fetched_at = at;
  page.took = std::chrono::milliseconds{12};
  return page;
}

store::Batch batch_of(const Page& page) {
  store::Batch batch;
  store::StoredDocument& each = batch.documents.emplace_back();
  each.document.id = stable_id(page.url);
  each.document.url = page.url;
  each.document.fetched_at = page.fetched_at;
  each.document.snapshot_hash = sha256_hex(page.body);
  each.placement.story = "s" + each.document.id;
  batch.pages = {store::pack(page)};
  return batch;
}

store::EncodedRecord record_of(const std::string& name, const Sha256& before, long group = 0) {
  return store::encode_record(store::pack(page_of(name)), before, group);
}

std::unique_ptr<store::Store> open_at(const std::string& path) {
  auto store = store::open(path);
  REQUIRE(store);
  return std::move(*store);
}

std::string file_of(const std::string& path, const std::string& name) { return path + ".evidence/" + name; }

std::string read_all(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_all(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

store::EvidenceCheck verified(store::Store& store, const std::string& day = "") {
  auto check = store.verify_evidence(day);
  REQUIRE(check);
  if (check->fault) UNSCOPED_INFO(check->fault->segment + ": " + check->fault->what);
  return *check;
}

void execute(const std::string& path, const char* sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

}  // namespace

TEST_CASE("a page comes back with headers and how it was fetched", "[store][evidence]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  const Page page = page_of("一");
  REQUIRE(store->commit(batch_of(page)));
  store::EvidenceQuery ask;
  ask.hash = sha256_hex(page.body);
  const auto found = store->evidence(ask);
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  CHECK(found->front().segment == "2026-11-26.tcev");
  const auto back = store->evidence_page(found->front());
  REQUIRE(back);
  CHECK(back->body == page.body);
  CHECK(back->headers == page.headers);
  CHECK(back->request_headers == page.request_headers);
  CHECK(back->redirects.at(0).status == 302);
  CHECK(back->requested_url == page.requested_url);
  CHECK(back->address == page.address);
  CHECK(back->robots_rule == page.robots_rule);
  CHECK(back->fetched_at == page.fetched_at);
  CHECK(back->took == page.took);
  CHECK(*store->snapshot(ask.hash) == page.body);
  CHECK_FALSE(store->snapshot("00"));
}

TEST_CASE("a record of one frame, as they were formerly written, is read", "[store][evidence]") {
  const std::string hex =
      "54435231e80000003e0100000000000000000000000000000000000000000000000000000000000000000000000000005f63"
      "15a2246a35c4a22f75edc464872c53e33416140b681464c528aa222f53eb46011d88d86721623d9eca465c1947d4bcac640a"
      "68eacb8efa8e60f77ed7157828b52ffd603e00f50600f20e302970699a031ec108545595805368485262ef6ea3d86c2711d2"
      "b6ff6f67780da5ad44dad5f34240c5ff368ea81a111310128ed878500a96e3841a71529625d44820dc85b12c8c038381e565"
      "8dfbd3f6cedfd4c69d01bec70c21d0cb525e9d634e978f39cbeecb5a34759d9886612c814412f652d9d300101eb48fdac9d7"
      "c98f0d1bb0d13782cd0fbd637f9c14856059ce652b9d98c7b2dc7655705727bb07d55f84d8e4024ca915771f2f3f9d8dfbca"
      "cf85ab93a1a9d0f1f29b4e28eda0502c5409005226b0a386b6296ef818372d7810fb2a63aaa867401cdc6a0f";
  std::string record;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    record += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  const auto head = store::read_record_head(record);
  REQUIRE(head);
  const auto payload = std::string_view(record).substr(store::record_head_bytes);
  const auto page = store::read_payload(*head, payload);
  REQUIRE(page);
  CHECK(page->url == "http://a.example/old");
  CHECK(page->body == "<p>\xca\xb3\xcc\xc3</p>");
  CHECK(*store::read_group(*head, payload) == 40);
  // The same page as it is written now says the same.
  const auto now = store::encode_record(store::pack(*page), {}, 40);
  const auto again = store::read_payload(*store::read_record_head(now.bytes),
                                         std::string_view(now.bytes).substr(store::record_head_bytes));
  REQUIRE(again);
  CHECK(again->body == page->body);
  CHECK(again->headers == page->headers);
  CHECK(*store::read_group(*store::read_record_head(now.bytes),
                           std::string_view(now.bytes).substr(store::record_head_bytes)) == 40);
}

TEST_CASE("days are chained, and equal pages are kept once", "[store][evidence]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  auto store = open_at(path);
  for (int day = 0; day < 3; ++day)
    for (int n = 0; n < 4; ++n)
      REQUIRE(store->commit(
          batch_of(page_of(std::to_string(10 * day + n), noon + std::chrono::hours{24 * day}))));
  store::Batch again;
  again.pages = {store::pack(page_of("0")), store::pack(page_of("0"))};
  REQUIRE(store->commit(again));
  const auto check = verified(*store);
  CHECK_FALSE(check.fault);
  CHECK(check.segments == 3);
  CHECK(check.records == 12);
  const std::string first = read_all(file_of(path, "2026-11-26.tcev"));
  const std::string second = read_all(file_of(path, "2026-11-27.tcev"));
  const auto entries = store->evidence({});
  REQUIRE(entries);
  const auto last = store::read_record_head(std::string_view(first).substr(std::size_t(entries->at(3).at)));
  REQUIRE(last);
  CHECK(to_hex(second.substr(8, 32)) == store::hex_of(last->chain));
  // A page that was fetched before midnight and came after it goes into the day that is open.
  REQUIRE(store->commit(batch_of(page_of("late", noon))));
  CHECK(verified(*store, "2026-11-28").records == 5);
  const auto audits = store->audits(10);
  REQUIRE(audits);
  CHECK(std::count_if(audits->begin(), audits->end(),
                      [](const auto& row) { return row.action == "evidence.seal"; }) == 2);
}

TEST_CASE("every flipped byte is found, and the range that is named holds it", "[store][evidence]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  auto store = open_at(path);
  for (int n = 0; n < 5; ++n) REQUIRE(store->commit(batch_of(page_of(std::to_string(n)))));
  const std::string file = file_of(path, "2026-11-26.tcev");
  const std::string good = read_all(file);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    write_all(file, bad);
    const auto check = store->verify_evidence("");
    REQUIRE(check);
    REQUIRE(check->fault);
    INFO(at << " in [" << check->fault->begin << ", " << check->fault->end << ") " << check->fault->what);
    REQUIRE(check->fault->begin <= static_cast<long>(at));
    REQUIRE(static_cast<long>(at) < check->fault->end);
  }
  write_all(file, good);
  CHECK_FALSE(verified(*store).fault);
}

TEST_CASE("what else can be done to evidence is found", "[store][evidence]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  auto store = open_at(path);
  for (int n = 0; n < 3; ++n) REQUIRE(store->commit(batch_of(page_of(std::to_string(n)))));
  REQUIRE(store->commit(batch_of(page_of("next", noon + std::chrono::hours{24}))));
  const std::string file = file_of(path, "2026-11-26.tcev");
  const std::string good = read_all(file);
  const auto entries = store->evidence({});
  REQUIRE(entries);
  REQUIRE(entries->size() == 4);
  const auto second = static_cast<std::size_t>(entries->at(1).at),
             third = static_cast<std::size_t>(entries->at(2).at);
  SECTION("记录被抽掉") { write_all(file, good.substr(0, second) + good.substr(third)); }
  SECTION("文件被截短") { write_all(file, good.substr(0, good.size() - 7)); }
  SECTION("文件被删除") { fs::remove(file); }
  SECTION("整段被另一段替换") {
    fs::copy_file(file_of(path, "2026-11-27.tcev"), file, fs::copy_options::overwrite_existing);
  }
  SECTION("重写一条记录并算好它自己的散列") {
    const auto head = store::read_record_head(std::string_view(good).substr(second));
    REQUIRE(head);
    Page forged = page_of("1");
    forged.body += "伪造";
    const std::string record = store::encode_record(store::pack(forged), head->before).bytes;
    write_all(file, good.substr(0, second) + record + good.substr(third));
  }
  SECTION("数据库里的散列被改") {
    execute(path, "UPDATE evidence_records SET hash='00' WHERE id=2");
    write_all(file, good);
  }
  const auto check = verified(*store);
  REQUIRE(check.fault);
  CHECK(check.fault->segment == "2026-11-26.tcev");
  // The crawl goes on beside the damage, and the chain from there on holds.
  REQUIRE(store->commit(batch_of(page_of("after", noon + std::chrono::hours{24}))));
  CHECK_FALSE(verified(*store, "2026-11-27").fault);
}

TEST_CASE("a damaged file that is still open: the day goes on in another", "[store][evidence]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  auto store = open_at(path);
  REQUIRE(store->commit(batch_of(page_of("a"))));
  fs::resize_file(file_of(path, "2026-11-26.tcev"), 60);
  REQUIRE(store->commit(batch_of(page_of("b"))));
  CHECK(fs::exists(file_of(path, "2026-11-26.2.tcev")));
  CHECK(*store->snapshot(sha256_hex(page_of("b").body)) == page_of("b").body);
  CHECK_FALSE(store->snapshot(sha256_hex(page_of("a").body)));
  CHECK(verified(*store).fault->segment == "2026-11-26.tcev");
}

TEST_CASE("retention erases pages, keeps what a warning rests on, and the chain holds", "[store][evidence]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  auto store = open_at(path);
  for (int day = 0; day < 3; ++day)
    for (int n = 0; n < 4; ++n)
      REQUIRE(store->commit(
          batch_of(page_of(std::to_string(10 * day + n), noon + std::chrono::hours{24 * day}))));
  const Page proof = page_of("12", noon + std::chrono::hours{24});
  store::Batch warned;
  store::WarningRow& row = warned.warnings.emplace_back();
  row.warning.id = "w";
  row.warning.raised_at = row.warning.changed_at = row.change.at = noon;
  row.warning.evidence.push_back({});
  row.warning.evidence.back().document = stable_id(proof.url);
  row.change.warning = "w";
  row.change.seq = 1;
  REQUIRE(store->commit(warned));

  const Time cut = noon + std::chrono::hours{47};  // the third day is not over
  REQUIRE(store->expire(cut, Time{}));
  const auto check = verified(*store);
  CHECK_FALSE(check.fault);
  CHECK(check.gone == 1);    // the first day: nothing left of it
  CHECK(check.erased == 3);  // the second: one page of four is evidence
  CHECK(check.records == 5);
  CHECK_FALSE(fs::exists(file_of(path, "2026-11-26.tcev")));
  CHECK_FALSE(fs::exists(file_of(path, "2026-11-27.tcev")));
  CHECK(*store->snapshot(sha256_hex(proof.body)) == proof.body);
  CHECK_FALSE(store->snapshot(sha256_hex(page_of("11").body)));
  CHECK(read_all(file_of(path, "2026-11-27.r1.tcev")).size() < 1500);
  const auto audits = store->audits(10);
  REQUIRE(audits);
  CHECK(std::count_if(audits->begin(), audits->end(),
                      [](const auto& each) { return each.actor == "retention"; }) == 2);

  // A second time nothing happens; once the warning has expired too, the rest goes.
  REQUIRE(store->expire(cut, Time{}));
  CHECK(store->audits(100)->size() == audits->size());
  execute(path, "UPDATE warnings SET is_open=0");
  REQUIRE(store->expire(cut, noon + std::chrono::hours{1}));
  CHECK(verified(*store).gone == 2);
  REQUIRE(store->commit(batch_of(page_of("new", noon + std::chrono::hours{48}))));
  CHECK_FALSE(verified(*store).fault);
}

TEST_CASE("pages of before there were segments are read beside the new", "[store][evidence]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  auto store = open_at(path);
  REQUIRE(store->commit(batch_of(page_of("new"))));
  // zstd of "hello" as a raw block.
  const std::string hash = sha256_hex("hello");
  execute(path,
          ("INSERT INTO snapshots VALUES ('" + hash +
           "', 5, 'http://old.example/', '{\"status\":200,\"headers\":[[\"etag\",\"a\"]]}', 1700000000, "
           "x'28b52ffd200529000068656c6c6f')")
              .c_str());
  CHECK(*store->snapshot(hash) == "hello");
  const auto all = store->evidence({});
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK(all->at(0).segment.empty());
  CHECK(store->evidence_page(all->at(0))->headers.at(0).second == "a");
  CHECK(verified(*store).snapshots == 1);
  execute(path, "UPDATE snapshots SET data=x'28b52ffd200529000068656c6c70'");
  CHECK(verified(*store).fault->segment == "snapshots");
}

TEST_CASE("a document extracted anew is found by its new words, and no longer by its old", "[store][evidence]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch = batch_of(page_of("a"));
  batch.documents[0].document.body = "食堂午餐";
  REQUIRE(store->commit(batch));
  store::Batch changed;
  changed.documents_changed = batch.documents;
  changed.documents_changed[0].document.body = "校车路线";
  changed.audits = {{noon, "王敏", "document.reextract", batch.documents[0].document.id, ""}};
  REQUIRE(store->commit(changed));
  const auto found = [&](const char* word) {
    store::SearchQuery query;
    query.needles = {{word}};
    return store->search(query)->size();
  };
  CHECK(found("食堂") == 0);
  CHECK(found("校车") == 1);
  CHECK(store->audits(1)->at(0).action == "document.reextract");
  CHECK((*store->document(batch.documents[0].document.id))->placement.story == batch.documents[0].placement.story);
}

TEST_CASE("evidence is listed a page at a time", "[store][evidence]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  for (int n = 0; n < 25; ++n)
    REQUIRE(store->commit(batch_of(page_of(std::to_string(n), noon + Seconds{n / 2}))));
  store::EvidenceQuery ask;
  ask.limit = 7;
  std::size_t seen = 0;
  for (;;) {
    const auto rows = store->evidence(ask);
    REQUIRE(rows);
    seen += rows->size();
    if (rows->size() < 7) break;
    ask.after = rows->back();
  }
  CHECK(seen == 25);
  ask.after.reset();
  ask.limit = 1000;
  ask.from = noon + Seconds{2};
  ask.to = noon + Seconds{4};
  CHECK(store->evidence(ask)->size() == 4);
}

TEST_CASE("kill -9 leaves at most a tail that the next start takes away", "[store][evidence][crash]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  std::mt19937 random(20261128);
  int acknowledged = -1, tails = 0;
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto store = store::open(path);
      if (!store || !(*store)->claim()) ::_exit(2);
      for (int n = acknowledged + 1;;) {
        // A day has five pages, so that kills also fall into the making of a segment; groups go across days.
        const int first = n, size = round % 2 == 0 ? 1 : 7;
        const auto commit_each = [&] {
          for (; n < first + size; ++n) {
            store::Batch batch = batch_of(page_of(std::to_string(n), noon + std::chrono::hours{24 * (n / 5)}));
            if (*(*store)->knows_document(batch.documents[0].document.id)) continue;
            if (!(*store)->commit(batch)) ::_exit(3);
          }
        };
        if (size > 1 && !(*store)->together(commit_each)) ::_exit(5);
        if (size == 1) commit_each();
        const int last = n - 1;
        if (::write(ends[1], &last, sizeof last) != sizeof last) ::_exit(4);
      }
    }
    ::close(ends[1]);
    const int target = acknowledged + 1 + static_cast<int>(random() % 9);
    int n = -1;
    while (acknowledged < target && ::read(ends[0], &n, sizeof n) == sizeof n) acknowledged = n;
    ::usleep(random() % 4000);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &n, sizeof n) == sizeof n) acknowledged = n;
    ::close(ends[0]);
    auto store = store::open(path);
    REQUIRE(store);
    CHECK_FALSE(verified(**store).fault);  // also before anything was cleared up
    long on_disk = 0, after = 0;
    for (const auto& each : fs::directory_iterator(path + ".evidence")) on_disk += long(each.file_size());
    REQUIRE((*store)->claim());
    for (const auto& each : fs::directory_iterator(path + ".evidence")) {
      after += long(each.file_size());
      CHECK(each.path().extension() == ".tcev");
    }
    if (after < on_disk) ++tails;
    const auto check = verified(**store);
    CHECK_FALSE(check.fault);
    CHECK(after == check.bytes + check.segments * long(store::segment_head_bytes));
    CHECK(check.records >= acknowledged + 1);
  }
  REQUIRE(acknowledged > 20);
  WARN(acknowledged + 1 << " pages acknowledged over 20 kills, " << tails << " tails taken away");
}

TEST_CASE("of a group each batch is refused or taken alone, and all are durable together", "[store][evidence]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  auto store = open_at(path);
  REQUIRE(store->commit(batch_of(page_of("before"))));
  store::Batch refused = batch_of(page_of("refused"));
  refused.documents.push_back(batch_of(page_of("before")).documents[0]);  // this id is taken
  store::Batch refused_next_day = refused;
  refused_next_day.pages = {store::pack(page_of("morrow", noon + std::chrono::hours{24}))};
  std::vector<bool> taken;
  const auto kept = store->together([&] {
    taken.push_back(store->commit(batch_of(page_of("a"))).has_value());
    taken.push_back(*store->knows_document(stable_id(page_of("a").url)));  // sees what went before
    taken.push_back(store->commit(refused).has_value());
    taken.push_back(store->commit(batch_of(page_of("b"))).has_value());
    taken.push_back(store->commit(refused_next_day).has_value());
  });
  REQUIRE(kept);
  CHECK(taken == std::vector<bool>{true, true, false, true, false});
  const std::string file = file_of(path, "2026-11-26.tcev");
  const auto check = verified(*store);
  CHECK_FALSE(check.fault);
  CHECK(check.records == 3);
  CHECK(check.bytes + static_cast<long>(store::segment_head_bytes) == static_cast<long>(fs::file_size(file)));
  CHECK_FALSE(*store->knows_document(stable_id(page_of("refused").url)));

  // The same, with the refused page as the last one of its file: nothing of it stays behind.
  REQUIRE(store->together([&] {
    CHECK(store->commit(batch_of(page_of("c"))));
    CHECK_FALSE(store->commit(refused));
  }));
  CHECK(verified(*store).records == 4);
  CHECK(verified(*store).bytes + static_cast<long>(store::segment_head_bytes) ==
        static_cast<long>(fs::file_size(file)));
  REQUIRE(store->claim());
  CHECK_FALSE(fs::exists(file + ".aside"));
  REQUIRE(store->commit(batch_of(page_of("after", noon + std::chrono::hours{24}))));
  CHECK_FALSE(verified(*store).fault);
}

TEST_CASE("a full disk refuses a group as a whole", "[store][evidence][crash]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  const pid_t child = ::fork();
  if (child == 0) {  // a limit on file size stands for the full disk, in a process of its own
    ::signal(SIGXFSZ, SIG_IGN);
    auto store = store::open(path);
    if (!store || !(*store)->commit(batch_of(page_of("first")))) ::_exit(10);
    const rlimit small{600 << 10, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    int n = 0, group = 0;
    Result<void> kept;
    while (kept && group < 1000) {
      group = n;
      kept = (*store)->together([&] {
        for (const int end = n + 8; n < end; ++n) {
          const auto done = (*store)->commit(batch_of(page_of(std::to_string(n))));
          static_cast<void>(done);
        }
      });
    }
    if (kept || kept.error().code != Errc::io) ::_exit(11);
    const rlimit enough{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &enough);
    for (int i = 0; i < n; ++i)
      if (*(*store)->knows_document(stable_id(page_of(std::to_string(i)).url)) != (i < group)) ::_exit(12);
    if (!(*store)->commit(batch_of(page_of(std::to_string(group))))) ::_exit(13);
    const auto check = (*store)->verify_evidence("");
    ::_exit(check && !check->fault && check->records == group + 2 ? 0 : 14);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("an unacknowledged group is a tail; several are set aside", "[store][evidence][crash]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  const std::string file = file_of(path, "2026-11-26.tcev");
  {
    auto store = open_at(path);
    REQUIRE(store->commit(batch_of(page_of("a"))));
  }
  const std::string good = read_all(file);
  const auto tail = record_of("b", {});
  SECTION("一条完整的记录") { write_all(file, good + tail.bytes); }
  SECTION("一起写下的三条记录") {
    const auto group = static_cast<long>(good.size());
    const auto second = record_of("c", tail.chain, group);
    write_all(file, good + record_of("b", {}, group).bytes + second.bytes +
                        record_of("e", second.chain, group).bytes);
    auto store = open_at(path);
    REQUIRE(store->claim());
    CHECK_FALSE(fs::exists(file + ".aside"));
  }
  SECTION("一起写下的两条，后面又有一条") {
    const auto group = static_cast<long>(good.size());
    const std::string two = record_of("b", {}, group).bytes +
                            record_of("c", tail.chain, group).bytes;
    write_all(file, good + two + record_of("e", tail.chain, group + long(two.size())).bytes);
    auto store = open_at(path);
    REQUIRE(store->claim());
    CHECK(fs::exists(file + ".aside"));
  }
  SECTION("半条记录") { write_all(file, good + tail.bytes.substr(0, 50)); }
  SECTION("数据库比证据旧") {
    write_all(file, good + tail.bytes + record_of("c", tail.chain).bytes);
    auto store = open_at(path);
    REQUIRE(store->claim());
    CHECK(read_all(file + ".aside").size() > good.size() + tail.bytes.size());
  }
  SECTION("数据库不知道的整段") {
    const std::string one = store::segment_head({}) + tail.bytes;
    write_all(file_of(path, "2026-11-27.tcev"), one);  // the day's first record, when the kill fell there
    write_all(file_of(path, "2026-11-28.tcev"), one + record_of("c", tail.chain).bytes);
    auto store = open_at(path);
    REQUIRE(store->claim());
    CHECK_FALSE(fs::exists(file_of(path, "2026-11-27.tcev")));
    CHECK_FALSE(fs::exists(file_of(path, "2026-11-27.tcev.aside")));
    CHECK(read_all(file_of(path, "2026-11-28.tcev.aside")).size() > one.size());
  }
  auto store = open_at(path);
  REQUIRE(store->claim());
  CHECK(read_all(file) == good);
  REQUIRE(store->commit(batch_of(page_of("d"))));
  CHECK(verified(*store).records == 2);
}
