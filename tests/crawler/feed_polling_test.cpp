// A thousand feeds over seven days of simulated time: the program's own feed reader, schedule and freshness,
// against servers that are as strict about validators as servers should be. What the network would carry is
// carried by function calls; nothing waits.
#include <catch2/catch.hpp>
#include <queue>
#include <random>
#include <set>

#include "crawler/extract.h"
#include "crawler/schedule.h"

using namespace tingchao;
using namespace tingchao::crawler;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Time start = *parse_time("2026-04-13T00:00:00+08:00");
constexpr std::chrono::days days{7};

// A server of one feed: how it names its versions, and how long it asks to be left alone.
class FeedServer {
 public:
  FeedServer(int number, std::mt19937& random) : number_(number), kind_(number % 6) {
    for (double day = 0; day < 7; day += 0.02 + static_cast<double>(random() % 1000) / 400)
      published_.push_back(start + Seconds(static_cast<long>(day * 86400)));
  }

  struct Asked {
    Time at{};
    bool conditional = false, fresh_still = false, modified = false, honest = true;
  };

  // Answers as a server would, and writes down what was asked.
  Page get(const Validators& validators, Time now) {
    const int version = version_at(now);
    const Validators mine = validators_of(version);
    Asked& asked = asked_.emplace_back();
    asked.at = now;
    asked.conditional = !validators.empty();
    asked.fresh_still = now < fresh_until_;
    const Validators last = version_served_ < 0 ? Validators{} : validators_of(version_served_);
    asked.honest = validators.etag == last.etag && validators.last_modified == last.last_modified;
    const bool same =
        asked.conditional && validators.etag == mine.etag && validators.last_modified == mine.last_modified;
    asked.modified = !same;

    Page page;
    page.source = "f" + std::to_string(number_);
    page.requested_url = page.url = url();
    page.fetched_at = now;
    page.status = same ? 304 : 200;
    page.not_modified = same;
    page.validators = mine;
    if (!mine.etag.empty()) page.headers.emplace_back("etag", mine.etag);
    if (!mine.last_modified.empty()) page.headers.emplace_back("last-modified", mine.last_modified);
    Seconds fresh{0};
    if (kind_ == 1) {
      fresh = minutes(45);
      page.headers.emplace_back("cache-control", "public, max-age=2700");
    } else if (kind_ == 2) {
      fresh = hours(2);
      page.headers.emplace_back("expires", http_date(now + fresh));
    } else if (kind_ == 3) {
      fresh = minutes(90);  // by <ttl>, which a 304 does not repeat
    } else if (kind_ == 4) {
      page.headers.emplace_back("expires", "0");
    }
    if (!same) page.body = body(version);
    fresh_until_ = now + fresh;
    version_served_ = version;
    return page;
  }
  std::string url() const { return "http://feed" + std::to_string(number_) + ".example/rss"; }
  const std::vector<Asked>& asked() const { return asked_; }
  bool changed_between(Time before, Time now) const { return version_at(before) != version_at(now); }

 private:
  int version_at(Time now) const {
    return static_cast<int>(std::upper_bound(published_.begin(), published_.end(), now) - published_.begin());
  }
  // Six ways to name a version; all are to come back byte for byte.
  Validators validators_of(int version) const {
    const std::string v = std::to_string(version);
    switch (number_ % 5) {
      case 0:
        return {"\"" + v + "-a\"", ""};
      case 1:
        return {"W/\"" + v + "\"", "Mon, 13 Apr 2026 00:00:" + std::string(version % 60 < 10 ? "0" : "") +
                                       std::to_string(version % 60) + " GMT"};
      case 2:
        return {v + "-unquoted, with: odd;bytes", ""};
      case 3:
        return {"", "version " + v};
      default:
        return {"\"\\\"" + v + "\xE6\x96\xB0\"", ""};
    }
  }
  static std::string http_date(Time at) {
    static constexpr const char* names[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{std::chrono::sys_days(day)};
    const std::chrono::hh_mm_ss time{at - day};
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02u Apr 2026 %02ld:%02ld:%02ld GMT",
                  names[day.time_since_epoch().count() % 7], unsigned(date.day()), long(time.hours().count()),
                  long(time.minutes().count()), long(time.seconds().count()));
    return text;
  }
  std::string body(int version) const {
    std::string out = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>学校新闻</title>";
    if (kind_ == 3) out += "<ttl>90</ttl>";
    for (int i = std::max(0, version - 10); i < version; ++i)
      out += "<item><title>第" + std::to_string(i) + "号通知</title><link>http://feed" +
             std::to_string(number_) + ".example/n/" + std::to_string(i) + "</link></item>";
    return out + "</channel></rss>";
  }

  int number_, kind_;
  std::vector<Time> published_;
  std::vector<Asked> asked_;
  Time fresh_until_{};
  int version_served_ = -1;
};

}  // namespace

TEST_CASE("a thousand feeds for a week: polite polls", "[crawler][feeds]") {
  std::mt19937 random(1000);
  std::vector<FeedServer> servers;
  std::vector<Source> sources;
  for (int i = 0; i < 1000; ++i) {
    servers.emplace_back(i, random);
    Source& source = sources.emplace_back();
    source.id = "f" + std::to_string(i);
    source.kind = SourceKind::feed;
    source.urls = {servers.back().url()};
    source.interval = minutes(i % 3 == 0 ? 15 : 60);
  }
  // What the store keeps of each: validators and the feed's own ttl.
  std::vector<Validators> kept(sources.size());
  std::vector<std::optional<Seconds>> ttl(sources.size());
  std::vector<std::set<std::string>> links(sources.size());
  using Turn = std::pair<Time, std::size_t>;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> queue;
  for (std::size_t i = 0; i < sources.size(); ++i)
    queue.emplace(first_due(sources[i], std::nullopt, start, sources[i].interval), i);
  while (queue.top().first < start + days) {
    const auto [now, i] = queue.top();
    queue.pop();
    const Page page = servers[i].get(kept[i], now);
    if (!page.not_modified) {
      const auto read = extract(page, sources[i], Role::entry, "salt");
      REQUIRE(read);
      ttl[i] = read->ttl;
      for (const Link& link : read->links) links[i].insert(link.url);
    }
    kept[i] = page.validators;
    Visit visit;
    visit.at = now;
    visit.success = true;
    visit.server_asks = freshness(page.headers, now);
    if (ttl[i] && (!visit.server_asks || *ttl[i] > *visit.server_asks)) visit.server_asks = ttl[i];
    queue.emplace(next_due(sources[i], visit).at, i);
  }

  long polls = 0, unchanged = 0, answered_304 = 0;
  for (const FeedServer& server : servers) {
    int unconditional = 0;
    for (std::size_t p = 0; p < server.asked().size(); ++p) {
      const auto& asked = server.asked()[p];
      ++polls;
      unconditional += !asked.conditional;
      if (!asked.honest || asked.fresh_still) {
        CAPTURE(server.url(), p, asked.honest, asked.fresh_still);
        FAIL("validators changed on the way, or asked while the last answer was fresh");
      }
      if (p == 0 || server.changed_between(server.asked()[p - 1].at, asked.at)) continue;
      ++unchanged;
      answered_304 += !asked.modified;
    }
    CHECK(unconditional == 1);
  }
  std::size_t found = 0;
  for (const auto& each : links) found += each.size();
  CHECK(polls > 150'000);
  CHECK(found > 4'000);
  CHECK(static_cast<double>(answered_304) >= 0.95 * static_cast<double>(unchanged));
  WARN(polls << " polls, " << answered_304 << " of " << unchanged << " unchanged ones answered 304, " << found
             << " links found");
}
