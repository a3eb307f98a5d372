// The demo is two processes, as in life: the town here, and the real daemon (`tingchao run`) on a
// configuration written for it. What is shown is read from the daemon's store.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "service/cli/commands.h"
#include "service/demo/live_view.h"
#include "service/demo/town.h"
#include "service/files.h"
#include "service/report.h"
#include "service/resources.h"

namespace tingchao::service {
namespace {

using std::chrono::milliseconds;

// The daemon as a child; stopped and waited for when this goes.
class Child {
 public:
  Child(const std::string& config, const std::string& log) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(fd, STDOUT_FILENO);
    ::dup2(fd, STDERR_FILENO);
    ::execl("/proc/self/exe", "tingchao", "run", "-c", config.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ~Child() { stop(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool running() {
    int status = 0;
    if (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) pid_ = -1;
    return pid_ > 0;
  }
  void stop() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
};

// The usual port if it is free, else any.
int free_port(int wanted) {
  for (const int port : {wanted, 0}) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<unsigned short>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    socklen_t size = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    if (bound) return ntohs(address.sin_port);
  }
  return 0;
}

std::string configuration(const Scenario& scenario, const Town& town, const std::string& clock, int port) {
  return "# Written by `tingchao demo` for its made-up town; everything in it is on loopback.\n"
         "bureau: {name: 青禾区教育和体育局, roster: schools.csv}\n"
         "store: sqlite:tingchao.db\n"
         "http: {address: 127.0.0.1, port: " +
         std::to_string(port) +
         "}\n"
         "crawl: {allow_networks: ['127.0.0.0/8'], delay_min: 20ms}\n" +
         town.configuration() +
         "recipients:\n"
         "  - {name: 值班室, channel: mail, address: duty@qinghe.example, levels: 4, digest: true, operator: "
         "true}\n"
         "  - {name: 值班长, channel: mail, address: chief@qinghe.example, levels: 3}\n"
         "digest: {at: \"" +
         scenario.digest + "\"}\n" + clock;
}

Result<std::string> demo_directory(const DemoOptions& options) {
  if (!options.directory.empty()) return std::filesystem::absolute(options.directory).string();
  std::string path = "/tmp/tingchao-demo-XXXXXX";
  if (!::mkdtemp(path.data()))
    return Error{Errc::io, path + ": cannot be made", "name a directory with --dir"};
  return path;
}

struct Stage {
  std::string directory, config;
  Scenario scenario;
  WallClock clock;
  int port = 0;
};

// Clock and configuration; a directory used before keeps its clock, so that a killed demo goes on.
Result<Stage> prepare(const DemoOptions& options) {
  Stage stage;
  auto directory = demo_directory(options);
  if (!directory) return directory.error();
  stage.directory = *directory;
  stage.config = stage.directory + "/tingchao.yaml";
  auto scenario = parse_scenario(resource("rules/demo/town.yaml").value_or(""));
  if (!scenario) return scenario.error();
  stage.scenario = std::move(*scenario);
  const auto started = std::chrono::system_clock::now();
  const double factor =
      static_cast<double>((stage.scenario.ends - stage.scenario.begins).count()) / options.seconds;
  stage.clock = WallClock(stage.scenario.begins, started, factor, stage.scenario.ends);
  stage.port = free_port(options.once || options.town_only ? 0 : 8750);
  return stage;
}

std::string clock_section(const Stage& stage, double seconds) {
  const auto started = stage.clock.started_ms();
  const double factor = static_cast<double>((stage.scenario.ends - stage.scenario.begins).count()) / seconds;
  char text[256];
  std::snprintf(text, sizeof text, "clock: {begins: \"%s\", ends: \"%s\", started: \"%lld\", factor: %.6f}\n",
                to_rfc3339(stage.scenario.begins).c_str(), to_rfc3339(stage.scenario.ends).c_str(),
                static_cast<long long>(started), factor);
  return text;
}

// What lies on disk at the end, and whether the afternoon went as it should.
int conclude(const Stage& stage, const Console& console) {
  auto config = load_config(stage.config);
  if (!config) return console.error(config.error());
  auto store = store::open(config->store, true);
  if (!store) return console.error(store.error());
  const Time to = stage.scenario.ends, from = china_midnight(to);
  auto digest = write_digest(**store, *config, from, to, "day");
  if (!digest) return console.error(digest.error());
  const std::string base = stage.directory + "/digest/digest-day-" + china_date(to);
  const std::string page = alerting::to_page(*digest);
  const std::pair<const char*, const std::string*> files[] = {{".html", &page},
                                                              {".txt", &digest->text},
                                                              {".docx", &digest->docx},
                                                              {".xlsx", &digest->xlsx},
                                                              {".png", &digest->trend_png}};
  for (const auto& [suffix, bytes] : files)
    if (auto written = write_file(base + suffix, *bytes); !written) return console.error(written.error());
  auto warnings = (*store)->warnings(Time{}, to + std::chrono::hours{24}, false);
  if (!warnings) return console.error(warnings.error());
  auto mails = files_under(stage.directory + "/mails", ".eml");
  int raised = 0, upgraded = 0;
  for (const Warning& warning : *warnings) {
    auto history = (*store)->history(warning.id);
    if (!history) return console.error(history.error());
    for (const WarningChange& change : *history) {
      raised += change.event == WarningEvent::raised;
      upgraded += change.event == WarningEvent::upgraded;
    }
    console.line(console.paint(warning.level.code + "级" + warning.level.colour, Colour::bold) + "  " +
                 warning.title + "  （" + std::to_string(warning.evidence.size()) + " 条依据，" +
                 chinese_name(warning.state) + "）");
  }
  const std::size_t mail_count = mails ? mails->size() : 0;
  console.line("预警 " + std::to_string(raised) + " 次发出，" + std::to_string(upgraded) + " 次升级；邮件 " +
               std::to_string(mail_count) + " 封");
  console.line("日报      " + base + ".html（另有 .txt .docx .xlsx）");
  console.line("邮件      " + stage.directory + "/mails/");
  console.line("数据      " + stage.directory + "/tingchao.db（原始网页在旁边的 tingchao.db.evidence/）");
  console.line("访问日志  " + stage.directory + "/access.log");
  console.line("接着看    tingchao warnings list -c " + stage.config);
  const bool digest_sent = mail_count > static_cast<std::size_t>(raised);
  if (raised > 0 && digest_sent) return done;
  console.note("tingchao: the afternoon did not go as planned; see " + stage.directory + "/daemon.log");
  return nothing;
}

}  // namespace

int run_demo(const DemoOptions& options, const Console& console) {
  auto stage = prepare(options);
  if (!stage) return console.error(stage.error());
  boost::asio::io_context io(1);
  auto town = Town::open(io, stage->scenario, stage->clock, stage->directory);
  if (!town) return console.error(town.error());
  const std::string text =
      configuration(stage->scenario, **town, clock_section(*stage, options.seconds), stage->port);
  if (auto written = write_file(stage->config, text); !written) return console.error(written.error());
  if (auto written =
          write_file(stage->directory + "/schools.csv", resource("rules/init/schools.csv").value_or(""));
      !written)
    return console.error(written.error());

  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&io](const boost::system::error_code& error, int) {
    if (!error) io.stop();
  });
  if (options.town_only) {
    console.line(stage->config);
    std::fflush(stdout);
    io.run();
    return done;
  }
  Child daemon(stage->config, stage->directory + "/daemon.log");
  LiveView view(console, stage->directory, stage->config, stage->port);
  const bool live = !options.once && console.out_terminal();
  const auto grace = milliseconds(2500);  // for the last visits and the digest
  const auto until_end = stage->clock.until(stage->scenario.ends) + grace;
  const auto end = std::chrono::steady_clock::now() + until_end;
  bool concluded = false;
  if (!live)
    console.note("演示：青禾区的一个下午，约 " + std::to_string(static_cast<int>(options.seconds) + 3) +
                 " 秒；文件在 " + stage->directory);
  while (!io.stopped()) {
    io.run_for(milliseconds(200));
    if (live)
      view.draw(stage->clock.now());
    else
      view.tell_news(stage->clock.now());
    if (!daemon.running()) {
      console.note("tingchao: the daemon ended early; see " + stage->directory + "/daemon.log");
      return failed;
    }
    if (!concluded && std::chrono::steady_clock::now() >= end) {
      concluded = true;
      if (options.once || !live) break;
    }
  }
  view.close();
  daemon.stop();
  return conclude(*stage, console);
}

}  // namespace tingchao::service
