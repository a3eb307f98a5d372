// A visit's answer decides the span to the next: the source's own interval, what the server asked
// for, or after failures a span that doubles. A hash of the source and the visit bends it by up to a
// tenth, so that sources added together do not come due together for ever; what a server asked for
// is only ever bent upwards.

#include "crawler/schedule.h"

#include <algorithm>
#include <charconv>

#include "core/hash.h"
#include "core/utf8.h"
#include "crawler/extract/feed_date.h"

namespace tingchao::crawler {

using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr Seconds asked_max = hours(24);        // of max-age or ttl after a success
constexpr Seconds backoff_max = hours(6);
constexpr Seconds retry_after_max = hours(24 * 7);  // a server may not park a source for ever

// −1 … +1, the same for the same source and visit.
double bend(const Source& source, Time at) {
  const auto seed = static_cast<std::uint64_t>(at.time_since_epoch().count());
  return static_cast<double>(hash64(source.id, seed) % 2001) / 1000.0 - 1.0;
}

Seconds tenth(Seconds span, double part) {
  return Seconds(static_cast<Seconds::rep>(static_cast<double>(span.count()) * 0.1 * part));
}

Due after_success(const Source& source, const Visit& visit) {
  const double part = bend(source, visit.at);
  const Seconds asked = std::clamp(visit.server_asks.value_or(Seconds(0)), Seconds(0), asked_max);
  if (asked > source.interval)
    return {visit.at + asked + tenth(std::min<Seconds>(asked, minutes(10)), (part + 1) / 2),
            "server asks " + to_text(asked)};
  if (visit.adapted) {
    const Seconds gap = std::min(*visit.adapted, source.interval);  // the interval is a promise: not bent either
    return {visit.at + std::max(asked, gap), asked > gap ? "server asks " + to_text(asked) : "rhythm"};
  }
  return {visit.at + std::max(asked, source.interval + tenth(source.interval, part)), "interval"};
}

Due after_failure(const Source& source, const Visit& visit) {
  const int failures = std::max(visit.failures_before, 0) + 1;
  const Seconds doubled = failures < 10 ? Seconds(minutes(1LL << failures)) : backoff_max;
  const Seconds rest = std::max(source.interval, std::min(doubled, backoff_max));
  const Seconds bent = rest + tenth(rest, bend(source, visit.at));
  const Seconds asked = std::clamp(visit.server_asks.value_or(Seconds(0)), Seconds(0), retry_after_max);
  if (asked > bent) return {visit.at + asked, "server asks " + to_text(asked)};
  return {visit.at + bent, "backoff after " + std::to_string(failures) + (failures == 1 ? " failure" : " failures")};
}

std::optional<long long> whole_number(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return {};
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return Seconds(hours(24 * 365)).count();  // more digits than any span has
  return value;
}

Seconds until(std::string_view http_date, Time now) {
  const auto at = parse_feed_date(http_date, Seconds(0));
  return at ? std::max(Seconds(0), Seconds(at->at - now)) : Seconds(0);
}

std::optional<long long> max_age(std::string_view directives) {
  while (!directives.empty()) {
    const auto comma = directives.find(',');
    const std::string one = ascii_lower(trim(directives.substr(0, comma)));
    directives.remove_prefix(comma == directives.npos ? directives.size() : comma + 1);
    if (!one.starts_with("max-age")) continue;
    const auto equals = one.find('=');
    if (equals == one.npos || trim(std::string_view(one).substr(0, equals)) != "max-age") continue;
    std::string_view value = trim(std::string_view(one).substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (const auto seconds = whole_number(value)) return seconds;
  }
  return {};
}

}  // namespace

Due next_due(const Source& source, const Visit& visit) {
  return visit.success ? after_success(source, visit) : after_failure(source, visit);
}

Time first_due(const Source& source, std::optional<Time> last_visit, Time now, Seconds spread) {
  if (last_visit && *last_visit <= now && *last_visit + source.interval > now) return *last_visit + source.interval;
  if (spread <= Seconds(0)) return now;
  const auto share = hash64(source.id) % static_cast<std::uint64_t>(spread.count());
  return now + Seconds(static_cast<Seconds::rep>(share));
}

std::optional<Seconds> retry_after(const Headers& headers, Time now) {
  const std::string_view value = trim(header(headers, "retry-after"));
  if (value.empty()) return {};
  if (const auto seconds = whole_number(value)) return Seconds(*seconds);
  if (!parse_feed_date(value, Seconds(0))) return {};
  return until(value, now);
}

std::optional<Seconds> freshness(const Headers& headers, Time now) {
  if (const auto seconds = max_age(header(headers, "cache-control"))) return Seconds(*seconds);
  const std::string_view expires = trim(header(headers, "expires"));
  if (expires.empty()) return {};
  return until(expires, now);  // "0" and other nonsense: stale already (RFC 9111 5.3)
}

}  // namespace tingchao::crawler
