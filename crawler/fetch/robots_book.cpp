// An entry is loaded by the first who needs it while the others sleep on its timer. A file that can
// no longer be read is believed for a week more; without one the origin is closed and tried again
// after a span that doubles.

#include "crawler/fetch/robots_book.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crawler/fetch/robots.h"

namespace tingchao::crawler {

namespace asio = boost::asio;
using Clock = HostQueue::Clock;

namespace {

constexpr int redirects_max = 5;  // RFC 9309 §2.3.1.2
constexpr Seconds retry_first = std::chrono::minutes(5);
constexpr Seconds retry_max = std::chrono::hours(1);
constexpr Seconds stale_max = std::chrono::hours(24 * 7);
constexpr std::size_t entries_max = 20'000;

std::string in_words(const Robots& robots) {
  if (robots.rules() == 0 && !robots.crawl_delay()) return "allowed";
  std::string text = std::to_string(robots.rules()) + (robots.rules() == 1 ? " rule" : " rules");
  if (const auto delay = robots.crawl_delay()) {
    text += ", crawl-delay " + std::to_string(delay->count() / 1000);
    if (const auto ms = delay->count() % 1000) text += "." + std::to_string(1000 + ms).substr(1);
    text += " s";
  }
  return text;
}

}  // namespace

struct RobotsBook::Entry {
  explicit Entry(asio::io_context& io) : changed(io) { changed.expires_at(asio::steady_timer::time_point::max()); }
  enum class State { unknown, file, no_file, closed } state = State::unknown;
  Robots robots;
  Clock::time_point read_at{}, valid_until{};
  Time retry_at{};  // of a closed one, for people
  Error why;        // closed
  int failures = 0;
  bool loading = false;
  asio::steady_timer changed;  // cancelled when loading ends

  bool usable() const { return state != State::unknown && Clock::now() < valid_until; }
};

// Marks an entry as being loaded, and wakes the others however that ends.
struct RobotsBook::Loading {
  explicit Loading(std::shared_ptr<Entry> e) : entry(std::move(e)) { entry->loading = true; }
  ~Loading() {
    entry->loading = false;
    entry->changed.cancel();
  }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;
  std::shared_ptr<Entry> entry;
};

RobotsBook::RobotsBook(asio::io_context& io, PoliteClient& client, HostQueue& queue, Options options)
    : io_(io), client_(client), queue_(queue), options_(std::move(options)) {}

std::shared_ptr<RobotsBook::Entry> RobotsBook::entry_of(const std::string& origin) {
  if (const auto found = entries_.find(origin); found != entries_.end()) return found->second;
  if (entries_.size() >= entries_max)
    std::erase_if(entries_, [](const auto& e) { return !e.second->loading && !e.second->usable(); });
  return entries_[origin] = std::make_shared<Entry>(io_);
}

asio::awaitable<Result<RobotsBook::Leave>> RobotsBook::ask(WebAddress address, std::chrono::milliseconds delay) {
  const std::shared_ptr<Entry> entry = entry_of(address.origin);
  const auto token = asio::as_tuple(asio::use_awaitable);
  while (entry->loading) {
    co_await entry->changed.async_wait(token);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      co_return Error{Errc::timeout, address.origin + "/robots.txt: given up by its caller", ""};
  }
  if (!entry->usable()) {
    const Loading loading(entry);
    std::string url = address.origin + "/robots.txt";
    const Result<net::HttpResponse> response = co_await load(std::move(url), delay);
    take(*entry, address, response);
    note(*entry, address.origin, response && entry->state == Entry::State::file ? response->body : std::string());
  }
  // The queue may have forgotten a host that was idle for long, or never met this one.
  if (entry->state == Entry::State::file) queue_.set_crawl_delay(address.host, entry->robots.crawl_delay());
  co_return judge(*entry, address);
}

// The final answer, or the last redirect when there are too many or it leads nowhere.
asio::awaitable<Result<net::HttpResponse>> RobotsBook::load(std::string url, std::chrono::milliseconds delay) {
  for (int hop = 0;; ++hop) {
    net::HttpRequest request;
    request.url = url;
    request.body_bytes_max = robots_bytes_max;
    request.timeout = options_.timeout;
    Result<net::HttpResponse> response = co_await client_.request(std::move(request), delay);
    if (!response || !is_redirect(response->status) || hop == redirects_max) co_return response;
    auto next = resolve_reference(header(response->headers, "location"), url);
    if (!next || *next == url) co_return response;
    url = *std::move(next);
  }
}

void RobotsBook::take(Entry& entry, const WebAddress& address, const Result<net::HttpResponse>& response) {
  if (!response) return close(entry, address, response.error());
  const int status = response->status;
  if (status >= 500 || status == 429)
    return close(entry, address, Error{Errc::refused, "HTTP " + std::to_string(status), ""});

  entry.failures = 0;
  entry.read_at = Clock::now();
  entry.valid_until = entry.read_at + options_.lifetime;
  const bool has_file = status >= 200 && status < 300;
  entry.state = has_file ? Entry::State::file : Entry::State::no_file;
  entry.robots = has_file ? Robots::parse(response->body, options_.product) : Robots();
  queue_.set_crawl_delay(address.host, entry.robots.crawl_delay());
  queue_.set_robots(address.host, has_file ? in_words(entry.robots) : "no file");
}

void RobotsBook::close(Entry& entry, const WebAddress& address, Error why) {
  Seconds retry = retry_first;
  for (int i = 0; i < entry.failures && retry < retry_max; ++i) retry *= 2;
  retry = std::min(retry, retry_max);
  ++entry.failures;
  const auto now = Clock::now();
  entry.valid_until = now + retry;
  entry.retry_at = options_.now() + retry;
  if (entry.state == Entry::State::file && now - entry.read_at < stale_max) return;
  entry.state = Entry::State::closed;
  queue_.set_robots(address.host, "unreachable: " + why.detail);
  entry.why = std::move(why);
}

// A copy that stays in force though it could not be read again (its failures grow) was noted already.
void RobotsBook::note(const Entry& entry, const std::string& origin, std::string body) {
  if (!options_.remember || (entry.state == Entry::State::file && entry.failures > 0)) return;
  const auto steady = Clock::now();
  const Time now = options_.now();
  RobotsCopy copy;
  copy.origin = origin;
  copy.state = entry.state == Entry::State::file      ? RobotsCopy::State::file
               : entry.state == Entry::State::no_file ? RobotsCopy::State::no_file
                                                      : RobotsCopy::State::closed;
  copy.body = std::move(body);
  copy.read_at = now;
  copy.valid_until = now + std::chrono::floor<Seconds>(entry.valid_until - steady);
  copy.failures = entry.failures;
  copy.why = entry.why;
  changed_.push_back(std::move(copy));
}

void RobotsBook::restore(const std::vector<RobotsCopy>& copies) {
  const auto steady = Clock::now();
  const Time now = options_.now();
  for (const RobotsCopy& copy : copies) {
    if (copy.read_at > now || copy.read_at + stale_max <= now) continue;
    Entry& entry = *entry_of(copy.origin);
    entry.state = copy.state == RobotsCopy::State::file      ? Entry::State::file
                  : copy.state == RobotsCopy::State::no_file ? Entry::State::no_file
                                                             : Entry::State::closed;
    if (copy.state == RobotsCopy::State::file) entry.robots = Robots::parse(copy.body, options_.product);
    entry.read_at = steady - (now - copy.read_at);
    entry.valid_until = steady + std::min(copy.valid_until - now, options_.lifetime);
    entry.retry_at = copy.valid_until;
    entry.failures = copy.failures;
    entry.why = copy.why;
  }
}

Result<RobotsBook::Leave> RobotsBook::judge(const Entry& entry, const WebAddress& address) const {
  Leave leave;
  if (entry.state == Entry::State::closed)
    return Error{entry.why.code,
                 address.origin + address.target + ": its robots.txt cannot be read (" + entry.why.detail +
                     "), so nothing is asked there before " + china_minute(entry.retry_at),
                 entry.why.mend};
  if (entry.state == Entry::State::no_file) {
    leave.verdict = RobotsVerdict::allowed_no_file;
    return leave;
  }
  Robots::Verdict verdict = entry.robots.check(address.target);
  if (!verdict.allowed)
    return Error{Errc::denied, address.origin + address.target + ": robots.txt says '" + verdict.rule + "'",
                 "read another page of this site, or ask its owner"};
  leave.rule = std::move(verdict.rule);
  return leave;
}

std::vector<std::string> RobotsBook::sitemaps(const std::string& origin) const {
  const auto found = entries_.find(origin);
  return found == entries_.end() ? std::vector<std::string>() : found->second->robots.sitemaps();
}

}  // namespace tingchao::crawler
