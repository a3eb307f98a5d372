// A process that commits is killed at random moments: what it acknowledged is there whole, nothing half.
#include <catch2/catch.hpp>

#include <csignal>
#include <random>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using tingchao::tests::TemporaryDirectory;

namespace {

const Time noon = *parse_time("2026-04-15T12:00:00+08:00");

store::WarningRow change_of(int warning, bool closes) {
  store::WarningRow row;
  row.warning.id = row.change.warning = "w" + std::to_string(warning);
  row.warning.version = closes ? 1 : 0;
  row.warning.state = row.change.state = closes ? WarningState::closed : WarningState::open;
  row.warning.raised_at = row.change.at = noon;
  row.change.event = closes ? WarningEvent::closed : WarningEvent::raised;
  row.change.seq = closes ? 2 : 1;
  if (closes) row.drop_why = "已办结";
  return row;
}

// Raises a warning whose message waits, and closes the one of the batch before.
store::Batch batch_of(int n) {
  store::Batch batch;
  batch.warnings.push_back(change_of(n, false));
  if (n > 0) batch.warnings.push_back(change_of(n - 1, true));
  for (const char* part : {"a", "b", "c"}) {
    store::StoredDocument& each = batch.documents.emplace_back();
    each.document.id = std::to_string(n) + part;
    each.document.body = "第" + std::to_string(n) + "批的正文，食堂。";
    each.document.fetched_at = noon;
    each.placement.story = "s" + std::to_string(n);
  }
  batch.deliveries.emplace_back();
  batch.deliveries[0].key = "k" + std::to_string(n);
  batch.deliveries[0].warning = "w" + std::to_string(n);
  batch.deliveries[0].seq = 1;
  batch.deliveries[0].level_rank = 3;
  batch.deliveries[0].not_before = noon + Seconds{3600};
  batch.notes = {{"last", std::to_string(n)}};
  return batch;
}

// Commits batch after batch and tells each number through the pipe once it is acknowledged.
[[noreturn]] void commit_for_ever(const std::string& path, int pipe) {
  auto store = store::open(path);
  if (!store) ::_exit(2);
  const auto last = (*store)->note("last");
  for (int n = last && !last->empty() ? std::stoi(*last) + 1 : 0;; ++n) {
    if (!(*store)->commit(batch_of(n))) ::_exit(3);
    if (::write(pipe, &n, sizeof n) != sizeof n) ::_exit(4);
  }
}

}  // namespace

TEST_CASE("kill -9 loses nothing that was acknowledged", "[store][crash]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  std::mt19937 random(7);
  int acknowledged = -1;
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) commit_for_ever(path, ends[1]);
    ::close(ends[1]);
    const int target = acknowledged + 1 + static_cast<int>(random() % 12);
    int n = -1;
    while (acknowledged < target && ::read(ends[0], &n, sizeof n) == sizeof n) acknowledged = n;
    ::usleep(random() % 3000);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &n, sizeof n) == sizeof n) acknowledged = n;
    ::close(ends[0]);
  }
  REQUIRE(acknowledged > 12);
  auto store = store::open(path);
  REQUIRE(store);
  CHECK((*store)->check()->at(0).second == "ok");
  const int last = std::stoi(*(*store)->note("last"));
  CHECK(last >= acknowledged);
  for (int i = 0; i <= last; ++i)
    for (const char* part : {"a", "b", "c"}) CHECK(*(*store)->knows_document(std::to_string(i) + part));
  CHECK_FALSE(*(*store)->knows_document(std::to_string(last + 1) + "a"));
  CHECK((*store)->deliveries(std::nullopt, 100'000)->size() == static_cast<std::size_t>(last + 1));
  // All but the last warning are closed, and what waited of them went with that.
  const auto open = (*store)->open_warnings();
  REQUIRE(open->size() == 1);
  CHECK(open->at(0).id == "w" + std::to_string(last));
  CHECK((*store)->deliveries(DeliveryState::dropped, 100'000)->size() == static_cast<std::size_t>(last));
  const auto waiting = (*store)->deliveries(DeliveryState::waiting, 100'000);
  REQUIRE(waiting->size() == 1);
  CHECK(waiting->at(0).warning == open->at(0).id);
  store::AuditQuery drops;
  drops.action = "delivery.dropped";
  drops.limit = 100'000;
  CHECK((*store)->audit_entries(drops)->size() == static_cast<std::size_t>(last));
}

TEST_CASE("a full disk refuses, loses nothing, and is served again when there is room", "[store][crash]") {
  TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  const pid_t child = ::fork();
  if (child == 0) {  // a limit on file size stands for the full disk, in a process of its own
    ::signal(SIGXFSZ, SIG_IGN);
    auto store = store::open(path);
    if (!store) ::_exit(10);
    const rlimit small{600 << 10, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    int n = 0;
    Result<void> done;
    for (; n < 5000 && done; ++n) done = (*store)->commit(batch_of(n));
    if (done || done.error().code != Errc::io || done.error().mend.empty()) ::_exit(11);
    const rlimit enough{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &enough);
    if (!(*store)->commit(batch_of(n - 1))) ::_exit(12);
    if (std::stoi(*(*store)->note("last")) != n - 1) ::_exit(13);
    ::_exit((*store)->check()->at(0).second == "ok" ? 0 : 14);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
