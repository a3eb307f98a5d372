#pragma once
// The questions that the program asks of its memory. One Batch is one transaction: what was caused
// and its cause become durable together or not at all. A Store belongs to one thread at a time.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/analysis.h"
#include "core/delivery.h"
#include "core/document.h"
#include "core/host.h"
#include "core/page.h"
#include "core/result.h"
#include "core/silence.h"
#include "core/source.h"
#include "core/story.h"
#include "core/warning.h"
#include "store/evidence.h"

namespace tingchao::store {

// A link waiting to be fetched, or remembered as done.
struct FrontierLink {
  std::string source;
  Link link;             // its url is what is fetched
  Time found_at{}, due{};
  int attempts = 0;
  std::string host;      // "www.example.com:443"
  std::string identity;  // by which it is known, where the same page has several addresses; empty: the url
  Time lease_until{};    // until then it is in somebody's hands
};
const std::string& identity_of(const FrontierLink& link);

struct StoredDocument {
  Document document;
  Analysis analysis;
  Placement placement;
};

struct WarningRow {
  Warning warning;  // version: the one read; the commit fails with conflict when it moved on
  WarningChange change;
  std::string judgement = {};  // what a judgement of the measure saw besides the documents; empty else
  // Of a change that ends the warning: why its messages from before are not sent any more. Those that wait, slighter
  // than rank `kept_rank`, are dropped with these words, and an audit row tells how many. Empty: they stay.
  std::string drop_why = {};
  int kept_rank = 2;
};

struct StreamHour {
  std::string stream;
  Time hour{};
  int documents = 0;
};

// Line breaks in actor, action and subject become spaces: the chain's hash is over lines.
struct AuditRow {
  Time at{};
  std::string actor, action, subject, note;
};
struct AuditEntry {
  long id = 0;
  AuditRow row;
  std::string hash;  // SHA-256 over the hash of the row before and this one
};
struct AuditQuery {
  std::string actor, subject, action;  // empty: all; `action` is a beginning: "warning."
  std::optional<Time> from, to;
  int limit = 100;
};
struct AuditCheck {
  long rows = 0;
  std::string head;                   // hash of the last row: noted elsewhere, it proves that no row was cut off later
  std::optional<AuditEntry> broken;   // the first that the chain does not bear out
  std::string why;                    // Chinese; also when a warning's history and the chain do not agree
};

// The text of a measure, kept when it came into force.
struct MeasureText {
  std::string version, text;
  Time at{};
};

struct Batch {
  std::vector<PackedPage> pages;          // evidence; on disk before the transaction that names it
  std::vector<StoredDocument> documents;  // new ones
  std::vector<StoryMerge> merges;         // in their order; the stories they leave are in `stories`
  std::vector<StoryMove> moves;           // after the merges
  Time moved_at{};                        // when
  std::vector<StorySplit> splits;
  std::vector<Story> stories;             // state after
  std::vector<OpenStory> stories_open;    // more of them; all there are, when `settled`
  bool settled = false;
  std::vector<WarningRow> warnings;
  std::vector<Delivery> deliveries;                            // new rows; a key that exists is skipped
  std::vector<std::pair<long, std::string>> deliveries_dropped;  // id → why; only those that still wait
  std::vector<StreamHour> stream_hours;                        // absolute values
  std::vector<FrontierLink> links_found;                       // new; those known are skipped
  std::vector<std::string> links_done;                         // identities
  std::vector<FrontierLink> links_later;                       // attempts and due changed; gives leases back
  std::vector<std::pair<std::string, Validators>> validators;  // by URL
  std::vector<HostMemory> hosts;    // state after
  std::vector<RobotsCopy> robots;   // state after
  std::vector<SourceHealth> health;
  std::vector<std::pair<std::string, std::string>> notes;  // key → value, small
  std::vector<StoredDocument> documents_changed;           // extracted anew; placement and first_seen stay
  std::vector<AuditRow> audits;
  std::vector<MeasureText> measures;  // a version that exists is skipped
  std::vector<Silence> silences;      // state after
  bool empty() const;
};

struct SearchQuery {
  std::vector<std::vector<std::string>> needles;  // AND of ORs of literals; empty: all
  std::optional<Time> from, to;                   // by effective time
  std::string source;
  int limit = 200;
  std::optional<std::string> before;  // cursor: id of the last row of the page before
};

class Store {
 public:
  virtual ~Store() = default;

  // The daemon's exclusive claim: a second daemon on the same store must not run. Held while this
  // Store lives; messages that a killed daemon was sending and links that it was reading become due
  // again. Fails with conflict,
  // naming the process that holds it.
  virtual Result<void> claim() = 0;

  // All or nothing. Of one warning several changes may stand in a batch; each carries the version
  // that was read or that of the row before it; the stored one grows by one a row. Who keeps a Warning in
  // memory takes it up again from warnings_changed_since() before changing it further. links_later also
  // revives links that were done. Fails with conflict (a warning moved on), io (disk full: what and where),
  // store.
  virtual Result<void> commit(const Batch& batch) = 0;

  // Runs `work`. The commits in it are each refused or taken as always, and see the ones before them; those taken
  // are on disk when this returns, with one sync for all, or none is when it fails. Within `work` only commit
  // and questions may be asked. Others wait for the write lock meanwhile: keep it short.
  virtual Result<void> together(const std::function<void()>& work) = 0;

  // — what the crawl asks
  virtual Result<bool> knows_link(const std::string& identity) = 0;
  virtual Result<bool> knows_document(const std::string& id) = 0;
  // Due and in nobody's hands, longest due first.
  virtual Result<std::vector<FrontierLink>> due_links(const std::string& source, Time now, int limit) = 0;
  // The same, and takes them under a lease; links_done and links_later of a batch give it back.
  virtual Result<std::vector<FrontierLink>> take_links(const std::string& source, Time now, Time lease_until,
                                                       int limit) = 0;
  // Those asked last first; counting the links that wait for each is for people.
  virtual Result<std::vector<HostMemory>> hosts(int limit, bool count_links) = 0;
  virtual Result<std::vector<RobotsCopy>> robots(int limit) = 0;
  virtual Result<Validators> validators(const std::string& url) = 0;
  virtual Result<std::vector<SourceHealth>> health() = 0;

  // — what grouping and warning ask after a restart
  virtual Result<std::vector<Story>> stories_since(Time newest) = 0;
  // Those and as they are without documents that are not settled, what a restart begins from.
  virtual Result<std::vector<Story>> settled_stories_since(Time newest) = 0;
  // Of a story: the parts that left it, and, when it is one, from where; by time.
  virtual Result<std::vector<StorySplit>> splits_of(const std::string& story) = 0;
  // By first seen, oldest first.
  virtual Result<std::vector<StoredDocument>> documents_between(Time from, Time to, int limit) = 0;
  // The newest so many of them, oldest first, those of one second as they were stored. One is in memory at a time;
  // `visit` may ask the store, not commit.
  virtual Result<void> visit_newest(Time from, Time to, int limit,
                                    const std::function<void(const StoredDocument&)>& visit) = 0;
  virtual Result<std::vector<StreamHour>> stream_hours_since(Time from) = 0;
  virtual Result<std::vector<Warning>> open_warnings() = 0;
  // Warnings changed by anybody after that change counter; the counter now.
  struct Changed {
    std::vector<Warning> warnings;
    long counter = 0;
  };
  virtual Result<Changed> warnings_changed_since(long counter) = 0;

  // — what people ask
  virtual Result<std::optional<StoredDocument>> document(const std::string& id) = 0;
  virtual Result<std::vector<StoredDocument>> search(const SearchQuery& query) = 0;  // newest first
  virtual Result<std::optional<Story>> story(const std::string& id) = 0;  // also by an id that was merged away
  virtual Result<std::vector<Story>> stories(Time from, Time to, int limit) = 0;  // hottest first
  // Those alive within the span, hottest at its end first, one in memory at a time; `visit` may ask the store, not
  // commit, and ends the walk by failing.
  virtual Result<void> visit_stories(Time from, Time to, const std::function<Result<void>(const Story&)>& visit) = 0;
  // Of a story and of those merged into it, as they were stored; likewise.
  virtual Result<void> visit_documents_of(const std::string& story,
                                          const std::function<void(const StoredDocument&)>& visit) = 0;
  virtual Result<std::optional<Warning>> warning(const std::string& id) = 0;
  virtual Result<std::vector<Warning>> warnings(Time changed_from, Time to, bool open_only) = 0;
  virtual Result<std::vector<WarningChange>> history(const std::string& warning) = 0;
  // Of a story, in the order in which they were taken in.
  virtual Result<std::vector<StoredDocument>> documents_of(const std::string& story) = 0;
  // The same and those that have left it since `at`, without those that came from another since: `placement.story` is
  // where each was then, an alias or the story.
  virtual Result<std::vector<StoredDocument>> documents_of_then(const std::string& story, Time at) = 0;
  virtual Result<std::string> judgement(const std::string& warning, int seq) = 0;  // empty when none was kept
  virtual Result<std::optional<MeasureText>> measure(const std::string& version) = 0;
  // Silences that end after that time, the first to end first.
  virtual Result<std::vector<Silence>> silences(Time end_after) = 0;
  virtual Result<std::string> snapshot(const std::string& sha256) = 0;  // raw bytes; verified
  // Pages kept as evidence, oldest first, a page of the list at a time.
  virtual Result<std::vector<EvidenceEntry>> evidence(const EvidenceQuery& query) = 0;
  // The page with headers and how it was fetched. Fails with store when its bytes were altered, not_found.
  virtual Result<Page> evidence_page(const EvidenceEntry& entry) = 0;
  // Reads every byte of the segments of a day (empty: all) and holds them against the chain and the store.
  virtual Result<EvidenceCheck> verify_evidence(const std::string& day) = 0;
  virtual Result<std::string> note(const std::string& key) = 0;         // empty when absent
  // Documents by hour of effective time: all, and those with negative stance.
  struct HourCount {
    Time hour{};
    int documents = 0, negative = 0;
  };
  virtual Result<std::vector<HourCount>> hour_counts(Time from, Time to) = 0;

  // — the outbox
  struct OutboxState {
    std::vector<std::string> due;  // channels with messages that are due
    std::optional<Time> next;      // when the next one becomes so, when none is
  };
  virtual Result<OutboxState> outbox_state(Time now) = 0;
  // A number that is another one once any other connection, as that of another process, has changed the store.
  virtual Result<long> changes_of_others() = 0;
  // A channel under a limit of calls: so many may be taken now, of any message and of ranks 1 and 2.
  struct ChannelRoom {
    std::string channel;
    int any = 0, grave = 0;
  };
  struct TakeLimits {
    std::vector<ChannelRoom> rooms;  // channels that are not here have no limit
    // Messages that failed, or were made before this, are dropped when a later one of the same warning,
    // channel and recipient waits: what is superseded is not sent late.
    std::optional<Time> late;
    // Of a warning that was closed or dismissed after them, messages slighter than this rank are dropped: such as were
    // being sent at that time, failed, and would be tried again.
    int kept_rank = 2;
  };
  // Takes the due ones under a lease that ends at `lease_until` (a crash in between gives them back), and
  // notes a call of each limited channel that one of them goes to.
  virtual Result<std::vector<Delivery>> take_due(Time now, Time lease_until, int limit,
                                                 const TakeLimits& limits) = 0;
  // Calls of a limited channel after that.
  virtual Result<std::vector<Time>> channel_calls(const std::string& channel, Time since) = 0;
  // Opinion messages of rank 3 and slighter that are due on a channel, as they came; neither summaries nor what tells
  // of a warning from before it was closed or dismissed.
  virtual Result<std::vector<Delivery>> backlog(const std::string& channel, Time now, int limit) = 0;
  struct ChannelState {
    std::string channel;
    std::optional<Time> last_sent;
    long waiting = 0, dead = 0;  // dead: of the last seven days
  };
  virtual Result<std::vector<ChannelState>> channel_states(Time now) = 0;
  virtual Result<void> record(const Delivery& delivery) = 0;  // state, attempts, answer, not_before
  virtual Result<std::vector<Delivery>> deliveries(std::optional<DeliveryState> state, int limit) = 0;

  // — upkeep
  virtual Result<void> audit(const AuditRow& row) = 0;
  virtual Result<std::vector<AuditRow>> audits(int limit) = 0;
  virtual Result<std::vector<AuditEntry>> audit_entries(const AuditQuery& query) = 0;  // newest first
  // Walks the whole chain and holds the histories of warnings against it.
  virtual Result<AuditCheck> verify_audit() = 0;
  // Drops documents (with author hashes, analyses, snapshots) first seen before, unless a warning's
  // evidence names them; returns how many went.
  virtual Result<long> expire(Time documents_before, Time warnings_before) = 0;
  // Integrity check and numbers for `doctor`: name → value.
  virtual Result<std::vector<std::pair<std::string, std::string>>> check() = 0;
};

// "sqlite:PATH", or a bare path. Creates and migrates. `read_only` never writes and works beside a
// running daemon. Fails with io or store, naming the path and the mend; bad_config for a scheme that
// this build does not serve.
Result<std::unique_ptr<Store>> open(const std::string& address, bool read_only = false);

}  // namespace tingchao::store
