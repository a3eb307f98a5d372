// doctor: every check is one line with ✓, ! or ✗ and, where it fails, what to mend. Nothing is changed
// and no message is sent: a mail server is greeted, not used.
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <boost/json.hpp>

#include "core/json.h"
#include "crawler/extract.h"
#include "crawler/fetch.h"
#include "crawler/fetch/robots.h"
#include "crawler/url_reference.h"
#include "service/cli/setup.h"
#include "service/cli/visit_url.h"
#include "service/host_words.h"
#include "service/resources.h"

namespace tingchao::service {
namespace {

constexpr int hosts_max = 10'000;
constexpr std::size_t hosts_shown_max = 10;

enum class Verdict { good, doubtful, bad };

class Checkup {
 public:
  explicit Checkup(const Console& console) : console_(console) {}
  void say(Verdict verdict, const std::string& what, const std::string& found, const std::string& mend = "") {
    if (verdict == Verdict::bad) ++bad_;
    if (console_.json()) {
      static constexpr const char* words[] = {"good", "doubtful", "bad"};
      console_.line(to_line({{"check", what},
                             {"verdict", words[static_cast<int>(verdict)]},
                             {"found", found},
                             {"mend", mend}}));
      return;
    }
    const char* mark = verdict == Verdict::good ? "✓" : verdict == Verdict::bad ? "✗" : "!";
    const Colour colour = verdict == Verdict::good  ? Colour::green
                          : verdict == Verdict::bad ? Colour::red
                                                    : Colour::yellow;
    console_.line(console_.paint(mark, colour) + " " + pad(what, 26) + found);
    if (!mend.empty()) console_.line("    → " + mend);
  }
  void say(const std::string& what, const Error& error) { say(Verdict::bad, what, error.detail, error.mend); }
  int bad() const { return bad_; }

 private:
  const Console& console_;
  int bad_ = 0;
};

// Connects and reads what the server says first (SMTP greets; HTTP does not). Empty greeting: connected.
Result<std::string> greet(const std::string& host, int port, bool read_greeting) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string service = std::to_string(port), place = host + ":" + service;
  if (const int failed = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found); failed != 0)
    return Error{Errc::not_found, place + ": " + ::gai_strerror(failed),
                 "check the host's name and the name server"};
  Error why{Errc::refused, place + ": no address answered", "start the server there, or mend host and port"};
  for (const addrinfo* address = found; address; address = address->ai_next) {
    const int fd = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) continue;
    ::connect(fd, address->ai_addr, address->ai_addrlen);
    pollfd ready{fd, POLLOUT, 0};
    int error = ETIMEDOUT;
    socklen_t size = sizeof error;
    if (::poll(&ready, 1, 5000) > 0) ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    std::string greeting;
    if (error == 0 && read_greeting) {
      char buffer[512];
      pollfd readable{fd, POLLIN, 0};
      const ssize_t got = ::poll(&readable, 1, 5000) > 0 ? ::read(fd, buffer, sizeof buffer) : -1;
      if (got > 0) greeting.assign(buffer, static_cast<std::size_t>(got));
    }
    ::close(fd);
    if (error == 0) {
      ::freeaddrinfo(found);
      while (!greeting.empty() && std::isspace(static_cast<unsigned char>(greeting.back())))
        greeting.pop_back();
      return greeting;
    }
    why.detail = place + ": " + std::strerror(error);
  }
  ::freeaddrinfo(found);
  return why;
}

void check_rules(Checkup& checkup, const Config& config) {
  auto analyzer = load_analyzer(knowledge_files(config));
  if (!analyzer) return checkup.say("规则 rules", analyzer.error());
  const auto failures = analyzer::test_examples(**analyzer);
  const std::size_t rules = analyzer::rules_of(*(*analyzer)->rules()).size();
  checkup.say(failures.empty() ? Verdict::good : Verdict::bad, "规则 rules",
              std::to_string(rules) + " 条规则，" +
                  (failures.empty() ? "示例全部通过" : std::to_string(failures.size()) + " 个示例不通过"),
              failures.empty() ? "" : "运行 tingchao rules test");
}

// What the last crawl learnt of the servers: those that rest or do not answer, and whose robots.txt is closed.
void check_hosts(Checkup& checkup, const Config& config, store::Store& store) {
  const std::string what = "服务器 hosts";
  const auto hosts = store.hosts(hosts_max, false);
  if (!hosts) return checkup.say(what, hosts.error());
  const auto robots = store.robots(hosts_max);
  if (!robots) return checkup.say(what, robots.error());
  const Time now = config.clock.now();
  std::vector<std::pair<std::string, std::string>> troubled;
  for (const HostMemory& host : *hosts)
    if ((host.rests_until && *host.rests_until > now) || host.times_silent > 0)
      troubled.emplace_back(host.host, waits_in_words(host, now));
  for (const RobotsCopy& copy : *robots)
    if (copy.state == RobotsCopy::State::closed)
      troubled.emplace_back(copy.origin, "robots.txt 读不到，暂不访问：" + copy.why.detail);
  for (const Source& source : config.sources)
    for (const std::string& url : source.urls) {
      const crawler::WebAddress address = crawler::web_address(url);
      for (const RobotsCopy& copy : *robots) {
        if (copy.origin != address.origin || copy.state != RobotsCopy::State::file) continue;
        const auto rules = crawler::Robots::parse(copy.body, crawler::Fetcher::Options().product);
        const auto verdict = rules.check(address.target);
        if (!verdict.allowed)
          troubled.emplace_back(url, "信源 " + source.id + " 的地址被 robots.txt 禁止：" + verdict.rule);
      }
    }
  checkup.say(troubled.empty() ? Verdict::good : Verdict::doubtful, what,
              std::to_string(hosts->size()) + " 台" +
                  (troubled.empty() ? "，都正常应答"
                                    : "，" + std::to_string(troubled.size()) +
                                          " 处在休息、无应答或为 robots.txt 所限"),
              troubled.empty() ? "" : "全部情况：tingchao crawl --hosts；会自动恢复，长期如此请核对信源地址");
  for (std::size_t i = 0; i < std::min(troubled.size(), hosts_shown_max); ++i)
    checkup.say(Verdict::doubtful, "  " + troubled[i].first, troubled[i].second);
}

void check_store(Checkup& checkup, const Config& config) {
  auto store = store::open(config.store);
  if (!store) return checkup.say("存储 store", store.error());
  auto numbers = (*store)->check();
  if (!numbers) return checkup.say("存储 store", numbers.error());
  std::string found = config.store;
  for (const auto& [key, value] : *numbers) found += "  " + key + " " + value;
  checkup.say(Verdict::good, "存储 store", found);
  check_hosts(checkup, config, **store);
}

void check_disk(Checkup& checkup, const Config& config) {
  std::string path = config.store.starts_with("sqlite:") ? config.store.substr(7) : config.store;
  auto directory = std::filesystem::absolute(path).parent_path();
  std::error_code error;
  const auto space = std::filesystem::space(directory, error);
  if (error)
    return checkup.say(Verdict::bad, "磁盘 disk", directory.string() + ": " + error.message(),
                       "create the directory");
  const auto free_mib = space.available >> 20;
  checkup.say(free_mib > 2048  ? Verdict::good
              : free_mib > 256 ? Verdict::doubtful
                               : Verdict::bad,
              "磁盘 disk", std::to_string(free_mib) + " MiB 可用（" + directory.string() + "）",
              free_mib > 2048 ? "" : "释放空间，或缩短 retention");
}

void check_clock(Checkup& checkup, const Config& config) {
  const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  const bool sane = now > *parse_time("2024-01-01") && now < *parse_time("2100-01-01");
  checkup.say(sane ? Verdict::good : Verdict::bad, "时钟 clock", to_rfc3339(now),
              sane ? "" : "启用 NTP：apt install systemd-timesyncd");
  if (config.clock.simulated())
    checkup.say(Verdict::doubtful, "时钟 clock", "配置使用模拟时钟", "正式使用请删除 clock: 一节");
}

void check_source(Checkup& checkup, const Config& config, const Source& source) {
  const std::string what = "信源 " + source.id;
  auto page = fetch_page(source.urls.front(), config.allow_networks);
  if (!page) return checkup.say(what, page.error());
  const auto role = source.kind == SourceKind::page ? crawler::Role::content : crawler::Role::entry;
  auto extracted = crawler::extract(*page, source, role, "doctor");
  if (!extracted) return checkup.say(what, extracted.error());
  const std::size_t found = extracted->documents.size() + extracted->links.size();
  checkup.say(found > 0 ? Verdict::good : Verdict::bad, what,
              std::to_string(extracted->documents.size()) + " 篇文档，" +
                  std::to_string(extracted->links.size()) + " 个链接，编码 " + extracted->charset.name,
              found > 0                 ? ""
              : extracted->note.empty() ? "检查 kind 与 selectors"
                                        : extracted->note);
}

void check_channel(Checkup& checkup, const alerting::Channel& channel) {
  using Kind = alerting::Channel::Kind;
  const std::string what = "通道 " + channel.id;
  if (channel.kind == Kind::spool) {
    std::error_code error;
    std::filesystem::create_directories(channel.directory, error);
    const bool writable = ::access(channel.directory.c_str(), W_OK) == 0;
    return checkup.say(writable ? Verdict::good : Verdict::bad, what, channel.directory,
                       writable ? "" : "建立该目录并给予写权限");
  }
  if (channel.kind == Kind::syslog) return checkup.say(Verdict::good, what, "系统日志 " + channel.socket);
  std::string host = channel.host;
  int port = channel.port;
  if (channel.kind == Kind::webhook || alerting::is_robot(channel)) {
    const std::string url = crawler::canonical_url(channel.url);
    const std::size_t begin = url.find("://") + 3;
    host = url.substr(begin, url.find_first_of("/?", begin) - begin);
    port = url.starts_with("https:") ? 443 : 80;
    if (const auto colon = host.rfind(':'); colon != std::string::npos) {
      port = std::atoi(host.c_str() + colon + 1);
      host.resize(colon);
    }
  }
  auto greeting = greet(host, port, channel.kind == Kind::mail && channel.security != "tls");
  if (!greeting) return checkup.say(what, greeting.error());
  checkup.say(Verdict::good, what, host + ":" + std::to_string(port) + " " + *greeting);
}

// A channel that never worked, or whose messages die, is found here and not at night.
void check_deliveries(Checkup& checkup, const Config& config) {
  auto store = store::open(config.store, true);
  if (!store) return;  // said already
  const auto states = (*store)->channel_states(config.clock.now());
  if (!states) return checkup.say("投递 deliveries", states.error());
  for (const auto& state : *states) {
    const std::string found = (state.last_sent ? "最近成功 " + china_minute(*state.last_sent) : "尚无成功投递") +
                              "，待发 " + std::to_string(state.waiting) + "，七日内未送达 " + std::to_string(state.dead);
    const bool good = state.dead == 0 && (state.last_sent || state.waiting == 0);
    checkup.say(good ? Verdict::good : Verdict::doubtful, "投递 " + state.channel, found,
                good ? "" : "运行 tingchao notify test " + state.channel);
  }
}

}  // namespace

int run_doctor(const DoctorOptions& options, const Console& console) {
  Checkup checkup(console);
  auto config = choose_config(options.config);
  if (!config) {
    checkup.say("配置 configuration", config.error());
    return nothing;
  }
  checkup.say(Verdict::good, "配置 configuration",
              config->file.empty() ? "内置默认值（tingchao init 可生成自己的配置）" : config->file);
  if (config->region.empty())
    checkup.say(Verdict::doubtful, "辖区 region", "未设置，所有地点都视为本地", "在 bureau: 下写 region");
  if (config->sources.empty())
    checkup.say(Verdict::doubtful, "信源 sources", "一个也没有", "在 sources: 下添加");
  if (config->book.recipients.empty())
    checkup.say(Verdict::doubtful, "收件人 recipients", "没有人会收到预警", "在 recipients: 下添加");
  check_rules(checkup, *config);
  auto measure = load_measure(config->measure);
  if (!measure)
    checkup.say("预警标准 measure", measure.error());
  else if (auto book = book_of(*config, **measure); !book)
    checkup.say("预警标准 measure", book.error());
  else
    checkup.say(Verdict::good, "预警标准 measure", alerting::version_of(**measure));
  if (auto templates = alerting::check_templates(book_of(*config)); !templates)
    checkup.say("模板 templates", templates.error());
  check_store(checkup, *config);
  check_deliveries(checkup, *config);
  check_disk(checkup, *config);
  check_clock(checkup, *config);
  if (!options.offline) {
    for (const Source& source : config->sources) check_source(checkup, *config, source);
    for (const alerting::Channel& channel : config->book.channels) check_channel(checkup, channel);
  }
  return checkup.bad() == 0 ? done : nothing;
}

}  // namespace tingchao::service
