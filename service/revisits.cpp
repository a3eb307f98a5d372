// The budget of a host: visits_an_interval for each of its adaptive sources. It is shared out anew after
// every visit, for every visit changes what is believed.
#include "service/revisits.h"

#include "crawler/extract.h"
#include "crawler/url_reference.h"

namespace tingchao::service {
namespace {

constexpr double visits_an_interval = 4;

std::string key_of(const std::string& id) { return "rhythm:" + id; }

crawler::Revisited revisited(const Source& source, const crawler::Rhythm& rhythm) {
  return {&rhythm, source.interval, crawler::revisit_gap_min(source.interval), source.weight};
}

}  // namespace

Revisits::Revisits(const std::vector<Source>& sources) {
  for (const Source& source : sources) {
    if (!source.adaptive || source.urls.empty()) continue;
    const std::string url = crawler::canonical_url(source.urls.front());
    if (!url.empty()) members_[source.id] = {source, crawler::web_address(url).host, {}};
  }
}

Result<void> Revisits::recall(store::Store& store) {
  for (auto& [id, member] : members_) {
    const auto kept = store.note(key_of(id));
    if (!kept) return kept.error();
    if (const auto rhythm = crawler::Rhythm::from_text(*kept)) member.rhythm = *rhythm;
  }
  return {};
}

std::optional<Seconds> Revisits::observe(const Source& source, std::optional<Time> before, Time now,
                                         int items) {
  const auto found = members_.find(source.id);
  if (found == members_.end()) return {};
  Member& member = found->second;
  if (before) member.rhythm.observe(*before, now, items);
  std::vector<crawler::Revisited> sharing;
  double budget = 0;
  for (const auto& [id, other] : members_) {
    if (other.host != member.host) continue;
    sharing.push_back(revisited(other.source, other.rhythm));
    budget += visits_an_interval * 3600 / static_cast<double>(other.source.interval.count());
  }
  const double factor = crawler::revisit_factor(sharing, budget);
  return crawler::revisit_at(revisited(member.source, member.rhythm), factor, now) - now;
}

std::optional<std::pair<std::string, std::string>> Revisits::note_of(const Source& source) const {
  const auto found = members_.find(source.id);
  if (found == members_.end()) return {};
  return std::pair{key_of(source.id), found->second.rhythm.to_text()};
}

}  // namespace tingchao::service
