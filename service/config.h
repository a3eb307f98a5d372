#pragma once
// The configuration file (YAML) as one value: a struct of the parts' own options. Read once at start;
// nobody but service/ sees it. Every mistake is reported with file, line, column and mend, all at once.

#include <optional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/notify.h"
#include "core/result.h"
#include "core/source.h"
#include "service/wall_clock.h"

namespace tingchao::service {

struct Config {
  std::string file;       // as given, for messages; empty: embedded defaults
  std::string directory;  // relative paths start here

  // bureau:
  std::string bureau = "示例区教育和体育局";
  std::string region;                // 浙江省杭州市西湖区; empty: every place counts as ours
  std::vector<std::string> rosters;  // CSV files
  std::string base_url;

  std::string store = "sqlite:tingchao.db";
  std::vector<std::string> rules;     // files or directories; empty: the embedded packs
  std::string measure;                // file; empty: the embedded one
  std::vector<std::string> lexicons;  // further word lists

  // models: of `tingchao train`; empty: the shipped ones
  std::map<std::string, std::string> models;  // file by head

  // http:
  std::string http_address = "127.0.0.1";
  int http_port = 8750;  // 0: any; -1: off

  // crawl:
  std::string contact = "";  // in the User-Agent: an address a webmaster can write to
  std::vector<std::string> allow_networks;
  Seconds delay_min{1};
  std::chrono::milliseconds delay_min_ms{1000};
  int links_in_flight = 16;  // pages being read at a time, over all hosts

  std::vector<Source> sources;  // the file's own, then those of source_packs
  alerting::Book book;  // channels, recipients

  // delivery:
  std::optional<int> self_test_minute;  // of the day, +08:00; empty: off
  std::string heartbeat_url;            // empty: off
  Seconds heartbeat_every{60};

  // digest:
  std::optional<int> digest_minute = 8 * 60;  // of the day, +08:00; empty: off
  bool digest_week = false, digest_month = false;  // with it: the week's on Mondays, the month's on the 1st

  // retention:
  Seconds keep_documents{std::chrono::days{180}};
  Seconds keep_warnings{std::chrono::days{3 * 365}};

  WallClock clock;  // demo only
};

// Fails with bad_config; the detail holds one line a mistake ("tingchao.yaml:12:3: …").
Result<Config> load_config(const std::string& file);
Result<Config> parse_config(std::string_view yaml, const std::string& file, const std::string& directory);

// The sources of a pack: a file with `sources:` alone. Fails with bad_config, a line a mistake.
Result<std::vector<Source>> parse_source_pack(std::string_view yaml, const std::string& file);
// The example packs that come with the program, by the names that `source_packs:` takes.
std::vector<std::string> source_pack_names();

}  // namespace tingchao::service
