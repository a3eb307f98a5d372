// The store's questions, one by one, on a real file.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <set>

#include <sqlite3.h>

#include "core/hash.h"
#include "store/sqlite/tokenizer.h"
#include "store/store.h"
#include "tests/store/rows.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using namespace tingchao::tests;

namespace {

store::StoredDocument stored(const std::string& id, const std::string& body, Time at = noon) {
  store::StoredDocument each;
  each.document.id = id;
  each.document.url = "http://a.example/" + id;
  each.document.source = "forum";
  each.document.title = "标题" + id;
  each.document.body = body;
  each.document.published_at = at;
  each.document.fetched_at = at;
  each.analysis.document = id;
  each.placement = {id, "story-" + id, true, "", 0};
  return each;
}

std::vector<std::string> found(store::Store& store, std::vector<std::vector<std::string>> needles) {
  store::SearchQuery query;
  query.needles = std::move(needles);
  const auto rows = store.search(query);
  REQUIRE(rows);
  std::vector<std::string> ids;
  for (const auto& row : *rows) ids.push_back(row.document.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

TEST_CASE("of more documents than are asked for the newest are visited, oldest first", "[store]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  // Stored in another order than they were seen in; three of one second, of which the limit cuts one off.
  store::Batch batch;
  batch.documents = {stored("late", "x", noon + Seconds{9}),  stored("old", "x", noon - Seconds{9}),
                     stored("even1", "x", noon),              stored("even2", "x", noon),
                     stored("even3", "x", noon),              stored("after", "x", noon + Seconds{20}),
                     stored("before", "x", noon - Seconds{20})};
  REQUIRE(store->commit(batch));
  using Ids = std::vector<std::string>;
  const auto visited = [&](int limit) {
    Ids ids;
    REQUIRE(store->visit_newest(noon - Seconds{20}, noon + Seconds{20}, limit, [&](const store::StoredDocument& each) {
      CHECK(each.placement.document == each.document.id);
      ids.push_back(each.document.id);
    }));
    return ids;
  };
  CHECK(visited(0).empty());
  CHECK(visited(1) == Ids{"late"});
  CHECK(visited(3) == Ids{"even2", "even3", "late"});
  CHECK(visited(5) == Ids{"old", "even1", "even2", "even3", "late"});
  CHECK(visited(6) == Ids{"before", "old", "even1", "even2", "even3", "late"});
  CHECK(visited(100) == visited(6));
}

TEST_CASE("Chinese words of any length are found", "[store][search]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  batch.documents = {stored("a", "学校食堂出现食物中毒"), stored("b", "學校食堂飯菜變質"),
                     stored("c", "Ｃｏｖｉｄ 停课通知，A股大涨"), stored("d", "食物很好，没有中毒")};
  REQUIRE(store->commit(batch));
  using Ids = std::vector<std::string>;
  struct Case {
    const char* name;
    std::vector<std::vector<std::string>> needles;
    Ids want;
  };
  const Case cases[] = {{"一个字", {{"毒"}}, {"a", "d"}},
                        {"一个字在词首", {{"变"}}, {"b"}},
                        {"两个字", {{"食堂"}}, {"a", "b"}},
                        {"三个字", {{"校食堂"}}, {"a", "b"}},
                        {"四个字须相连", {{"食物中毒"}}, {"a"}},
                        {"繁体被简体找到", {{"变质"}}, {"b"}},
                        {"与", {{"食堂"}, {"中毒"}}, {"a"}},
                        {"或", {{"停课", "中毒"}}, {"a", "c", "d"}},
                        {"夹着拉丁字母", {{"a股"}}, {"c"}},
                        {"不在", {{"绝不出现"}}, {}},
                        {"全文检索的运算符无害", {{"食堂\" OR \"x"}}, {"a", "b"}},
                        {"无从缩小", {{"covid"}}, {"a", "b", "c", "d"}},
                        {"没有条件", {}, {"a", "b", "c", "d"}}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      CHECK(found(*store, c.needles) == c.want);
    }
}

TEST_CASE("words of a group are found before and after its end, those of a refused batch never", "[store][search]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  const auto commit = [&](store::StoredDocument document) {
    store::Batch batch;
    batch.documents = {std::move(document)};
    return store->commit(batch).has_value();
  };
  REQUIRE(commit(stored("before", "校车路线")));
  REQUIRE(store->together([&] {
    CHECK(commit(stored("a", "食堂午餐")));
    store::Batch refused;  // its first document is written, the second one's id is taken
    refused.documents = {stored("refused", "食堂晚餐"), stored("before", "食堂早餐")};
    CHECK_FALSE(store->commit(refused));
    CHECK(found(*store, {{"食堂"}}) == std::vector<std::string>{"a"});
    CHECK(commit(stored("b", "食堂加餐")));
    store::Batch changed;
    changed.documents_changed = {stored("b", "操场跑道")};
    CHECK(store->commit(changed));
    CHECK(commit(stored("c", "食堂退费")));
  }));
  CHECK(found(*store, {{"食堂"}}) == std::vector<std::string>{"a", "c"});
  CHECK(found(*store, {{"操场"}}) == std::vector<std::string>{"b"});
  CHECK(found(*store, {{"晚餐"}, {"食堂"}}).empty());
  CHECK(found(*store, {{"加餐"}}).empty());
  REQUIRE(store->expire(noon + Seconds{1}, noon));
  CHECK(found(*store, {{"食堂"}}).empty());
}

TEST_CASE("a store of before texts were indexed by groups opens with what it has", "[store][search][migration]") {
  TemporaryDirectory directory;
  const std::string path = directory / "old.db";
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  REQUIRE(store::register_tokenizer(db));
  const auto execute = [db](const std::string& sql) {
    REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  };
  for (const char* name : {"0001_first", "0002_frontier", "0003_evidence", "0005_duty", "0006_channel_calls",
                           "0007_story_aliases"}) {
    std::ifstream file(TINGCHAO_SOURCE_DIR "/store/migrations/" + std::string(name) + ".sql");
    execute({std::istreambuf_iterator<char>(file), {}});
  }
  // Two rows as the former version wrote them, in two statements.
  for (const auto& [id, body] : {std::pair{"old1", "食堂午餐"}, std::pair{"old2", "校车路线"}})
    execute("INSERT INTO documents(id, source, at, first_seen, story, negative, snapshot, title, body, document, "
            "analysis, placement) VALUES ('" +
            std::string(id) + "', 'forum', 1776225600, 1776225600, 's', 0, '', '标题', '" + body +
            R"(', '{"id":")" + id + R"("}', '{}', '{"story":"s","created":true,"copy_of":"","similarity":0}'))");
  execute("PRAGMA user_version=6");
  sqlite3_close(db);
  CHECK_FALSE(store::open(path, true));  // who only reads does not migrate
  auto store = open_at(path);
  store::Batch batch;
  batch.documents = {stored("new", "食堂晚餐")};
  REQUIRE(store->commit(batch));
  CHECK(found(*store, {{"食堂"}}) == std::vector<std::string>{"new", "old1"});
  CHECK(found(*store, {{"校车路线"}}) == std::vector<std::string>{"old2"});
  REQUIRE(store->expire(noon + Seconds{1}, noon));
  CHECK(found(*store, {{"食堂"}}).empty());
  CHECK(store->check()->at(0).second == "ok");
}

TEST_CASE("search pages from the newest on", "[store][search]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  for (int i = 0; i < 25; ++i)
    batch.documents.push_back(stored(std::to_string(i), "食堂", noon + Seconds{i / 2}));
  REQUIRE(store->commit(batch));
  store::SearchQuery query;
  query.needles = {{"食堂"}};
  query.limit = 7;
  std::set<std::string> seen;
  Time last = noon + Seconds{1000};
  for (;;) {
    const auto rows = store->search(query);
    REQUIRE(rows);
    for (const auto& row : *rows) {
      CHECK(seen.insert(row.document.id).second);
      CHECK(*row.document.published_at <= last);
      last = *row.document.published_at;
    }
    if (rows->size() < 7) break;
    query.before = rows->back().document.id;
  }
  CHECK(seen.size() == 25);
}

TEST_CASE("a document comes back as it was", "[store]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  batch.documents = {stored("a", std::string("换行\n引号\"与 emoji 😀"))};
  batch.documents[0].document.thread = ThreadPosition{"http://t", 3, 1};
  batch.documents[0].placement.copy_of = "x";
  Page page;
  page.url = "http://a.example/a";
  page.body = std::string(100'000, 'x') + "尾";
  batch.pages = {store::pack(page), store::pack(page)};
  REQUIRE(store->commit(batch));
  const auto back = store->document("a");
  REQUIRE(back);
  REQUIRE(back->has_value());
  CHECK((*back)->document.body == batch.documents[0].document.body);
  CHECK((*back)->document.thread->floor == 3);
  CHECK((*back)->placement.copy_of == "x");
  const auto raw = store->snapshot(sha256_hex(page.body));
  REQUIRE(raw);
  CHECK(*raw == page.body);
  CHECK_FALSE(store->snapshot("00"));
  CHECK(*store->knows_document("a"));
  CHECK_FALSE(*store->knows_document("b"));
  CHECK_FALSE(store->commit(batch));  // the same id twice is a mistake of the caller
  CHECK(store->hour_counts(noon - Seconds{1}, noon + Seconds{1})->at(0).documents == 1);
}

TEST_CASE("a story that became another is found by both ids", "[store][stories]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  for (const char* id : {"s1", "s2", "s3"}) {
    Story& story = batch.stories.emplace_back();
    story.id = story.title = id;
    story.first_seen = story.newest = noon;
  }
  REQUIRE(store->commit(batch));
  store::Batch first, second;
  first.merges = {{.from = "s3", .into = "s2", .at = noon}};
  second.merges = {{.from = "s2", .into = "s1", .at = noon}};
  second.stories = {batch.stories[0]};
  second.stories[0].merged = {"s3", "s2"};
  REQUIRE(store->commit(first));
  REQUIRE(store->commit(second));
  for (const char* id : {"s1", "s2", "s3"}) {
    const auto found = store->story(id);
    REQUIRE(found);
    REQUIRE(found->has_value());
    CHECK((*found)->id == "s1");
    CHECK((*found)->merged == std::vector<std::string>{"s3", "s2"});
  }
  CHECK(store->stories_since(noon)->size() == 1);
}

TEST_CASE("documents move with their story, and what is open is read back as it was without", "[store][stories]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  for (const char* id : {"s1", "s2", "new"}) {
    Story& story = batch.stories.emplace_back();
    story.id = story.title = id;
    story.first_seen = story.newest = noon;
    story.documents = 2;
  }
  batch.documents = {stored("a", "甲"), stored("b", "乙")};
  for (store::StoredDocument& each : batch.documents) each.placement.story = "s1";
  Story before = batch.stories[0];
  before.documents = 1;
  batch.stories_open = {{"s1", before}, {"new", {}}};
  REQUIRE(store->commit(batch));
  const auto settled = store->settled_stories_since(noon);
  REQUIRE(settled);
  REQUIRE(settled->size() == 2);
  CHECK(settled->at(0).id == "s1");
  CHECK(settled->at(0).documents == 1);
  CHECK(settled->at(1).id == "s2");
  CHECK(store->stories_since(noon)->size() == 3);

  store::Batch after;
  after.settled = true;
  after.merges = {{.from = "new", .into = "s2", .at = noon}};
  StoryMove move;
  move.placement = batch.documents[0].placement;
  move.placement.story = "new";  // an alias by now
  move.placement.turn = noon;
  move.from = "s1";
  after.moves = {move};
  after.moved_at = noon + Seconds{60};
  after.splits = {{.id = "s2", .from = "s1", .at = noon, .documents = 1, .cause = "两所学校"}};
  CHECK_FALSE(after.empty());
  REQUIRE(store->commit(after));
  CHECK(store->settled_stories_since(noon)->size() == 2);
  CHECK(store->settled_stories_since(noon)->at(0).documents == 2);
  REQUIRE(store->documents_of("s2")->size() == 1);
  CHECK(store->documents_of("s2")->at(0).placement.turn == noon);
  CHECK(store->documents_of("s1")->size() == 1);
  const auto ids = [&](const char* story, int minutes) {
    std::string all;
    const auto then = store->documents_of_then(story, noon + std::chrono::minutes{minutes});
    for (const store::StoredDocument& each : *then) all += each.document.id + " in " + each.placement.story + " ";
    return all;
  };
  CHECK(ids("s1", 0) == "a in s1 b in s1 ");
  CHECK(ids("s2", 0) == "");
  CHECK(ids("s1", 1) == "b in s1 ");
  CHECK(ids("s2", 1) == "a in new ");
  for (const char* id : {"s1", "s2"}) {
    const auto splits = store->splits_of(id);
    REQUIRE(splits);
    REQUIRE(splits->size() == 1);
    CHECK(splits->at(0).cause == "两所学校");
    CHECK(splits->at(0).documents == 1);
  }
}

TEST_CASE("links wait, are done, and are revived", "[store]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  batch.links_found = {{"s", {"http://a/1", "一", noon, {}}, noon, noon, 0},
                       {"s", {"http://a/2", "二", {}, {}}, noon, noon + Seconds{60}, 0}};
  REQUIRE(store->commit(batch));
  CHECK(store->due_links("s", noon, 10)->size() == 1);
  CHECK(store->due_links("s", noon + Seconds{60}, 10)->size() == 2);
  CHECK(store->due_links("other", noon + Seconds{60}, 10)->empty());
  CHECK(store->due_links("s", noon, 10)->at(0).link.published_at == noon);
  store::Batch done;
  done.links_done = {"http://a/1"};
  REQUIRE(store->commit(done));
  CHECK(store->due_links("s", noon, 10)->empty());
  REQUIRE(store->commit(batch));  // found again: known, so nothing changes
  CHECK(store->due_links("s", noon, 10)->empty());
  store::Batch later;
  later.links_later = {{"s", {"http://a/1", "一", {}, {}}, noon, noon, 2}};
  REQUIRE(store->commit(later));
  CHECK(store->due_links("s", noon, 10)->at(0).attempts == 2);
  store::Batch validators;
  validators.validators = {{"http://a", {"W/\"x\"", "Wed"}}};
  REQUIRE(store->commit(validators));
  CHECK(store->validators("http://a")->etag == "W/\"x\"");
  CHECK(store->validators("http://b")->empty());
}

TEST_CASE("two who change one warning: the second must read again", "[store][warnings]") {
  TemporaryDirectory directory;
  auto daemon = open_at(directory / "t.db");
  auto desk = open_at(directory / "t.db");
  store::Batch raise;
  raise.warnings = {warning_row("w", 1, 0), warning_row("w", 2, 1)};
  REQUIRE(daemon->commit(raise));
  const auto read = desk->warning("w");
  REQUIRE(read);
  CHECK((*read)->version == 2);
  const auto before = daemon->warnings_changed_since(0);
  REQUIRE(before);
  store::Batch acknowledge;
  acknowledge.warnings = {warning_row("w", 3, 2)};
  REQUIRE(desk->commit(acknowledge));
  store::Batch stale;
  stale.warnings = {warning_row("w", 3, 2)};
  stale.notes = {{"half", "done"}};
  const auto refused = daemon->commit(stale);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::conflict);
  CHECK(daemon->note("half")->empty());
  const auto changed = daemon->warnings_changed_since(before->counter);
  REQUIRE(changed);
  REQUIRE(changed->warnings.size() == 1);
  CHECK(changed->warnings[0].version == 3);
  CHECK(daemon->history("w")->size() == 3);
  CHECK(daemon->audits(10)->size() == 3);
}

TEST_CASE("retention keeps what a warning rests on", "[store][retention]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  batch.documents = {stored("old", "旧", noon - Seconds{1000}), stored("proof", "证据", noon - Seconds{1000}),
                     stored("new", "新")};
  batch.warnings = {warning_row("w", 1, 0)};
  batch.warnings[0].warning.evidence.emplace_back();
  batch.warnings[0].warning.evidence[0].document = "proof";
  REQUIRE(store->commit(batch));
  const auto gone = store->expire(noon - Seconds{10}, noon - Seconds{10});
  REQUIRE(gone);
  CHECK(*gone == 1);
  CHECK_FALSE(*store->knows_document("old"));
  CHECK(*store->knows_document("proof"));
  CHECK(found(*store, {{"旧"}}).empty());
  CHECK(store->check()->at(0).second == "ok");
}

TEST_CASE("the audit trail is a chain", "[store][audit]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  auto store = open_at(path);
  for (int i = 0; i < 3; ++i)
    REQUIRE(store->audit({noon, "王敏", "warning.show", "w" + std::to_string(i), ""}));
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  std::string chain;
  int rows = 0;
  const auto check = [](void* state, int, char** values, char**) {
    auto& [before, count] = *static_cast<std::pair<std::string*, int*>*>(state);
    const Time at{Seconds{std::atol(values[0])}};
    const std::string hash = sha256_hex(*before + "\n" + to_rfc3339(at) + "\n" + values[1] + "\n" +
                                        values[2] + "\n" + values[3] + "\n" + values[4]);
    CHECK(hash == values[5]);
    *before = values[5];
    ++*count;
    return 0;
  };
  std::pair<std::string*, int*> state{&chain, &rows};
  sqlite3_exec(db, "SELECT at, actor, action, subject, note, hash FROM audit ORDER BY id", check, &state,
               nullptr);
  sqlite3_close(db);
  CHECK(rows == 3);
}

TEST_CASE("what cannot be a store says so", "[store][mistakes]") {
  TemporaryDirectory directory;
  std::ofstream(directory / "text.db") << std::string(5000, 'x');
  struct Case {
    const char* name;
    std::string address;
    bool read_only;
    Errc code;
  };
  const Case cases[] = {{"别的文件", "sqlite:" + directory / "text.db", false, Errc::store},
                        {"目录", "sqlite:" + directory / "", false, Errc::io},
                        {"尚不存在", "sqlite:" + directory / "none.db", true, Errc::io},
                        {"别的数据库", "postgresql://h/d", false, Errc::bad_config},
                        {"空", "sqlite:", false, Errc::bad_config},
                        {"不可写", "sqlite:/proc/none/t.db", false, Errc::io}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      const auto opened = store::open(c.address, c.read_only);
      REQUIRE_FALSE(opened);
      CHECK(opened.error().code == c.code);
      CHECK_FALSE(opened.error().mend.empty());
    }
}
