// Whole pages of every kind through extract(), against what was agreed on in tests/data/pages/*.json.
// UPDATE_GOLDEN=1 writes the answers anew; look at the difference before committing it.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <boost/json.hpp>

#include "core/json.h"
#include "core/time.h"
#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

namespace json = boost::json;

std::string path_of(const std::string& name) { return std::string(TINGCHAO_SOURCE_DIR) + "/tests/data/pages/" + name; }

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// One member a line, so that a difference shows as lines.
void print(std::string& out, const json::value& value, const std::string& indent) {
  const std::string inner = indent + "  ";
  if (const json::object* const object = value.if_object(); object && !object->empty()) {
    out += "{\n";
    for (const auto& member : *object) {
      if (&member != object->begin()) out += ",\n";
      out += inner + json::serialize(json::string(member.key())) + ": ";
      print(out, member.value(), inner);
    }
    out += "\n" + indent + "}";
  } else if (const json::array* const list = value.if_array(); list && !list->empty()) {
    out += "[\n";
    for (const json::value& item : *list) {
      if (&item != list->begin()) out += ",\n";
      out += inner;
      print(out, item, inner);
    }
    out += "\n" + indent + "]";
  } else {
    out += json::serialize(value);
  }
}

json::object to_json(const Link& link) {
  json::object out{{"url", link.url}, {"title", link.title}};
  if (link.published_at) out["published_at"] = to_rfc3339(*link.published_at);
  if (link.reach.views) out["views"] = *link.reach.views;
  if (link.reach.replies) out["replies"] = *link.reach.replies;
  return out;
}

std::string answer(const Extracted& extracted) {
  json::object out{{"charset", extracted.charset.name}, {"why", extracted.charset.why}, {"note", extracted.note}};
  json::array documents, links, next_pages;
  for (const Document& document : extracted.documents) documents.push_back(tingchao::to_json(document));
  for (const Link& link : extracted.links) links.push_back(to_json(link));
  for (const std::string& url : extracted.next_pages) next_pages.push_back(json::value(url));
  out["documents"] = documents;
  out["links"] = links;
  out["next_pages"] = next_pages;
  if (!extracted.previous_page.empty()) out["previous_page"] = extracted.previous_page;
  if (!extracted.last_page.empty()) out["last_page"] = extracted.last_page;
  std::string text;
  print(text, out, "");
  return text + "\n";
}

struct Golden {
  const char* name;
  const char* url;
  SourceKind kind = SourceKind::list;
  Role role = Role::content;
};

const Golden pages[] = {
    {"gov_notice", "https://jtj.yunxi.gov.example/tzgg/202604/t20260415_7021.html"},
    {"early_html_end", "https://yunxi.example/a/1.html"},
    {"news_article", "https://jcwb.example/edu/2026-04-15/content_88123.htm"},
    {"big5_no_declaration", "https://tw.example/a/1.html"},
    {"wechat", "https://mp.weixin.qq.com/s?__biz=MzA&mid=1&idx=1&sn=abc&chksm=xyz&scene=27"},
    {"discuz_gbk_1", "http://bbs.yunxi.example/thread-5021-1-1.html", SourceKind::board},
    {"discuz_gbk_2", "http://bbs.yunxi.example/thread-5021-2-1.html", SourceKind::board},
    {"tieba", "https://tieba.baidu.com/p/77001?pid=88001", SourceKind::board},
    {"phpbb", "https://bbs.example/viewtopic.php?f=2&t=310", SourceKind::board},
    {"flarum", "https://discuss.example/d/41-ying-yang", SourceKind::board},
    {"message_board", "https://wz.example/detail?id=77", SourceKind::board},
    {"list_gov", "https://jtj.yunxi.gov.example/tzgg/index.html", SourceKind::list, Role::entry},
    {"list_news", "https://jcwb.example/edu/", SourceKind::list, Role::entry},
    {"discuz_board_gbk", "http://bbs.yunxi.example/forum-8-1.html", SourceKind::board, Role::entry},
};

}  // namespace

TEST_CASE("pages give what was agreed on", "[extract][golden]") {
  for (const Golden& golden : pages) {
    DYNAMIC_SECTION(golden.name) {
      Page page;
      page.url = page.requested_url = golden.url;
      page.body = content_of(path_of(std::string(golden.name) + ".html"));
      page.fetched_at = *parse_time("2026-04-21T12:00:00+08:00");
      REQUIRE(!page.body.empty());
      Source source;
      source.id = "test";
      source.name = "试验信源";
      source.kind = golden.kind;
      source.medium = golden.kind == SourceKind::board ? "forum" : "news";
      source.district = "云溪区";
      source.pages_max = 3;
      const Result<Extracted> extracted = extract(page, source, golden.role, "salt");
      REQUIRE(extracted);
      const std::string got = answer(*extracted);
      const std::string path = path_of(std::string(golden.name) + ".json");
      if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << got;
      CHECK(got == content_of(path));
    }
  }
}
