#pragma once
// The Store over one SQLite file. Writing is in commit.cpp, the questions in questions.cpp, links and hosts in
// frontier.cpp, the audit trail in audit.cpp,
// the outbox and upkeep in outbox.cpp and upkeep.cpp, evidence in evidence.cpp and evidence_upkeep.cpp.

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "store/sqlite/connection.h"
#include "store/sqlite/evidence_rows.h"
#include "store/store.h"

namespace tingchao::store {

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::unique_ptr<Connection> connection) : db_(std::move(connection)) {}
  ~SqliteStore() override;

  Result<void> claim() override;
  Result<void> commit(const Batch& batch) override;
  Result<void> together(const std::function<void()>& work) override;

  Result<bool> knows_link(const std::string& url) override;
  Result<bool> knows_document(const std::string& id) override;
  Result<std::vector<FrontierLink>> due_links(const std::string& source, Time now, int limit) override;
  Result<std::vector<FrontierLink>> take_links(const std::string& source, Time now, Time lease_until,
                                               int limit) override;
  Result<std::vector<HostMemory>> hosts(int limit, bool count_links) override;
  Result<std::vector<RobotsCopy>> robots(int limit) override;
  Result<Validators> validators(const std::string& url) override;
  Result<std::vector<SourceHealth>> health() override;

  Result<std::vector<Story>> stories_since(Time newest) override;
  Result<std::vector<Story>> settled_stories_since(Time newest) override;
  Result<std::vector<StorySplit>> splits_of(const std::string& story) override;
  Result<std::vector<StoredDocument>> documents_between(Time from, Time to, int limit) override;
  Result<void> visit_newest(Time from, Time to, int limit,
                            const std::function<void(const StoredDocument&)>& visit) override;
  Result<std::vector<StreamHour>> stream_hours_since(Time from) override;
  Result<std::vector<Warning>> open_warnings() override;
  Result<Changed> warnings_changed_since(long counter) override;

  Result<std::optional<StoredDocument>> document(const std::string& id) override;
  Result<std::vector<StoredDocument>> search(const SearchQuery& query) override;
  Result<std::optional<Story>> story(const std::string& id) override;
  Result<std::vector<Story>> stories(Time from, Time to, int limit) override;
  Result<std::optional<Warning>> warning(const std::string& id) override;
  Result<std::vector<Warning>> warnings(Time changed_from, Time to, bool open_only) override;
  Result<std::vector<WarningChange>> history(const std::string& warning) override;
  Result<void> visit_stories(Time from, Time to, const std::function<Result<void>(const Story&)>& visit) override;
  Result<void> visit_documents_of(const std::string& story,
                                  const std::function<void(const StoredDocument&)>& visit) override;
  Result<std::vector<StoredDocument>> documents_of(const std::string& story) override;
  Result<std::vector<StoredDocument>> documents_of_then(const std::string& story, Time at) override;
  Result<std::string> judgement(const std::string& warning, int seq) override;
  Result<std::optional<MeasureText>> measure(const std::string& version) override;
  Result<std::vector<Silence>> silences(Time end_after) override;
  Result<std::string> snapshot(const std::string& sha256) override;
  Result<std::vector<EvidenceEntry>> evidence(const EvidenceQuery& query) override;
  Result<Page> evidence_page(const EvidenceEntry& entry) override;
  Result<EvidenceCheck> verify_evidence(const std::string& day) override;
  Result<std::string> note(const std::string& key) override;
  Result<std::vector<HourCount>> hour_counts(Time from, Time to) override;

  Result<std::vector<Delivery>> take_due(Time now, Time lease_until, int limit, const TakeLimits& limits) override;
  Result<std::vector<Time>> channel_calls(const std::string& channel, Time since) override;
  Result<std::vector<Delivery>> backlog(const std::string& channel, Time now, int limit) override;
  Result<std::vector<ChannelState>> channel_states(Time now) override;
  Result<void> record(const Delivery& delivery) override;
  Result<OutboxState> outbox_state(Time now) override;
  Result<long> changes_of_others() override;
  Result<std::vector<Delivery>> deliveries(std::optional<DeliveryState> state, int limit) override;

  Result<void> audit(const AuditRow& row) override;
  Result<std::vector<AuditRow>> audits(int limit) override;
  Result<std::vector<AuditEntry>> audit_entries(const AuditQuery& query) override;
  Result<AuditCheck> verify_audit() override;
  Result<long> expire(Time documents_before, Time warnings_before) override;
  Result<std::vector<std::pair<std::string, std::string>>> check() override;

 private:
  Result<void> commit_within(const Batch& batch);
  Result<void> write(const Batch& batch);
  Result<void> index_texts();  // before each commit to disk
  Result<void> write_pages(const Batch& batch);
  Result<void> write_documents(const Batch& batch);
  Result<void> write_merges(const Batch& batch);
  Result<void> write_moves(const Batch& batch);
  Result<void> write_stories(const Batch& batch);
  Result<void> write_warnings(const Batch& batch);
  Result<void> write_deliveries(const Batch& batch);
  Result<void> drop_waiting(const WarningRow& row);
  Result<void> write_links(const Batch& batch);
  Result<void> write_hosts(const Batch& batch);
  Result<void> write_rest(const Batch& batch);
  Result<void> write_duty(const Batch& batch);
  Result<void> write_audit(const AuditRow& row);

  // Evidence: the file that is written to, and what retention does to old ones (evidence.cpp).
  Result<SegmentRow> segment_for(const std::string& day);
  Result<UnsyncedSegment*> unsynced(const SegmentRow& segment);
  Result<void> sync_evidence();  // before each commit to disk
  Result<void> recover_evidence();
  Result<std::vector<std::string>> expire_evidence(Time before);  // files to remove after the commit
  Result<SegmentRow> erase_records(const SegmentRow& segment, const std::set<long>& dead);
  Result<std::vector<SegmentRow>> segments();

  std::unique_ptr<Connection> db_;
  std::list<UnsyncedSegment> unsynced_;
  std::optional<long> unindexed_from_;  // rowid: new documents that the full text does not know yet
  bool together_ = false;               // commits wait for the end of together()
  std::optional<Error> group_refused_;  // SQLite has thrown away all of the group
  int lock_ = -1;  // file descriptor of the claim
};

}  // namespace tingchao::store
