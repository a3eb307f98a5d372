#pragma once
// Result<T> holds a T, or the Error that explains why there is none. A failure of the outside
// world is a value that cannot be ignored; exceptions are only for "we cannot start".
// The names are those of C++23 std::expected, so that type can replace this one.

#include <string>
#include <utility>
#include <variant>

namespace tingchao {

enum class Errc {
  bad_argument,   // the caller's words are off: a command line, a date, an address
  bad_config,     // a configuration file or a measure
  bad_rule,       // a rule, a query or a selector
  bad_encoding,   // bytes that are not the text they claim to be
  bad_markup,     // HTML, XML or JSON that cannot be used
  not_found,      // no such file, row, host or page
  denied,         // robots.txt, an address policy or a permission says no
  timeout,
  refused,        // nobody listens, the connection was cut, or the peer said "later"
  http_status,    // an answer that is neither 2xx nor 304
  too_large,
  conflict,       // somebody else changed the row in between: read again and redo
  io,             // disk full, unreadable file
  store,          // the database said no
  rejected,       // the peer said no for good: a dead mailbox, a wrong key
};

// True when the same call may succeed later.
constexpr bool is_transient(Errc code) {
  return code == Errc::timeout || code == Errc::refused || code == Errc::conflict ||
         code == Errc::io || code == Errc::store;
}

// The stable word for a code, as printed and stored ("bad_config", "timeout" …).
const char* name(Errc code);

struct Error {
  Errc code = Errc::io;
  std::string detail;  // names the place: the URL, file:line:column, host or row; for people
  std::string mend;    // what to do about it; may be empty
};

// "detail (mend)", one line.
std::string describe(const Error& error);

// Our own invariant is broken: says where and ends the process. Kept in release builds.
[[noreturn]] void fail_invariant(const char* what, const char* file, int line);
#define TINGCHAO_ASSERT(condition) \
  ((condition) ? void(0) : ::tingchao::fail_invariant(#condition, __FILE__, __LINE__))

template <class T>
class [[nodiscard]] Result {
 public:
  Result() = default;  // Asio 1.81 needs it: co_spawn passes T{} along with an exception
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Precondition of the first five: has_value(). Of error(): !has_value().
  T& operator*() & { return *value_of(*this); }
  const T& operator*() const& { return *value_of(*this); }
  T&& operator*() && { return std::move(*value_of(*this)); }
  T* operator->() { return value_of(*this); }
  const T* operator->() const { return value_of(*this); }
  const Error& error() const {
    TINGCHAO_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  template <class Self>
  static auto value_of(Self& self) {
    TINGCHAO_ASSERT(self.has_value());
    return std::get_if<0>(&self.state_);
  }
  std::variant<T, Error> state_;
};

// Done, or the Error that explains why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}
  bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const {
    TINGCHAO_ASSERT(failed_);
    return error_;
  }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace tingchao
