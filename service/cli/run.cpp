// run and crawl: the daemon, and one round of it with a progress bar.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "core/json.h"
#include "service/cli/setup.h"
#include "service/daemon.h"

namespace tingchao::service {
namespace {

// Logs go to standard error: systemd's journal or the terminal.
void log_to_stderr() {
  auto logger = spdlog::stderr_color_mt("tingchao");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S%z %^%l%$ %v");
  spdlog::set_default_logger(logger);
}

std::string summary(const Source& source, const VisitReport& report) {
  return source.id + ": " + std::to_string(report.pages) + " pages, " + std::to_string(report.documents_new) +
         " new documents, " + std::to_string(report.links_new) + " new links" +
         (report.error ? ", " + describe(*report.error) : "");
}

}  // namespace

int run_run(const RunOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  if (options.check) {
    auto analyzer = load_analyzer(knowledge_files(*config));
    if (!analyzer) return console.error(analyzer.error());
    auto measure = load_measure(config->measure);
    if (!measure) return console.error(measure.error());
    console.line("配置、规则与标准均可用：" + std::to_string(config->sources.size()) + " 个信源，" +
                 std::to_string(analyzer::rules_of(*(*analyzer)->rules()).size()) + " 条规则，标准 " +
                 alerting::version_of(**measure));
    return done;
  }
  log_to_stderr();
  const auto ran = run_daemon(*config, {});
  return ran ? done : console.error(ran.error());
}

int run_crawl(const CrawlOptions& options, const Console& console) {
  if (options.hosts) return run_hosts(options, console);
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  for (const std::string& id : options.sources)
    if (std::none_of(config->sources.begin(), config->sources.end(),
                     [&](const Source& s) { return s.id == id; }))
      return console.error(
          {Errc::bad_argument,
           "no source '" + id + "' in " + (config->file.empty() ? "the defaults" : config->file),
           "see its sources: section"});
  log_to_stderr();
  spdlog::set_level(console.interactive() ? spdlog::level::warn : spdlog::level::info);
  std::size_t total = options.sources.empty() ? config->sources.size() : options.sources.size();
  std::size_t finished = 0;
  int failures = 0;
  DaemonOptions daemon;
  daemon.once = options.once;
  daemon.only = options.sources;
  daemon.send = options.send;
  daemon.visited = [&](const Source& source, const VisitReport& report) {
    ++finished;
    if (report.error) ++failures;
    if (console.json()) {
      boost::json::object object{{"source", source.id},
                                 {"pages", report.pages},
                                 {"documents_new", report.documents_new},
                                 {"links_new", report.links_new},
                                 {"warnings", report.raised.size()}};
      if (report.error) object["error"] = describe(*report.error);
      console.line(to_line(object));
    } else {
      console.progress_end();
      console.line(summary(source, report));
      for (const alerting::Raised& raised : report.raised)
        console.line("  " + change_words(console, raised.change, raised.warning.title));
      for (const std::string& note : report.notes) console.note("tingchao: " + note);
    }
    std::string bar(20, '.');
    std::fill_n(bar.begin(), std::min<std::size_t>(20, 20 * finished / std::max<std::size_t>(1, total)), '#');
    if (options.once)
      console.progress("[" + bar + "] " + std::to_string(finished) + "/" + std::to_string(total));
  };
  const auto ran = run_daemon(*config, daemon);
  console.progress_end();
  if (!ran) return console.error(ran.error());
  return failures > 0 ? failed : done;
}

}  // namespace tingchao::service
