// The only file that knows how to open a database. Pragmas: WAL, so that readers never wait for the
// writer; synchronous=FULL, so that what was committed survives a power cut; 16 KiB pages, because rows
// of two kilobytes waste half of 4 KiB ones; 16 MB of them in memory, so that none is written before a group's commit.
#include "store/sqlite/connection.h"

#include <cstring>
#include <filesystem>

#include <sqlite3.h>

#include "store/sqlite/migrations.h"
#include "store/sqlite/tokenizer.h"

namespace tingchao::store {
namespace {

constexpr int busy_wait_ms = 10'000;

Error explain(const std::string& path, int code, const char* message) {
  const std::string detail = path + ": " + message;
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return {Errc::io, detail, "free disk space; nothing was lost, the work is done again"};
    case SQLITE_IOERR:
      return {Errc::io, detail, "check the disk and free space on it"};
    case SQLITE_CANTOPEN:
      return {Errc::io, detail, "check that the directory exists and this user may write to it"};
    case SQLITE_READONLY:
      return {Errc::io, detail, "give this user write permission on the file and its directory"};
    case SQLITE_NOTADB:
      return {Errc::store, detail, "this file is something else; name another path under store:"};
    case SQLITE_CORRUPT:
      return {Errc::store, detail,
              "stop the daemon and restore a backup, or recover with `sqlite3 FILE .recover`"};
    case SQLITE_BUSY:
      return {Errc::store, detail, "another process holds the database; try again"};
    default:
      return {Errc::store, detail, ""};
  }
}

}  // namespace

Query::Query(sqlite3_stmt* statement, Connection& connection)
    : statement_(statement), connection_(connection) {
  if (!statement_) error_ = connection.failure();
}

Query::~Query() {
  if (!statement_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Query& Query::bind(std::string_view text) {
  if (statement_)
    sqlite3_bind_text64(statement_, ++bound_, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
  return *this;
}
Query& Query::bind(long value) {
  if (statement_) sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}
Query& Query::bind(double value) {
  if (statement_) sqlite3_bind_double(statement_, ++bound_, value);
  return *this;
}
Query& Query::bind(const std::optional<Time>& at) {
  if (at) return bind(*at);
  if (statement_) sqlite3_bind_null(statement_, ++bound_);
  return *this;
}
Query& Query::bind_blob(std::string_view bytes) {
  if (statement_) sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

bool Query::next() {
  if (error_) return false;
  column_ = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) error_ = connection_.failure();
  return false;
}

Result<void> Query::run() {
  while (next()) {
  }
  if (error_) return *error_;
  return {};
}

std::string Query::text() {
  const int column = column_++;
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data ? std::string(static_cast<const char*>(data), static_cast<std::size_t>(size)) : std::string();
}
long Query::number() { return sqlite3_column_int64(statement_, column_++); }
double Query::real() { return sqlite3_column_double(statement_, column_++); }
Time Query::time() { return Time{Seconds{number()}}; }
std::optional<Time> Query::maybe_time() {
  if (sqlite3_column_type(statement_, column_) == SQLITE_NULL) {
    ++column_;
    return std::nullopt;
  }
  return time();
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, bool read_only) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return Error{Errc::io, path + ": is a directory", "name a file in it under store:"};
  const auto parent = std::filesystem::path(path).parent_path();
  if (!read_only && !parent.empty()) std::filesystem::create_directories(parent, ignored);
  sqlite3* db = nullptr;
  const int flags =
      (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  auto connection = std::unique_ptr<Connection>(new Connection(path, db));
  if (code != SQLITE_OK) return explain(path, code, db ? sqlite3_errmsg(db) : "out of memory");
  if (auto ready = connection->prepare_database(read_only); !ready) return ready.error();
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(db_);
}

Result<void> Connection::prepare_database(bool read_only) {
  sqlite3_extended_result_codes(db_, 1);
  sqlite3_busy_timeout(db_, busy_wait_ms);
  if (auto registered = register_tokenizer(db_); !registered) return registered;
  if (!read_only) {
    if (auto set = execute("PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
                           "foreign_keys=ON; PRAGMA cache_size=-16000;");
        !set)
      return set;
    return migrate();
  }
  Query version = query("PRAGMA user_version");
  const bool there = version.next();
  if (!there) return version.error().value_or(failure());
  if (version.number() != static_cast<long>(migration_count()))
    return Error{Errc::store, path_ + ": made by another version of tingchao",
                 "start this version's daemon once; it migrates"};
  return {};
}

Result<void> Connection::migrate() {
  long version = 0;
  {
    Query asked = query("PRAGMA user_version");
    if (!asked.next()) return asked.error().value_or(failure());
    version = asked.number();
  }
  const long latest = static_cast<long>(migration_count());
  if (version > latest)
    return Error{Errc::store,
                 path_ + ": schema " + std::to_string(version) + " is newer than this program's " +
                     std::to_string(latest),
                 "use the newer tingchao that made it"};
  for (; version < latest; ++version) {
    const std::string sql = "BEGIN IMMEDIATE;\n" + std::string(migration(static_cast<std::size_t>(version))) +
                            "\nPRAGMA user_version=" + std::to_string(version + 1) + ";\nCOMMIT;";
    if (auto done = execute(sql.c_str()); !done) {
      const Error why = done.error();
      if (auto back = execute("ROLLBACK"); !back) return why;
      return why;
    }
  }
  return {};
}

Query Connection::query(const char* sql) {
  sqlite3_stmt*& statement = statements_[sql];
  if (!statement) sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  return Query(statement, *this);
}

Result<void> Connection::execute(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return {};
}

Error Connection::failure() const {
  return explain(path_, sqlite3_extended_errcode(db_), sqlite3_errmsg(db_));
}
long Connection::changes() const { return sqlite3_changes64(db_); }
long Connection::last_row() const { return sqlite3_last_insert_rowid(db_); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

Result<void> Transaction::begin() {
  auto begun = connection_.query("BEGIN IMMEDIATE").run();
  open_ = begun.has_value();
  return begun;
}

Result<void> Transaction::commit() {
  auto done = connection_.query("COMMIT").run();
  if (done) open_ = false;
  return done;
}

Transaction::~Transaction() {
  if (!open_) return;
  const auto rolled_back = connection_.execute("ROLLBACK");
  static_cast<void>(rolled_back);  // SQLite may have rolled back by itself already
}

}  // namespace tingchao::store
