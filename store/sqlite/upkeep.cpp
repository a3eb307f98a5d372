// Opening, the daemon's claim, retention and the check-up.
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/sqlite/sqlite_store.h"

namespace tingchao::store {

Result<std::unique_ptr<Store>> open(const std::string& address, bool read_only) {
  std::string path = address;
  if (path.starts_with("sqlite:"))
    path = path.substr(7);
  else if (const auto scheme = path.find("://"); scheme != std::string::npos)
    return Error{Errc::bad_config, "store: '" + path.substr(0, scheme) + "' is not served by this build",
                 "write sqlite:FILE"};
  if (path.empty()) return Error{Errc::bad_config, "store: no file named", "write sqlite:FILE"};
  auto connection = Connection::open(path, read_only);
  if (!connection) return connection.error();
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(*connection)));
}

SqliteStore::~SqliteStore() {
  if (lock_ >= 0) ::close(lock_);  // the lock goes with the descriptor
}

Result<void> SqliteStore::claim() {
  const std::string path = db_->path() + ".lock";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0)
    return Error{Errc::io, path + ": " + std::strerror(errno),
                 "give this user write permission on the directory"};
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t got = ::pread(lock_, holder, sizeof holder - 1, 0);
    ::close(lock_);
    lock_ = -1;
    return Error{
        Errc::conflict,
        db_->path() + ": another daemon uses it" + (got > 0 ? ", process " + std::string(holder) : ""),
        "stop that one first, or name another store"};
  }
  const std::string me = std::to_string(::getpid());
  if (::ftruncate(lock_, 0) != 0 || ::pwrite(lock_, me.data(), me.size(), 0) < 0)
    return Error{Errc::io, path + ": " + std::strerror(errno), "free disk space"};
  if (auto recovered = recover_evidence(); !recovered) return recovered;
  return db_->execute(
      "UPDATE deliveries SET state='waiting', lease_until=0 WHERE state='sending';"
      "UPDATE links SET lease_until=0 WHERE lease_until>0;");
}

Result<long> SqliteStore::expire(Time documents_before, Time warnings_before) {
  Transaction transaction(*db_);
  if (auto begun = transaction.begin(); !begun) return begun.error();
  const auto drop = [this](const char* sql, Time before) { return db_->query(sql).bind(before).run(); };
  if (auto done = drop("DELETE FROM warnings WHERE is_open=0 AND changed_at<?1", warnings_before); !done)
    return done.error();
  if (auto done = drop("DELETE FROM deliveries WHERE state IN ('sent', 'dead', 'dropped') AND created<?1",
                       warnings_before);
      !done)
    return done.error();
  if (auto done = drop("DELETE FROM silences WHERE ends<?1", warnings_before); !done) return done.error();
  if (auto done =
          drop("DELETE FROM documents WHERE first_seen<?1 AND id NOT IN (SELECT document FROM evidence)",
               documents_before);
      !done)
    return done.error();
  const long gone = db_->changes();
  static constexpr const char* leftovers[] = {
      "DELETE FROM snapshots WHERE fetched_at<?1 AND hash NOT IN (SELECT snapshot FROM documents)",
      "DELETE FROM stories WHERE newest<?1 AND id NOT IN (SELECT story FROM documents) AND id NOT IN "
      "(SELECT a.story FROM documents d JOIN story_aliases a ON a.alias=d.story)",
      "DELETE FROM story_moves WHERE at<?1 AND document NOT IN (SELECT id FROM documents)",
      "DELETE FROM notes WHERE key IN (SELECT 'thread:' || url FROM links WHERE done=1 AND found_at<?1)",
      "DELETE FROM notes WHERE key IN (SELECT 'replies:' || url FROM links WHERE done=1 AND found_at<?1)",
      "DELETE FROM links WHERE done=1 AND found_at<?1",
      "DELETE FROM notes WHERE key>='barren:' AND key<'barren;' AND (value='' OR CAST(value AS INTEGER)<?1)",
      "DELETE FROM notes WHERE key>='probe:' AND key<'probe;' AND substr(value, 1, 10)<date(?1, 'unixepoch')",
      "DELETE FROM hosts WHERE last_request<?1", "DELETE FROM robots WHERE valid_until<?1"};
  for (const char* sql : leftovers)
    if (auto done = drop(sql, documents_before); !done) return done.error();
  const auto files = expire_evidence(documents_before);
  if (!files) return files.error();
  if (auto done = transaction.commit(); !done) return done.error();
  std::error_code ignored;  // a file that stays is set aside by the next claim
  for (const std::string& path : *files) std::filesystem::remove(path, ignored);
  return gone;
}

Result<std::vector<std::pair<std::string, std::string>>> SqliteStore::check() {
  std::vector<std::pair<std::string, std::string>> facts;
  const auto ask = [&](const char* what, const char* sql) -> Result<void> {
    Query query = db_->query(sql);
    if (query.next()) facts.emplace_back(what, query.text());
    if (query.error()) return *query.error();
    return {};
  };
  static constexpr std::pair<const char*, const char*> questions[] = {
      {"integrity", "PRAGMA integrity_check(1)"},
      {"documents", "SELECT count(*) FROM documents"},
      {"stories", "SELECT count(*) FROM stories"},
      {"warnings", "SELECT count(*) FROM warnings"},
      {"open", "SELECT count(*) FROM warnings WHERE is_open=1"},
      {"waiting", "SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'sending')"},
      {"sent", "SELECT count(*) FROM deliveries WHERE state='sent'"},
      {"dead", "SELECT count(*) FROM deliveries WHERE state='dead'"},
      {"snapshots", "SELECT (SELECT count(*) FROM snapshots) + (SELECT count(*) FROM evidence_records)"},
      {"snapshot_bytes",
       "SELECT (SELECT coalesce(sum(length(data)), 0) FROM snapshots) + "
       "(SELECT coalesce(sum(bytes), 0) FROM evidence_records)"}};
  for (const auto& [what, sql] : questions)
    if (auto asked = ask(what, sql); !asked) return asked.error();
  if (facts.front().second != "ok")
    return Error{Errc::store, db_->path() + ": " + facts.front().second,
                 "stop the daemon and restore a backup"};
  return facts;
}

}  // namespace tingchao::store
