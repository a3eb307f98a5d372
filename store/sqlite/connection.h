#pragma once
// One SQLite connection and its prepared statements. Values are always bound, never written into the
// SQL. A failure is an Error that names the file and what to mend.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tingchao::store {

// A statement on its way: bind in order, step, read columns in order. Resets itself when it ends.
class Query {
 public:
  Query(sqlite3_stmt* statement, class Connection& connection);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(std::string_view text);
  Query& bind(const char* text) { return bind(std::string_view(text)); }
  Query& bind(long value);
  Query& bind(int value) { return bind(static_cast<long>(value)); }
  Query& bind(bool value) { return bind(static_cast<long>(value)); }
  Query& bind(double value);
  Query& bind(Time at) { return bind(static_cast<long>(at.time_since_epoch().count())); }
  Query& bind(const std::optional<Time>& at);
  Query& bind_blob(std::string_view bytes);

  // True: a row is there. False: the end, or a failure that error() tells.
  bool next();
  // Runs to the end; for statements without rows.
  Result<void> run();
  const std::optional<Error>& error() const { return error_; }

  std::string text();  // each reads the next column of the row
  long number();
  double real();
  Time time();
  std::optional<Time> maybe_time();

 private:
  sqlite3_stmt* statement_;
  Connection& connection_;
  int bound_ = 0, column_ = 0;
  std::optional<Error> error_;
};

class Connection {
 public:
  // Opens, sets the pragmas, registers the tokenizer; migrates unless read_only.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, bool read_only);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The statement is prepared once and kept. `sql` must be a literal.
  Query query(const char* sql);
  Result<void> execute(const char* sql);  // several statements, no values
  Error failure() const;                  // of the last call
  long changes() const;
  long last_row() const;                  // rowid of the last insertion
  bool in_transaction() const;
  const std::string& path() const { return path_; }

 private:
  Connection(std::string path, sqlite3* db) : path_(std::move(path)), db_(db) {}
  Result<void> prepare_database(bool read_only);
  Result<void> migrate();

  std::string path_;
  sqlite3* db_;
  std::map<const char*, sqlite3_stmt*> statements_;
};

// All or nothing: rolls back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  Result<void> begin();  // takes the write lock at once
  Result<void> commit();
  ~Transaction();

 private:
  Connection& connection_;
  bool open_ = false;
};

}  // namespace tingchao::store
