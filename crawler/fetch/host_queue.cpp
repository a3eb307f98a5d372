// A host has a line of places, each with a timer. Only the first place may get the turn; its timer
// rings when the host's delay has passed, and is cancelled (which wakes the coroutine to look again)
// when the turn before it ends, the place before it leaves, or the host begins to rest. Turns and
// places own what they touch by shared_ptr, for a coroutine may be destroyed after the queue.

#include "crawler/fetch/host_queue.h"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/hash.h"

namespace tingchao::crawler {

namespace asio = boost::asio;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

// A longer rest is not waited for: the caller does something else and comes back.
constexpr Seconds rest_waited_for_max{60};
constexpr Seconds later_first{60};       // "later" without saying when: 1, 2, 4 … minutes, ± 20 %
constexpr Seconds later_max = hours(6);
constexpr int silent_max = 3;            // no answer so often in a row: the host rests
constexpr Seconds silent_rest_max = hours(1);
constexpr std::size_t hosts_max = 20'000;
constexpr Seconds idle_kept = hours(1);  // longer than any usual crawl-delay

Seconds doubled(Seconds first, int times, Seconds most) {
  for (int i = 0; i < times && first < most; ++i) first *= 2;
  return std::min(first, most);
}

}  // namespace

// Hosts that answered from the same address.
struct HostQueue::Machine {
  bool busy = false;
  std::vector<std::weak_ptr<Host>> hosts;
};

struct HostQueue::Host {
  std::string name;
  std::string robots = "not read yet";
  bool busy = false;
  std::deque<asio::steady_timer*> line;
  std::optional<Clock::time_point> last_end;
  milliseconds source_delay{0}, latency{0};
  std::optional<milliseconds> crawl_delay;
  std::optional<Clock::time_point> rests_until;
  std::string rests_why;
  int times_later = 0, times_silent = 0;
  std::string address;
  std::shared_ptr<Machine> machine;  // of that address

  void wake_first() {
    if (!line.empty()) line.front()->cancel();
  }
};

// A coroutine's place in the line, left when it ends however it ends.
class HostQueue::Place {
 public:
  Place(asio::io_context& io, std::shared_ptr<Host> host) : timer(io), host_(std::move(host)) {
    host_->line.push_back(&timer);
  }
  ~Place() {
    const bool was_first = first();
    host_->line.erase(std::find(host_->line.begin(), host_->line.end(), &timer));
    if (was_first && !host_->busy) host_->wake_first();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool first() const { return host_->line.front() == &timer; }
  asio::steady_timer timer;

 private:
  std::shared_ptr<Host> host_;
};

HostQueue::Turn::~Turn() {
  if (host_) finish(milliseconds(0));
}

void HostQueue::Turn::finish(milliseconds latency) {
  if (!host_) return;
  host_->last_end = Clock::now();
  host_->latency = latency;
  release();
}

void HostQueue::Turn::abandon() {
  if (host_) release();
}

void HostQueue::Turn::release() {
  host_->busy = false;
  host_->wake_first();
  if (machine_) {
    machine_->busy = false;
    for (const auto& weak : machine_->hosts)
      if (const auto neighbour = weak.lock(); neighbour && !neighbour->busy) neighbour->wake_first();
  }
  host_.reset();
  machine_.reset();
}

HostQueue::HostQueue(asio::io_context& io, Options options)
    : io_(io), options_(std::move(options)), forget_at_(hosts_max) {}

asio::awaitable<Result<HostQueue::Turn>> HostQueue::enter(std::string name, milliseconds delay) {
  const std::shared_ptr<Host> h = host(name);
  h->source_delay = std::max(h->source_delay, delay);
  Place place(io_, h);
  const auto token = asio::as_tuple(asio::use_awaitable);
  for (;;) {
    const auto now = Clock::now();
    if (h->rests_until && *h->rests_until > now + rest_waited_for_max) co_return resting(*h);
    const bool free = place.first() && !h->busy && !(h->machine && h->machine->busy);
    const auto ready = ready_at(*h);
    if (free && ready <= now) break;
    place.timer.expires_at(free ? ready : Clock::time_point::max());
    co_await place.timer.async_wait(token);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      co_return Error{Errc::timeout, "the wait for " + name + " was given up by its caller", ""};
  }
  Turn turn;
  turn.host_ = h;
  turn.machine_ = h->machine;
  h->busy = true;
  if (h->machine) h->machine->busy = true;
  co_return Result<Turn>(std::move(turn));
}

std::shared_ptr<HostQueue::Host> HostQueue::host(const std::string& name) {
  auto& h = hosts_[name];
  if (!h) {
    h = std::make_shared<Host>();
    h->name = name;
    h->last_end = resumed_at_;
    const auto kept = h;
    forget_idle();
    return kept;
  }
  return h;
}

void HostQueue::forget_idle() {
  if (hosts_.size() <= forget_at_) return;
  const auto now = Clock::now();
  std::erase_if(hosts_, [&](const auto& entry) {
    const Host& h = *entry.second;
    const bool resting = h.rests_until && *h.rests_until > now;
    return h.last_end && *h.last_end + std::max<Clock::duration>(idle_kept, delay_of(h)) < now && !h.busy &&
           h.line.empty() && !resting;
  });
  std::erase_if(machines_, [](const auto& entry) { return entry.second.expired(); });
  forget_at_ = std::max(hosts_max, hosts_.size() + hosts_.size() / 4);
}

HostQueue::milliseconds HostQueue::delay_of(const Host& h) const {
  const auto adaptive =
      milliseconds(static_cast<long>(options_.latency_factor * static_cast<double>(h.latency.count())));
  return std::max({options_.delay_min, h.source_delay, h.crawl_delay.value_or(milliseconds(0)),
                   std::min(adaptive, options_.delay_max)});
}

HostQueue::Clock::time_point HostQueue::ready_at(const Host& h) const {
  auto ready = h.last_end ? *h.last_end + delay_of(h) : Clock::time_point::min();
  if (h.rests_until) ready = std::max(ready, *h.rests_until);
  return ready;
}

Error HostQueue::resting(const Host& h) const {
  const auto left = std::chrono::ceil<Seconds>(*h.rests_until - Clock::now());
  return {Errc::refused, h.name + " rests until " + china_minute(options_.now() + left) + ": " + h.rests_why, ""};
}

void HostQueue::rest(Host& h, Seconds span, std::string why) {
  const auto until = Clock::now() + span;
  if (h.rests_until && *h.rests_until >= until) return;
  h.rests_until = until;
  h.rests_why = std::move(why);
  for (asio::steady_timer* timer : h.line) timer->cancel();  // each looks whether the wait is still worth it
}

Seconds HostQueue::told_later(const std::string& name, std::optional<Seconds> asked, const std::string& why) {
  const auto h = host(name);
  Seconds span = doubled(later_first, h->times_later++, later_max);
  // Twenty percent up or down, so that those who were told together do not come back together.
  const auto bend = static_cast<long>(hash64(name, static_cast<std::uint64_t>(h->times_later)) % 41) - 20;
  span += span * bend / 100;
  if (asked) span = *asked;
  rest(*h, span, why);
  touch(name);
  return span;
}

void HostQueue::answered(const std::string& name) {
  const auto h = host(name);
  h->times_later = h->times_silent = 0;
  touch(name);
}

void HostQueue::silent(const std::string& name, const std::string& why) {
  const auto h = host(name);
  touch(name);
  if (++h->times_silent < silent_max) return;
  rest(*h, doubled(minutes(1), h->times_silent - silent_max, silent_rest_max), why);
}

Seconds HostQueue::rest_of(const std::string& name) const {
  const auto found = hosts_.find(name);
  if (found == hosts_.end() || !found->second->rests_until) return Seconds(0);
  return std::max(Seconds(0), std::chrono::ceil<Seconds>(*found->second->rests_until - Clock::now()));
}

void HostQueue::set_address(const std::string& name, const std::string& ip) {
  const auto h = host(name);
  if (ip.empty() || h->address == ip) return;
  if (h->machine)
    std::erase_if(h->machine->hosts, [&](const auto& weak) { return weak.expired() || weak.lock() == h; });
  h->address = ip;
  h->machine = machines_[ip].lock();
  if (!h->machine) machines_[ip] = h->machine = std::make_shared<Machine>();
  h->machine->hosts.push_back(h);
}

void HostQueue::set_crawl_delay(const std::string& name, std::optional<milliseconds> delay) {
  const auto h = host(name);
  if (h->crawl_delay == delay) return;
  h->crawl_delay = delay;
  touch(name);
}

void HostQueue::set_robots(const std::string& name, std::string in_words) {
  const auto h = host(name);
  if (h->robots == in_words) return;
  h->robots = std::move(in_words);
  touch(name);
}

void HostQueue::touch(const std::string& name) {
  if (options_.remember) changed_.insert(name);
}

HostMemory HostQueue::memory_of(const Host& h) const {
  const auto steady = Clock::now();
  const Time now = options_.now();
  HostMemory memory;
  memory.host = h.name;
  memory.last_request = now;
  if (h.last_end) memory.last_request = now - std::chrono::floor<Seconds>(steady - *h.last_end);
  memory.latency = h.latency;
  memory.delay = delay_of(h);
  memory.crawl_delay = h.crawl_delay;
  if (h.rests_until && *h.rests_until > steady) {
    memory.rests_until = now + std::chrono::ceil<Seconds>(*h.rests_until - steady);
    memory.rests_why = h.rests_why;
  }
  memory.times_later = h.times_later;
  memory.times_silent = h.times_silent;
  memory.address = h.address;
  memory.robots = h.robots;
  return memory;
}

std::vector<HostMemory> HostQueue::take_changes() {
  std::vector<HostMemory> memories;
  for (const std::string& name : changed_)
    if (const auto found = hosts_.find(name); found != hosts_.end()) memories.push_back(memory_of(*found->second));
  changed_.clear();
  return memories;
}

void HostQueue::restore(const std::vector<HostMemory>& hosts) {
  const auto steady = Clock::now();
  const Time now = options_.now();
  resumed_at_ = steady;
  for (const HostMemory& memory : hosts) {
    const auto h = host(memory.host);
    h->latency = memory.latency;
    h->crawl_delay = memory.crawl_delay;
    h->times_later = memory.times_later;
    h->times_silent = memory.times_silent;
    if (!memory.robots.empty()) h->robots = memory.robots;
    if (memory.rests_until && *memory.rests_until > now) {
      h->rests_until = steady + (*memory.rests_until - now);
      h->rests_why = memory.rests_why;
    }
    set_address(memory.host, memory.address);
  }
}

std::vector<HostState> HostQueue::hosts() const {
  std::vector<HostState> states;
  const auto now = Clock::now();
  for (const auto& [name, h] : hosts_) {
    HostState state;
    state.host = name;
    state.robots = h->robots;
    state.delay = delay_of(*h);
    state.waiting = static_cast<int>(h->line.size());
    state.failures = h->times_later + h->times_silent;
    if (h->rests_until && *h->rests_until > now)
      state.waits_for = resting(*h).detail;
    else if (h->busy)
      state.waits_for = "an answer";
    else if (!h->line.empty())
      state.waits_for = h->machine && h->machine->busy ? "a neighbour on " + h->address : "its delay";
    states.push_back(std::move(state));
  }
  std::sort(states.begin(), states.end(), [](const HostState& a, const HostState& b) { return a.host < b.host; });
  return states;
}

}  // namespace tingchao::crawler
