// The data beside the packs: example sources have the fields of core/source.h, the calendar's days exist and
// do not contradict the week, word classes hold one word a line.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <yaml-cpp/yaml.h>

#include "core/source.h"
#include "core/utf8.h"

namespace tingchao {
namespace {

namespace fs = std::filesystem;
using std::chrono::year_month_day;

const fs::path rules = fs::path(TINGCHAO_SOURCE_DIR) / "rules";

std::vector<fs::path> files(const std::string& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(rules / folder)) out.push_back(entry.path());
  return out;
}

std::optional<year_month_day> day_of(const YAML::Node& node) {
  static const std::regex form(R"((\d{4})-(\d{2})-(\d{2}))");
  std::smatch parts;
  const std::string text = node ? node.as<std::string>() : "";
  if (!std::regex_match(text, parts, form)) return std::nullopt;
  const year_month_day day{std::chrono::year{std::stoi(parts[1])}, std::chrono::month{unsigned(std::stoi(parts[2]))},
                           std::chrono::day{unsigned(std::stoi(parts[3]))}};
  return day.ok() ? std::optional(day) : std::nullopt;
}

bool is_weekend(year_month_day day) {
  const std::chrono::weekday weekday{std::chrono::sys_days{day}};
  return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

}  // namespace

TEST_CASE("example sources have known fields, distinct ids, and say that nobody checked them", "[packs]") {
  const std::set<std::string> known = {"id", "name", "kind", "urls", "interval", "medium", "official", "weight",
                                       "district", "language", "selectors", "link_pattern", "pages_max", "links_max",
                                       "delay", "checked"};
  const std::set<std::string> media = {"news", "official", "forum", "board", "hotlist", "blog", "video", "import"};
  std::set<std::string> ids;
  for (const fs::path& path : files("sources"))
    for (const YAML::Node& source : YAML::LoadFile(path.string())["sources"]) {
      const std::string id = source["id"].as<std::string>();
      INFO(path.filename() << " " << id);
      for (const auto& field : source) CHECK(known.contains(field.first.as<std::string>()));
      CHECK(ids.insert(id).second);
      CHECK(std::regex_match(id, std::regex("[a-z0-9-]+")));
      CHECK(source_kind(source["kind"].as<std::string>()).has_value());
      CHECK(media.contains(source["medium"].as<std::string>()));
      CHECK(std::regex_match(source["interval"].as<std::string>(), std::regex("[0-9]+[mh]")));
      REQUIRE(source["urls"].size() > 0);
      for (const YAML::Node& url : source["urls"])
        CHECK(std::regex_match(url.as<std::string>(), std::regex("https?://[^ ]+")));
      const double weight = source["weight"].as<double>();
      CHECK((weight > 0 && weight <= 1));
      CHECK(source["checked"].as<bool>() == false);
    }
  CHECK(ids.size() >= 12);
}

TEST_CASE("the calendar's days are days, in order, and make-up workdays fall on weekends", "[packs]") {
  for (const fs::path& path : files("calendar")) {
    const YAML::Node calendar = YAML::LoadFile(path.string());
    const int year = calendar["year"].as<int>();
    REQUIRE(calendar["days"].size() > 0);
    for (const YAML::Node& entry : calendar["days"]) {
      INFO(path.filename() << " " << entry["name"].as<std::string>());
      const auto from = day_of(entry["date"] ? entry["date"] : entry["from"]);
      const auto to = day_of(entry["date"] ? entry["date"] : entry["to"]);
      REQUIRE((from && to));
      CHECK(int(from->year()) == year);
      CHECK(*from <= *to);
      const double expect = entry["expect"].as<double>();
      CHECK((expect > 0 && expect <= 20));
      CHECK((entry["known"].as<std::string>() == "true" || entry["known"].as<std::string>() == "false"));
      if (entry["kind"].as<std::string>() == "workday") CHECK(is_weekend(*from));
    }
  }
}

TEST_CASE("a word class is one word a line, none twice", "[packs]") {
  for (const fs::path& path : files("words")) {
    INFO(path.filename());
    REQUIRE(path.extension() == ".txt");
    std::ifstream file(path);
    std::set<std::string> seen;
    for (std::string line; std::getline(file, line);) {
      INFO(line);
      CHECK(line == std::string(trim(line)));
      CHECK(is_utf8(line));
      CHECK(line.find(' ') == std::string::npos);
      CHECK(seen.insert(line).second);
    }
    CHECK(seen.size() >= 5);
  }
}

}  // namespace tingchao
