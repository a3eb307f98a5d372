// A made-up roster of five thousand schools in ten districts: exact names, the short forms that people
// use, and names that several districts share.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "shipped.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

const char* const districts[] = {"上城区", "拱墅区", "西湖区", "滨江区", "萧山区",
                                 "余杭区", "临平区", "钱塘区", "富阳区", "临安区"};
const char* const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

struct Made {
  std::string name, district, code;
  std::vector<std::string> short_forms;  // as people write them
};

std::vector<Made> make_roster() {
  const std::string first = "云溪望枫松柏竹梅兰菊石泉清风明月春秋晨曦星河海湖江",
                    second = "山林亭桥溪谷岭湾岗墩畈埠塘港浦";
  const auto character = [](const std::string& of, std::size_t i) { return of.substr(i * 3 % of.size(), 3); };
  std::vector<Made> out;
  std::size_t number = 0;
  const auto add = [&](const std::string& name, const char* district, std::vector<std::string> short_forms) {
    out.push_back({name, district, fmt::format("S{:05}", number++), std::move(short_forms)});
  };
  for (const char* district : districts) {
    const std::string bare = std::string(district).substr(0, std::string(district).size() - 3);
    // Named like those of every other district.
    for (const char* n : numerals) {
      add(fmt::format("{}第{}中学", district, n), district,
          {fmt::format("{}{}中", bare, n), fmt::format("{}第{}中学", bare, n)});
      add(fmt::format("{}第{}小学", district, n), district, {fmt::format("{}{}小", bare, n)});
    }
    add(fmt::format("{}实验小学", district), district, {bare + "实验小学", bare + "实小"});
    add(fmt::format("{}实验中学", district), district, {bare + "实验中学", bare + "实中"});
  }
  // Names of their own; the districts take turns.
  for (std::size_t i = 0; out.size() < 5000; ++i) {
    const std::string stem =
        character(first, i) + character(second, i / 25) + (i >= 375 ? character(first, i / 375 + 7) : "");
    const char* district = districts[i % std::size(districts)];
    static constexpr const char* kinds[] = {"小学", "中学", "幼儿园", "实验学校"};
    const char* kind = kinds[i % 4];
    add(fmt::format("{}{}{}", district, stem, kind), district, {stem + kind});
  }
  return out;
}

std::string csv_of(const std::vector<Made>& schools) {
  std::string csv = "name,district,code\n";
  for (const Made& school : schools)
    csv += fmt::format("{},{},{}\n", school.name, school.district, school.code);
  return csv;
}

// The id of the school that a post names, empty when none of the roster is seen.
std::string seen(const Analyzer& analyzer, const std::string& title, const std::string& body) {
  Document document;
  document.title = title;
  document.body = body;
  document.district = "浙江省杭州市";
  for (const Entity& entity : analyzer.analyze(document).entities)
    if (entity.kind == EntityKind::school && entity.id.starts_with("S0")) return entity.id;
  return {};
}

}  // namespace

TEST_CASE("five thousand schools are told apart under all their names", "[entity][roster]") {
  const std::vector<Made> schools = make_roster();
  REQUIRE(schools.size() == 5000);
  const auto analyzer = shipped_analyzer("浙江省杭州市", csv_of(schools));
  std::size_t exact = 0, shorts = 0, shorts_right = 0;
  for (const Made& school : schools) {
    if (seen(*analyzer, "", "今天早上" + school.name + "门口又堵车了，家长很着急。") == school.code)
      ++exact;
    else
      UNSCOPED_INFO("not seen: " << school.name);
    for (const std::string& form : school.short_forms) {
      ++shorts;
      shorts_right += seen(*analyzer, "", "昨天路过" + form + "，操场的灯一直亮着。") == school.code;
    }
  }
  CHECK(exact == schools.size());
  INFO("short forms " << shorts_right << " of " << shorts);
  CHECK(static_cast<double>(shorts_right) / static_cast<double>(shorts) >= 0.95);
}

TEST_CASE("a name that every district has is the one of the district spoken of", "[entity][roster]") {
  const std::vector<Made> schools = make_roster();
  const auto analyzer = shipped_analyzer("浙江省杭州市", csv_of(schools));
  std::size_t asked = 0, right = 0;
  for (const Made& school : schools) {
    const std::string common = school.name.substr(school.district.size());
    if (!common.starts_with("第") && !common.starts_with("实验")) continue;
    ++asked;
    right += seen(*analyzer, school.district + "家长反映收费问题",
                  common + "的课后服务费又涨了，希望有人管一管。") == school.code;
  }
  CHECK(asked == 220);
  INFO("right district " << right << " of " << asked);
  CHECK(static_cast<double>(right) / static_cast<double>(asked) >= 0.97);
}
