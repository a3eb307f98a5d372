// crawl --hosts: what the crawl knows of each server and why it waits, read from the store beside a
// running daemon.
#include <boost/json.hpp>

#include "core/json.h"
#include "service/cli/setup.h"
#include "service/host_words.h"

namespace tingchao::service {

int run_hosts(const CrawlOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = store::open(config->store, true);
  if (!store) return console.error(store.error());
  const auto hosts = (*store)->hosts(10'000, true);
  if (!hosts) return console.error(hosts.error());
  const Time now = config->clock.now();
  for (const HostMemory& host : *hosts) {
    if (console.json()) {
      boost::json::object object{{"host", host.host},
                                 {"robots", host.robots},
                                 {"delay_ms", host.delay.count()},
                                 {"last_request", to_rfc3339(host.last_request)},
                                 {"links_waiting", host.links_waiting},
                                 {"failures", host.times_later + host.times_silent},
                                 {"waits_for", waits_in_words(host, now)}};
      if (host.rests_until) object["rests_until"] = to_rfc3339(*host.rests_until);
      console.line(to_line(object));
      continue;
    }
    console.line(pad(host.host, 32) + pad(china_minute(host.last_request), 18) +
                 pad(delay_in_words(host.delay), 9) + pad(std::to_string(host.links_waiting), 7) +
                 waits_in_words(host, now));
  }
  if (hosts->empty()) console.note("还没有访问过任何主机");
  return hosts->empty() ? nothing : done;
}

}  // namespace tingchao::service
