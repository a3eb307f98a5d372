// The example packs: every one parses, says that it was not tried, and can be opted into as a whole or one by
// one.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "service/config.h"
#include "service/resources.h"

using namespace tingchao;
using namespace tingchao::service;

namespace {

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

Result<Config> config_of(const std::string& yaml) { return parse_config(yaml, "t.yaml", "."); }

}  // namespace

TEST_CASE("every pack of sources parses, with distinct ids and Chinese names", "[service][sources]") {
  std::set<std::string> ids, urls;
  std::size_t all = 0;
  for (const std::string& pack : source_pack_names()) {
    INFO(pack);
    const std::string file = "rules/sources/" + pack + ".yaml";
    const auto text = resource(file);
    REQUIRE(text);
    const auto sources = parse_source_pack(*text, file);
    if (!sources) FAIL(sources.error().detail);
    CHECK(count(*text, "checked: false  # unchecked live") == sources->size());
    for (const Source& source : *sources) {
      INFO(source.id);
      CHECK(ids.insert(source.id).second);
      CHECK(urls.insert(source.urls.front()).second);
      CHECK(static_cast<unsigned char>(source.name[0]) >= 0xE4);
      CHECK(source.interval >= std::chrono::minutes{10});
      CHECK((source.medium == "official") == source.official);
      for (const char* locked : {"login", "passport", "signin"})
        CHECK(source.urls.front().find(locked) == std::string::npos);
    }
    all += sources->size();
  }
  CHECK(all >= 40);
}

TEST_CASE("a pack with an unknown key, a doubled id or no address is refused, with its place",
          "[service][sources]") {
  struct Case {
    const char* name;
    const char* yaml;
    const char* says;
  };
  const Case cases[] = {
      {"未知的键", "sources:\n  - {id: a, kind: list, urls: [\"http://a.example/\"], intervall: 1h}\n",
       "intervall"},
      {"重复的 id",
       "sources:\n  - {id: a, kind: list, urls: [\"http://a.example/\"]}\n  - {id: a, kind: list, urls: "
       "[\"http://b.example/\"]}\n",
       "twice"},
      {"没有地址", "sources:\n  - {id: a, kind: list}\n", "urls"},
      {"不是信源包", "store: x.db\n", "sources"},
      {"坏的选择器",
       "sources:\n  - {id: a, kind: list, urls: [\"http://a.example/\"], selectors: {item: 'li['}}\n",
       "li["}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      const auto sources = parse_source_pack(c.yaml, "pack.yaml");
      REQUIRE_FALSE(sources);
      CHECK(sources.error().detail.find("pack.yaml:") != std::string::npos);
      CHECK(sources.error().detail.find(c.says) != std::string::npos);
    }
}

TEST_CASE("packs are opted into, and one's own source goes before", "[service][sources]") {
  CHECK(config_of("store: t.db\n")->sources.empty());
  const auto whole = config_of("source_packs: [ministry]\n");
  REQUIRE(whole);
  CHECK(whole->sources.size() >= 5);
  const auto one = config_of("source_packs: [press/people-edu]\n");
  REQUIRE(one);
  REQUIRE(one->sources.size() == 1);
  CHECK(one->sources[0].id == "people-edu");
  const auto own = config_of(
      "sources:\n  - {id: people-edu, kind: list, urls: [\"http://a.example/\"]}\nsource_packs: "
      "[press/people-edu]\n");
  REQUIRE(own);
  REQUIRE(own->sources.size() == 1);
  CHECK(own->sources[0].urls[0] == "http://a.example/");
  const auto wrong = config_of("source_packs: [nowhere, press/nobody]\n");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().detail.find("ministry") != std::string::npos);
  CHECK(wrong.error().detail.find("nobody") != std::string::npos);
}
