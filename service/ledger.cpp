// Every public verb here does the same three steps: look what others changed, compute purely, commit.
// A refused commit leaves computed state ahead of the store; resume() throws it away and reads back.
#include "service/ledger.h"

#include <algorithm>
#include <map>

namespace tingchao::service {
namespace {

constexpr std::chrono::days remembered{14};  // what grouping needs to know of the past
constexpr std::chrono::days season{400};     // what bursts need
constexpr int remembered_documents_max = 300'000;  // the newest
constexpr std::chrono::hours frequencies_every{6};  // some megabytes
constexpr int commit_attempts_max = 3;  // when a person changed a warning in between

// Its story may have become another meanwhile.
void adopt(Pipeline& pipeline, Warning warning) {
  if (const Story* story = pipeline.grouper().find(warning.story)) warning.story = story->id;
  pipeline.warner().adopt(std::move(warning));
}

void note_open(const std::string& id, Pipeline& pipeline, store::Batch& batch) {
  const Story* before = pipeline.grouper().settled(id);
  batch.stories_open.push_back({id, before ? std::optional(*before) : std::nullopt});
}

// A story that had a warning is known again when it comes back, also one that slept before the restart.
Result<void> restore_warned(store::Store& store, Pipeline& pipeline, const Warning& warning, Time now) {
  if (warning.story.empty() || warning.changed_at < now - season) return {};
  const auto story = store.story(warning.story);
  if (!story) return story.error();
  if (*story) pipeline.grouper().restore_warned(**story, now);
  return {};
}

// The stories after, by id.
void take_settled(analyzer::Grouper::Settled settled, Pipeline& pipeline, std::map<std::string, Story>& stories,
                  store::Batch& batch, Time now) {
  if (!settled.any) return;
  batch.moved_at = now;
  for (StoryMerge& merge : settled.merges) {
    stories.erase(merge.from);
    batch.merges.push_back(std::move(merge));
  }
  for (StoryMove& move : settled.moves) batch.moves.push_back(std::move(move));
  for (StorySplit& split : settled.splits) batch.splits.push_back(std::move(split));
  for (const std::string& id : settled.changed)
    if (const Story* story = pipeline.grouper().find(id)) stories[story->id] = *story;
  batch.settled = true;
  batch.stories_open.clear();
  for (const std::string& id : settled.open) note_open(id, pipeline, batch);
  batch.notes.emplace_back(settled_note, std::to_string(settled.until.time_since_epoch().count()));
}

}  // namespace

int add_change(store::Batch& batch, const alerting::Raised& raised, const alerting::Book& book,
               const alerting::Background& background, Time now) {
  auto planned = alerting::plan(raised, book, now, background);
  const int count = static_cast<int>(planned.size());
  for (Delivery& delivery : planned) batch.deliveries.push_back(std::move(delivery));
  batch.warnings.push_back({raised.warning, raised.change, raised.judgement, alerting::why_over(raised),
                            book.duty.urgent_rank});
  return count;
}

Ledger::Ledger(store::Store& store, std::shared_ptr<const alerting::Measure> measure, alerting::Book book)
    : store_(store),
      measure_(std::move(measure)),
      books_{std::move(book)},
      book_(&books_.back()),
      pipeline_(std::make_unique<Pipeline>(measure_)) {}

Result<void> Ledger::resume(Time now) {
  auto fresh = std::make_unique<Pipeline>(measure_);
  const auto settled = store_.note(settled_note);
  if (!settled) return settled.error();
  if (!settled->empty()) fresh->grouper().settled_until(Time(Seconds(std::stoll(*settled))));
  const auto stories = store_.settled_stories_since(now - remembered);
  if (!stories) return stories.error();
  for (const Story& story : *stories) fresh->grouper().restore(story);
  const auto frequencies = store_.note(frequencies_note);
  if (!frequencies) return frequencies.error();
  // Of another version, or none yet: those of the remembered documents will do.
  if (!frequencies->empty()) fresh->grouper().adopt_frequencies(*frequencies);
  const auto changed = store_.warnings_changed_since(-1);
  if (!changed) return changed.error();
  for (const Warning& warning : changed->warnings)
    if (auto known = restore_warned(store_, *fresh, warning, now); !known) return known.error();
  const auto hours = store_.stream_hours_since(now - season);
  if (!hours) return hours.error();
  for (const store::StreamHour& hour : *hours)
    fresh->warner().adopt(alerting::StreamCount{hour.stream, hour.hour, hour.documents});
  const auto ranks = store_.note(heat_ranks_note);
  if (!ranks) return ranks.error();
  if (!ranks->empty()) fresh->warner().adopt_heat_ranks(*ranks);
  const auto remember = [&](const store::StoredDocument& each) {
    fresh->grouper().remember(each.document, each.analysis, each.placement);
    if (const Story* story = fresh->grouper().find(each.placement.story))
      fresh->warner().remember(*story, each.document, each.analysis, each.placement, each.document.fetched_at);
  };
  const auto visited =
      store_.visit_newest(now - remembered, now + remembered, remembered_documents_max, remember);
  if (!visited) return visited.error();
  const Seconds kept = alerting::closed_kept(*measure_);
  for (const Warning& warning : changed->warnings) {
    const bool closed = warning.state == WarningState::closed || warning.state == WarningState::dismissed;
    if (!closed || warning.changed_at >= now - kept) adopt(*fresh, warning);
  }
  change_counter_ = changed->counter;
  pipeline_ = std::move(fresh);
  return {};
}

void Ledger::replace(std::shared_ptr<const alerting::Measure> measure, alerting::Book book) {
  measure_ = std::move(measure);
  book_ = &books_.emplace_back(std::move(book));
  pipeline_->warner().replace(measure_);
}

Result<void> Ledger::adopt_changes() {
  const auto changed = store_.warnings_changed_since(change_counter_);
  if (!changed) return changed.error();
  for (const Warning& warning : changed->warnings) adopt(*pipeline_, warning);
  change_counter_ = changed->counter;
  return {};
}

Result<void> Ledger::add_raised(store::Batch& batch, const std::vector<alerting::Raised>& raised, Time now,
                                int& count) {
  if (raised.empty()) return {};
  const auto silences = store_.silences(now);
  if (!silences) return silences.error();
  for (const alerting::Raised& each : raised) {
    auto history = store_.history(each.warning.id);
    if (!history) return history.error();
    for (const store::WarningRow& row : batch.warnings)
      if (row.warning.id == each.warning.id) history->push_back(row.change);
    alerting::Background background;
    background.story = pipeline_->grouper().find(each.warning.story);
    background.history = &*history;
    background.silences = &*silences;
    background.open = &pipeline_->warner().open();
    count += add_change(batch, each, book(), background, now);
  }
  return {};
}

Result<void> Ledger::finish(store::Batch& batch, Time now) {
  for (const alerting::StreamCount& count : pipeline_->warner().take_counts())
    batch.stream_hours.push_back({count.stream, count.hour, count.documents});
  if (batch.empty()) return {};
  auto done = keep(batch);
  if (!done) {
    const auto resumed = resume(now);  // memory must not know what the store does not
    if (!resumed) return resumed.error();
    return done;
  }
  return {};
}

Result<Admitted> Ledger::admit(Harvest harvest, Time now) { return admit(std::move(harvest), now, true); }

std::vector<Result<Admitted>> Ledger::admit_together(std::vector<Harvest> harvests, Time now) {
  std::vector<Result<Admitted>> all;
  const auto admit_each = [&] {
    for (Harvest& harvest : harvests) all.push_back(admit(std::move(harvest), now));
  };
  if (harvests.size() == 1) {
    admit_each();
    return all;
  }
  const long before = documents_total_;
  const auto kept = store_.together(admit_each);
  if (kept) return all;
  documents_total_ = before;
  const auto resumed = resume(now);
  const Error why = resumed ? kept.error() : resumed.error();
  return std::vector<Result<Admitted>>(harvests.size(), why);
}

Result<Admitted> Ledger::admit_history(Harvest harvest, Time now) {
  return admit(std::move(harvest), now, false);
}

Result<Admitted> Ledger::admit(Harvest harvest, Time now, bool judge) {
  for (int attempt = 1;; ++attempt) {
    if (auto adopted = adopt_changes(); !adopted) return adopted.error();
    store::Batch batch;
    Admitted admitted;
    std::map<std::string, Story> stories;  // the last state of each
    std::vector<std::string> taken;
    for (const auto& [document, analysis] : harvest.documents) {
      const auto known = store_.knows_document(document.id);
      if (!known) return known.error();
      if (*known || std::find(taken.begin(), taken.end(), document.id) != taken.end()) continue;
      taken.push_back(document.id);
      Pipeline::Outcome outcome = judge ? pipeline_->take(document, analysis, now)
                                        : pipeline_->group(document, analysis, document.fetched_at);
      take_settled(std::move(outcome.settled), *pipeline_, stories, batch, now);
      if (outcome.opened) note_open(outcome.story.id, *pipeline_, batch);
      batch.documents.push_back({document, analysis, outcome.placement});
      stories[outcome.story.id] = outcome.story;
      if (auto added = add_raised(batch, outcome.raised, now, admitted.deliveries); !added)
        return added.error();
      for (alerting::Raised& raised : outcome.raised) admitted.raised.push_back(std::move(raised));
    }
    for (auto& [id, story] : stories) batch.stories.push_back(std::move(story));
    if (harvest.page && !batch.documents.empty()) batch.pages.push_back(*harvest.page);
    for (const store::FrontierLink& link : harvest.links) {
      const auto known = store_.knows_link(identity_of(link));
      if (!known) return known.error();
      if (!*known) {
        batch.links_found.push_back(link);
        ++admitted.links_new;
      }
      if (!link.link.reach.replies) continue;
      // A thread that has grown since it was read is due again.
      const std::string key = "replies:" + identity_of(link),
                        count = std::to_string(*link.link.reach.replies);
      const auto before = store_.note(key);
      if (!before) return before.error();
      if (*before == count) continue;
      batch.notes.emplace_back(key, count);
      if (*known) batch.links_later.push_back(link);
    }
    batch.links_done = harvest.links_done;
    for (const store::FrontierLink& link : harvest.links_later) batch.links_later.push_back(link);
    batch.validators = harvest.validators;
    batch.notes.insert(batch.notes.end(), harvest.notes.begin(), harvest.notes.end());
    batch.hosts = harvest.hosts;
    batch.robots = harvest.robots;
    admitted.documents_new = static_cast<int>(batch.documents.size());

    const auto done = finish(batch, now);
    if (done) {
      documents_total_ += admitted.documents_new;
      return admitted;
    }
    if (done.error().code != Errc::conflict || attempt >= commit_attempts_max) return done.error();
  }
}

Result<Admitted> Ledger::tick(Time now) {
  for (int attempt = 1;; ++attempt) {
    if (auto adopted = adopt_changes(); !adopted) return adopted.error();
    store::Batch batch;
    Admitted admitted;
    std::map<std::string, Story> stories;
    Pipeline::Reconciled reconciled = pipeline_->reconcile(now);
    take_settled(std::move(reconciled.settled), *pipeline_, stories, batch, now);
    for (auto& [id, story] : stories) batch.stories.push_back(std::move(story));
    admitted.raised = std::move(reconciled.raised);
    for (alerting::Raised& each : pipeline_->tick(now)) admitted.raised.push_back(std::move(each));
    if (auto added = add_raised(batch, admitted.raised, now, admitted.deliveries); !added)
      return added.error();
    const Time hour = std::chrono::floor<std::chrono::hours>(now);
    if (hour != ranks_saved_) {
      batch.notes.emplace_back(heat_ranks_note, pipeline_->warner().heat_ranks());
      ranks_saved_ = hour;
    }
    if (const auto span = now.time_since_epoch() / frequencies_every; span != frequencies_saved_) {
      batch.notes.emplace_back(frequencies_note, pipeline_->grouper().frequencies());
      frequencies_saved_ = span;
    }
    const auto done = finish(batch, now);
    if (done) {
      if (auto told = escalate_open(admitted, now); !told) return told.error();
      return admitted;
    }
    if (done.error().code != Errc::conflict || attempt >= commit_attempts_max) return done.error();
  }
}

Result<void> Ledger::save_frequencies() {
  store::Batch batch;
  batch.notes.emplace_back(frequencies_note, pipeline_->grouper().frequencies());
  return store_.commit(batch);
}

// A change from outside, as a person's: committed under the warning's version, then adopted. What the steps of a
// minute could not write because a person was faster is due again with the next one.
Result<void> Ledger::escalate_open(Admitted& admitted, Time now) {
  if (book().duty.chain.empty()) return {};
  if (auto adopted = adopt_changes(); !adopted) return adopted;
  store::Batch batch;
  std::vector<alerting::Raised> raised;
  for (const auto& [id, warning] : pipeline_->warner().open())
    for (alerting::Raised& each : alerting::escalate(warning, book().duty, now)) raised.push_back(std::move(each));
  if (raised.empty()) return {};
  if (auto added = add_raised(batch, raised, now, admitted.deliveries); !added) return added;
  const auto done = keep(batch);
  if (!done) return done.error().code == Errc::conflict ? Result<void>{} : done;
  for (alerting::Raised& each : raised) admitted.raised.push_back(std::move(each));
  return adopt_changes();
}

Result<void> Ledger::commit(const store::Batch& batch) { return keep(batch); }

// The one who is told asks on this thread, so only after an outer transaction that this one is part of.
Result<void> Ledger::keep(const store::Batch& batch) {
  auto done = store_.commit(batch);
  if (done && planned_ && !batch.deliveries.empty()) planned_();
  return done;
}

}  // namespace tingchao::service
