#pragma once
// The place where a result becomes durable: groups and judges documents, plans messages, and commits
// all of it with its cause in one transaction. When the store refuses, memory is rebuilt from the
// store, so that both always agree. Lives on one thread, with the store.

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerting/notify.h"
#include "core/result.h"
#include "service/pipeline.h"
#include "store/store.h"

namespace tingchao::service {

inline constexpr const char* frequencies_note = "frequencies";  // of the store: Grouper::frequencies()
inline constexpr const char* settled_note = "settled_until";    // seconds: Grouper::settled_until()
inline constexpr const char* heat_ranks_note = "heat_ranks";  // of the store: Warner::heat_ranks()

// What one fetched page brought.
struct Harvest {
  std::optional<store::PackedPage> page;  // kept as evidence when it gave documents
  std::vector<std::pair<Document, Analysis>> documents;
  std::vector<store::FrontierLink> links;
  std::vector<std::string> links_done;            // identities
  std::vector<store::FrontierLink> links_later;
  std::vector<HostMemory> hosts;
  std::vector<RobotsCopy> robots;
  std::vector<std::pair<std::string, Validators>> validators;
  std::vector<std::pair<std::string, std::string>> notes;  // as in store::Batch
};

struct Admitted {
  int documents_new = 0;
  int links_new = 0;
  std::vector<alerting::Raised> raised;
  int deliveries = 0;
};

// The change becomes a row of the batch, with the messages that tell of it; how many. What waits of a warning that it
// ends is dropped.
int add_change(store::Batch& batch, const alerting::Raised& raised, const alerting::Book& book,
               const alerting::Background& background, Time now);

class Ledger {
 public:
  Ledger(store::Store& store, std::shared_ptr<const alerting::Measure> measure, alerting::Book book);

  // Reads back stories, recent documents, counts and open warnings. Call once before the others.
  Result<void> resume(Time now);

  // Documents that are known already are left out. Fails with what the store said; then nothing of
  // the harvest was kept, and it may be admitted again.
  Result<Admitted> admit(Harvest harvest, Time now);
  // Each as if admitted alone, in that order, with one sync of disk for all of them.
  std::vector<Result<Admitted>> admit_together(std::vector<Harvest> harvests, Time now);
  // The same without judging: history raises no warning and no message.
  Result<Admitted> admit_history(Harvest harvest, Time now);
  // After history: what it taught of terms outlives a restart. The ticks save it every six hours.
  Result<void> save_frequencies();
  // Clocks, slow downgrades, bursts of closed hours, steps of the chain for what nobody took notice of.
  Result<Admitted> tick(Time now);
  // Called, on the ledger's thread, whenever messages have become durable; null: nobody.
  void on_planned(std::function<void()> tell) { planned_ = std::move(tell); }
  // Anything else that must be durable with its messages: health, notices, digests, notes.
  Result<void> commit(const store::Batch& batch);

  // Measure and book of now on. Books of before stay readable for whoever still holds one.
  void replace(std::shared_ptr<const alerting::Measure> measure, alerting::Book book);
  store::Store& store() { return store_; }
  const alerting::Book& book() const { return *book_; }  // from any thread
  long documents_total() const { return documents_total_; }

 private:
  Result<Admitted> admit(Harvest harvest, Time now, bool judge);
  Result<void> adopt_changes();
  Result<void> escalate_open(Admitted& admitted, Time now);
  Result<void> add_raised(store::Batch& batch, const std::vector<alerting::Raised>& raised, Time now,
                          int& count);
  Result<void> finish(store::Batch& batch, Time now);
  Result<void> keep(const store::Batch& batch);

  store::Store& store_;
  std::shared_ptr<const alerting::Measure> measure_;
  std::deque<alerting::Book> books_;  // the last is in force; the others are few, one a reload
  std::atomic<const alerting::Book*> book_;
  std::unique_ptr<Pipeline> pipeline_;
  std::function<void()> planned_;
  long change_counter_ = 0;
  long documents_total_ = 0;
  Time ranks_saved_{};
  std::int64_t frequencies_saved_ = 0;  // the span of six hours of the last time
};

}  // namespace tingchao::service
