// Each section of the file is read by one function into its part of Config; checks that need several
// sections (a recipient's channel, a duplicate id) come last.
#include "service/config.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "alerting/digest.h"
#include "alerting/notify/templates.h"
#include "crawler/extract.h"
#include "net/address_policy.h"
#include "service/config_duty.h"
#include "service/files.h"
#include "service/resources.h"
#include "service/yaml.h"

namespace tingchao::service {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// "${NAME}" is taken from the environment, so that no password need stand in the file.
void expand_environment(YamlMap& map, const char* key, std::string& value) {
  if (!value.starts_with("${") || !value.ends_with("}")) return;
  const std::string name = value.substr(2, value.size() - 3);
  if (const char* set = std::getenv(name.c_str()))
    value = set;
  else
    map.mistake(key, "the environment has no " + name,
                "set it in the service's environment file, or write the value here");
}

std::string absolute(const std::string& path, const std::string& directory) {
  if (path.empty() || std::filesystem::path(path).is_absolute()) return path;
  return (std::filesystem::path(directory) / path).lexically_normal().string();
}

void read_bureau(YamlMap& root, Config& config) {
  auto map = root.map("bureau");
  if (!map) return;
  map->read("name", config.bureau);
  map->read("region", config.region);
  map->read("roster", config.rosters);
  map->read("url", config.base_url);
  map->finish();
  for (std::string& roster : config.rosters) roster = absolute(roster, config.directory);
}

void read_models(YamlMap& root, Config& config) {
  auto map = root.map("models");
  if (!map) return;
  for (const char* head : {"segment", "stance", "relevance", "topic", "severity"}) {
    std::string path;
    map->read(head, path);
    if (!path.empty()) config.models[head] = absolute(path, config.directory);
  }
  map->finish();
}

void read_crawl(YamlMap& root, Config& config) {
  auto map = root.map("crawl");
  if (!map) return;
  map->read("contact", config.contact);
  map->read("allow_networks", config.allow_networks);
  map->read("links_in_flight", config.links_in_flight, 1, 512);
  if (const auto text = map->scalar("delay_min")) {
    if (text->ends_with("ms") && text->size() > 2 &&
        std::all_of(text->begin(), text->end() - 2, [](unsigned char c) { return std::isdigit(c); })) {
      config.delay_min_ms = std::chrono::milliseconds(std::stol(text->substr(0, 9)));
    } else if (const auto span = parse_duration(*text)) {
      config.delay_min_ms = *span;
    } else {
      map->mistake("delay_min", "'" + *text + "' is no span of time", "write it like 1s or 500ms");
    }
  }
  const auto policy = net::AddressPolicy::allowing(config.allow_networks);
  if (!policy) map->mistake("allow_networks", policy.error().detail, policy.error().mend);
  map->finish();
}

void read_selectors(YamlMap& source, Selectors& out) {
  auto map = source.map("selectors");
  if (!map) return;
  const std::pair<const char*, std::string*> all[] = {
      {"item", &out.item}, {"link", &out.link}, {"title", &out.title}, {"time", &out.time},
      {"body", &out.body}, {"next", &out.next}, {"post", &out.post},   {"author", &out.author}};
  for (const auto& [key, target] : all) {
    map->read(key, *target);
    const std::string wrong = target->empty() ? "" : crawler::selector_mistake(*target);
    if (!wrong.empty()) map->mistake(key, "selector '" + *target + "': " + wrong, "see docs/extraction.md");
  }
  map->finish();
}

bool is_id(const std::string& id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return std::islower(c) || std::isdigit(c) || c == '-' || c == '_';
  });
}

Source read_source(YamlMap& map) {
  Source source;
  map.require("id", "give it a short id of a-z, 0-9 and -");
  map.read("id", source.id);
  if (!source.id.empty() && !is_id(source.id))
    map.mistake("id", "'" + source.id + "' has other characters", "use a-z, 0-9 and - only");
  source.name = source.id;
  map.read("name", source.name);
  map.require("kind", "one of feed, sitemap, list, page, hotlist, board");
  if (const auto kind = map.scalar("kind")) {
    if (const auto known = source_kind(*kind))
      source.kind = *known;
    else
      map.mistake("kind", "no kind '" + *kind + "'", "one of feed, sitemap, list, page, hotlist, board");
  }
  map.require("urls", "the addresses to read");
  map.read("urls", source.urls);
  for (const std::string& url : source.urls)
    if (crawler::canonical_url(url).empty())
      map.mistake("urls", "'" + url + "' is no http(s) address", "write it whole: https://…");
  map.read("interval", source.interval, seconds{1}, hours{24 * 7});
  std::string revisit = "fixed";
  map.read("revisit", revisit);
  source.adaptive = revisit == "adaptive";
  if (revisit != "fixed" && revisit != "adaptive")
    map.mistake("revisit", "no way '" + revisit + "'", "fixed: by the interval; adaptive: oftener where it pays");
  if (source.kind == SourceKind::board) source.medium = "forum";
  if (source.kind == SourceKind::hotlist) source.medium = "hotlist";
  map.read("medium", source.medium);
  map.read("weight", source.weight, 0, 1);
  map.read("official", source.official);
  map.read("district", source.district);
  map.read("language", source.language);
  map.read("link_pattern", source.link_pattern);
  map.read("pages_max", source.pages_max, 1, 100);
  map.read("links_max", source.links_max, 1, 1000);
  map.read("delay", source.delay, seconds{0}, hours{1});
  bool checked = true;  // a mark for people in the example packs
  map.read("checked", checked);
  read_selectors(map, source.selectors);
  if (auto pointers = map.map("hotlist")) {
    pointers->read("items", source.hotlist.items);
    pointers->read("title", source.hotlist.title);
    pointers->read("url", source.hotlist.url);
    pointers->read("rank", source.hotlist.rank);
    pointers->read("heat", source.hotlist.heat);
    pointers->finish();
  }
  map.finish();
  return source;
}

void read_sources(YamlMap& root, std::vector<Source>& sources) {
  std::set<std::string> ids;
  for (YamlMap& map : root.maps("sources")) {
    Source source = read_source(map);
    if (!source.id.empty() && !ids.insert(source.id).second)
      map.mistake("id", "'" + source.id + "' is there twice", "give each source its own id");
    sources.push_back(std::move(source));
  }
}

constexpr std::string_view packs_folder = "rules/sources/";

Result<std::vector<Source>> load_source_pack(const std::string& name, const Config& config) {
  const std::string inside = std::string(packs_folder) + name + ".yaml";
  if (const auto text = resource(inside)) return parse_source_pack(*text, inside);
  if (!name.ends_with(".yaml") && !name.ends_with(".yml")) {
    std::string names;
    for (const std::string& each : source_pack_names()) names += (names.empty() ? "" : ", ") + each;
    return Error{Errc::bad_argument, "no pack of sources '" + name + "'", "one of " + names + ", or a .yaml file"};
  }
  const std::string path = absolute(name, config.directory);
  auto text = read_file(path, 4u << 20);
  if (!text) return text.error();
  return parse_source_pack(*text, path);
}

// "press": the whole pack; "press/people-edu": one source of it. The file's own sources go before, so that one of
// them can take the place of a pack's source by its id.
void read_source_packs(YamlMap& root, Config& config) {
  std::vector<std::string> wanted;
  root.read("source_packs", wanted);
  for (const std::string& each : wanted) {
    const std::size_t slash = each.ends_with(".yaml") || each.ends_with(".yml") ? std::string::npos : each.find('/');
    const std::string only = slash == std::string::npos ? "" : each.substr(slash + 1);
    const auto pack = load_source_pack(each.substr(0, slash), config);
    if (!pack) {
      root.mistake("source_packs", pack.error().detail, pack.error().mend);
      continue;
    }
    bool found = only.empty();
    for (const Source& source : *pack) {
      if (!only.empty() && source.id != only) continue;
      found = true;
      const bool known = std::any_of(config.sources.begin(), config.sources.end(),
                                     [&](const Source& own) { return own.id == source.id; });
      if (!known) config.sources.push_back(source);
    }
    if (!found)
      root.mistake("source_packs", "the pack has no source '" + only + "'", "`tingchao source list` shows them");
  }
}

// A file of one's own, read once: a mistake in it is told before the daemon starts.
void read_channel_template(YamlMap& map, const Config& config, alerting::Channel& channel) {
  constexpr std::size_t template_bytes_max = 256u << 10;
  std::string file;
  map.read("template", file);
  if (file.empty()) return;
  auto text = read_file(absolute(file, config.directory), template_bytes_max);
  if (!text) return map.mistake("template", text.error().detail, "name a readable file, or leave it out");
  using Kind = alerting::Channel::Kind;
  const bool writes_mail = channel.kind == Kind::mail || channel.kind == Kind::spool;
  if (!writes_mail && !alerting::is_robot(channel))
    return map.mistake("template", "消息的格式是固定的，没有模板",
                       "去掉它；邮件、目录、钉钉、企业微信、飞书可以有");
  if (channel.kind == Kind::spool && channel.form == alerting::Channel::Form::json)
    return map.mistake("template", "form: json 的目录写的是固定的 JSON，没有模板", "去掉它；或改为 form: mail，模板用于邮件");
  if (auto good = alerting::check_template(file, *text); !good)
    return map.mistake("template", good.error().detail, good.error().mend);
  channel.template_text = std::move(*text);
}

alerting::Channel read_channel(YamlMap& map, const Config& config) {
  using Kind = alerting::Channel::Kind;
  alerting::Channel channel;
  map.require("id", "recipients name it");
  map.read("id", channel.id);
  std::string kind = "mail";
  map.read("kind", kind);
  if (kind == "mail") {
    channel.kind = Kind::mail;
    map.require("host", "the mail server's name");
    map.require("from", "the sender's address");
  } else if (kind == "webhook") {
    channel.kind = Kind::webhook;
    map.require("url", "where to post to");
  } else if (kind == "spool") {
    channel.kind = Kind::spool;
    map.require("directory", "where to put the files");
  } else if (kind == "dingtalk" || kind == "wecom" || kind == "feishu") {
    channel.kind = kind == "dingtalk" ? Kind::dingtalk : kind == "wecom" ? Kind::wecom : Kind::feishu;
    map.require("url", "the robot's address, as the group's settings show it");
  } else if (kind == "syslog") {
    channel.kind = Kind::syslog;
  } else {
    map.mistake("kind", "no kind '" + kind + "'", "one of mail, webhook, spool, dingtalk, wecom, feishu, syslog");
  }
  map.read("socket", channel.socket);
  std::string form = "mail";
  map.read("form", form);
  if (form == "json") channel.form = alerting::Channel::Form::json;
  else if (form != "mail") map.mistake("form", "no form '" + form + "'", "one of mail, json");
  read_channel_template(map, config, channel);
  map.read("host", channel.host);
  map.read("port", channel.port, 1, 65535);
  map.read("security", channel.security);
  if (channel.security != "starttls" && channel.security != "tls" && channel.security != "none")
    map.mistake("security", "no such security '" + channel.security + "'", "one of starttls, tls, none");
  map.read("user", channel.user);
  map.read("password", channel.password);
  expand_environment(map, "password", channel.password);
  map.read("from", channel.from);
  map.read("ca_file", channel.ca_file);
  map.read("url", channel.url);
  expand_environment(map, "url", channel.url);  // of a robot the address is the key
  map.read("secret", channel.secret);
  expand_environment(map, "secret", channel.secret);
  map.read("directory", channel.directory);
  channel.directory = absolute(channel.directory, config.directory);
  channel.ca_file = absolute(channel.ca_file, config.directory);
  map.finish();
  return channel;
}

void check_fallback(YamlMap& map, const Config& config, const alerting::Recipient& recipient) {
  if (recipient.fallback_channel.empty()) return;
  const alerting::Channel* channel = alerting::find_channel(config.book, recipient.fallback_channel);
  if (!channel)
    map.mistake("fallback", "no channel '" + recipient.fallback_channel + "'", "define it under channels:");
  else if (channel->kind == alerting::Channel::Kind::mail && recipient.fallback_address.find('@') == std::string::npos)
    map.mistake("fallback", "a fallback by mail needs fallback_address", "write name@host");
}

void read_recipient(YamlMap& map, Config& config) {
  alerting::Recipient recipient;
  map.read("name", recipient.name);
  map.require("channel", "the id of one of the channels");
  map.read("channel", recipient.channel);
  map.read("address", recipient.address);
  map.read("levels", recipient.level_rank_max, 1, 9);
  map.read("groups", recipient.groups);
  map.read("topics", recipient.topics);
  map.read("digest", recipient.digest);
  map.read("warnings", recipient.opinion);
  map.read("operator", recipient.operator_);
  read_hours_of(map, recipient);
  map.read("fallback", recipient.fallback_channel);
  map.read("fallback_address", recipient.fallback_address);
  map.finish();
  check_fallback(map, config, recipient);
  const alerting::Channel* channel = alerting::find_channel(config.book, recipient.channel);
  if (!channel) {
    if (!recipient.channel.empty())
      map.mistake("channel", "no channel '" + recipient.channel + "'", "define it under channels:");
  } else if (channel->kind == alerting::Channel::Kind::mail &&
             recipient.address.find('@') == std::string::npos) {
    map.mistake("address", "'" + recipient.address + "' is no mail address", "write name@host");
  }
  config.book.recipients.push_back(std::move(recipient));
}

void read_http(YamlMap& root, Config& config) {
  auto map = root.map("http");
  if (!map) return;
  bool enabled = true;
  map->read("enabled", enabled);
  map->read("address", config.http_address);
  map->read("port", config.http_port, 0, 65535);
  if (!enabled) config.http_port = -1;
  map->finish();
}

// "08:00": minutes of the day.
std::optional<int> read_minute(YamlMap& map, const char* key) {
  const auto at = map.scalar(key);
  if (!at) return {};
  int hour = -1, minute = -1;
  if (at->size() == 5 && (*at)[2] == ':' && std::isdigit((*at)[0]) && std::isdigit((*at)[1]) &&
      std::isdigit((*at)[3]) && std::isdigit((*at)[4])) {
    hour = std::stoi(at->substr(0, 2));
    minute = std::stoi(at->substr(3));
  }
  if (hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59) return hour * 60 + minute;
  map.mistake(key, "'" + *at + "' is no time of day", "write it like \"08:00\", in quotes");
  return {};
}

void read_delivery(YamlMap& root, Config& config) {
  auto map = root.map("delivery");
  if (!map) return;
  config.self_test_minute = read_minute(*map, "self_test");
  map->read("heartbeat", config.heartbeat_url);
  expand_environment(*map, "heartbeat", config.heartbeat_url);
  if (!config.heartbeat_url.empty() && !config.heartbeat_url.starts_with("http"))
    map->mistake("heartbeat", "'" + config.heartbeat_url + "' is no address", "write https://…");
  map->read("heartbeat_every", config.heartbeat_every, Seconds{10}, hours{1});
  map->finish();
}

void read_digest(YamlMap& root, Config& config) {
  auto map = root.map("digest");
  if (!map) return;
  bool enabled = true;
  map->read("enabled", enabled);
  map->read("week", config.digest_week);
  map->read("month", config.digest_month);
  if (const auto minute = read_minute(*map, "at")) config.digest_minute = minute;
  if (!enabled) config.digest_minute.reset();
  map->finish();
}

void read_retention(YamlMap& root, Config& config) {
  auto map = root.map("retention");
  if (!map) return;
  map->read("documents", config.keep_documents, hours{24}, hours{24 * 3660});
  map->read("warnings", config.keep_warnings, hours{24}, hours{24 * 3660});
  map->finish();
}

void read_clock(YamlMap& root, Config& config) {
  auto map = root.map("clock");
  if (!map) return;
  std::string begins, ends, started;
  double factor = 1;
  map->read("begins", begins);
  map->read("ends", ends);
  map->read("started", started);  // real time, milliseconds since 1970
  map->read("factor", factor, 0.001, 1e6);
  map->finish();
  const auto at = parse_time(begins), stop = parse_time(ends);
  if (!at || !stop || started.empty() || started.size() > 15 ||
      !std::all_of(started.begin(), started.end(), [](unsigned char c) { return std::isdigit(c); })) {
    map->mistake("begins", "a simulated clock needs begins, ends and started",
                 "it is for the demo; leave it out");
    return;
  }
  const std::chrono::system_clock::time_point real{std::chrono::milliseconds(std::stoll(started))};
  config.clock = WallClock(*at, real, factor, *stop);
}

void complete_book(Config& config) {
  config.book.bureau = config.bureau;
  config.book.base_url = config.base_url;
  config.book.mail_domain = "tingchao.local";
  for (const auto& channel : config.book.channels) {
    const auto at = channel.from.rfind('@');
    if (at == std::string::npos) continue;
    std::string domain = channel.from.substr(at + 1);
    while (!domain.empty() && domain.back() == '>') domain.pop_back();
    config.book.mail_domain = domain;
    break;
  }
}

}  // namespace

Result<Config> parse_config(std::string_view yaml, const std::string& file, const std::string& directory) {
  Config config;
  config.file = file;
  config.directory = directory.empty() ? "." : directory;
  Mistakes mistakes(file);
  auto root = YamlMap::parse(yaml, mistakes);
  if (root) {
    read_bureau(*root, config);
    root->read("store", config.store);
    if (config.store.starts_with("sqlite:"))
      config.store = "sqlite:" + absolute(config.store.substr(7), config.directory);
    else if (config.store.find("://") == std::string::npos)
      config.store = absolute(config.store, config.directory);
    root->read("rules", config.rules);
    for (std::string& path : config.rules) path = absolute(path, config.directory);
    root->read("measure", config.measure);
    config.measure = absolute(config.measure, config.directory);
    root->read("lexicons", config.lexicons);
    for (std::string& path : config.lexicons) path = absolute(path, config.directory);
    read_models(*root, config);
    read_http(*root, config);
    read_crawl(*root, config);
    read_sources(*root, config.sources);
    read_source_packs(*root, config);
    for (YamlMap& map : root->maps("channels")) config.book.channels.push_back(read_channel(map, config));
    for (YamlMap& map : root->maps("recipients")) read_recipient(map, config);
    read_duty(*root, config);
    check_duty(*root, config);
    read_delivery(*root, config);
    read_digest(*root, config);
    read_retention(*root, config);
    read_clock(*root, config);
    root->finish();
  }
  if (!mistakes.empty()) return Error{Errc::bad_config, mistakes.text(), ""};
  complete_book(config);
  return config;
}

Result<std::vector<Source>> parse_source_pack(std::string_view yaml, const std::string& file) {
  Mistakes mistakes(file);
  std::vector<Source> sources;
  if (auto root = YamlMap::parse(yaml, mistakes)) {
    root->require("sources", "a list of sources");
    read_sources(*root, sources);
    root->finish();
  }
  if (!mistakes.empty()) return Error{Errc::bad_config, mistakes.text(), ""};
  return sources;
}

std::vector<std::string> source_pack_names() {
  std::vector<std::string> names;
  for (const std::string& each : resource_names(packs_folder, ".yaml"))
    names.push_back(each.substr(packs_folder.size(), each.size() - packs_folder.size() - 5));
  return names;
}

Result<Config> load_config(const std::string& file) {
  auto text = read_file(file, 4u << 20);
  if (!text) return text.error();
  return parse_config(*text, file, std::filesystem::path(file).parent_path().string());
}

}  // namespace tingchao::service
