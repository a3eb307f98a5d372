// Handlers render from the scenario and the town's clock, so nothing is kept and a restart changes
// nothing. The access log holds real milliseconds, host, status and path: the proof of politeness.
#include "service/demo/town.h"

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "core/hash.h"
#include "net/http_server.h"
#include "service/demo/pages.h"
#include "service/demo/smtp_sink.h"

namespace tingchao::service {
namespace {

constexpr std::pair<TownHost, const char*> hosts[] = {{TownHost::paper, "127.0.1.1"},
                                                      {TownHost::forum, "127.0.1.2"},
                                                      {TownHost::bureau, "127.0.1.3"},
                                                      {TownHost::hotlist, "127.0.1.4"}};
constexpr const char* mail_address = "127.0.1.5";

}  // namespace

struct Town::Impl {
  Scenario scenario;
  WallClock clock;
  std::string directory;
  std::FILE* log = nullptr;
  long requests = 0;
  std::vector<std::unique_ptr<net::HttpServer>> servers;  // in the order of `hosts`
  std::unique_ptr<SmtpSink> sink;

  ~Impl() {
    if (log) std::fclose(log);
  }

  net::ServerResponse answer(TownHost host, const char* address, const net::ServerRequest& request) {
    ++requests;
    net::ServerResponse response;
    auto page = render(scenario, host, request.path, clock.now());
    if (page) {
      const std::string etag = "\"" + stable_id(page->body) + "\"";
      response.headers = {{"content-type", page->content_type}, {"etag", etag}};
      if (header(request.headers, "if-none-match") == etag)
        response.status = 304;
      else
        response.body = std::move(page->body);
    } else {
      response.status = 404;
      response.body = "not here";
    }
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    std::fprintf(log, "%lld %s %d %s\n", static_cast<long long>(now.count()), address, response.status,
                 request.target.c_str());
    std::fflush(log);
    return response;
  }

  boost::asio::awaitable<net::ServerResponse> serve(TownHost host, const char* address,
                                                    net::ServerRequest request) {
    co_return answer(host, address, request);
  }

  std::string base(std::size_t host) const {
    return std::string("http://") + hosts[host].second + ":" + std::to_string(servers[host]->port());
  }
};

Town::Town(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Town::~Town() = default;

Result<std::unique_ptr<Town>> Town::open(boost::asio::io_context& io, Scenario scenario, WallClock clock,
                                         const std::string& directory) {
  auto impl = std::make_unique<Impl>();
  impl->scenario = std::move(scenario);
  impl->clock = clock;
  impl->directory = directory;
  std::error_code ignored;
  std::filesystem::create_directories(directory, ignored);
  const std::string log_path = directory + "/access.log";
  impl->log = std::fopen(log_path.c_str(), "ae");
  if (!impl->log) return Error{Errc::io, log_path + ": cannot be written", "choose another --dir"};
  Impl* raw = impl.get();
  for (const auto& [host, address] : hosts) {
    net::HttpServer::Options options;
    options.address = address;
    auto server = net::HttpServer::listen(io, options,
                                          [raw, kind = host, place = address](net::ServerRequest request) {
                                            return raw->serve(kind, place, std::move(request));
                                          });
    if (!server) return server.error();
    impl->servers.push_back(std::move(*server));
  }
  auto sink = SmtpSink::listen(io, mail_address, directory + "/mails");
  if (!sink) return sink.error();
  impl->sink = std::move(*sink);
  return std::unique_ptr<Town>(new Town(std::move(impl)));
}

std::string Town::configuration() const {
  const std::string paper = impl_->base(0), forum = impl_->base(1), bureau = impl_->base(2),
                    hot = impl_->base(3);
  return "sources:\n"
         "  - {id: paper, name: 云溪晚报, kind: feed, urls: ['" +
         paper +
         "/feed.xml'], interval: 5m, delay: 0s, weight: 0.7}\n"
         "  - {id: paper-edu, name: 云溪晚报 教育, kind: list, urls: ['" +
         paper +
         "/edu/'], interval: 5m, delay: 0s, weight: 0.7,\n"
         "     selectors: {item: '.news-list li'}}\n"
         "  - {id: forum, name: 云溪论坛 教育版, kind: board, urls: ['" +
         forum +
         "/forum-36-1.html'], interval: 4m, delay: 0s,\n"
         "     pages_max: 3, weight: 0.4}\n"
         "  - {id: bureau, name: 区教体局通知公告, kind: list, urls: ['" +
         bureau +
         "/tzgg/'], interval: 5m, delay: 0s,\n"
         "     medium: official, official: true, weight: 0.8, district: 青禾区}\n"
         "  - {id: hotlist, name: 云溪热榜, kind: hotlist, urls: ['" +
         hot +
         "/api/hot.json'], interval: 5m, delay: 0s, weight: 0.9,\n"
         "     hotlist: {items: /data/list, title: /title, url: /url, rank: /rank}}\n"
         "channels:\n"
         "  - {id: mail, kind: mail, host: " +
         std::string(mail_address) + ", port: " + std::to_string(impl_->sink->port()) +
         ", security: none, from: '听潮 <tingchao@qinghe.example>'}\n";
}

std::vector<std::string> Town::mails() const { return impl_->sink->mails(); }
long Town::requests() const { return impl_->requests; }

}  // namespace tingchao::service
