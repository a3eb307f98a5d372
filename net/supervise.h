#pragma once
// Starts a coroutine whose failure must not be lost: a bug in a task is a bug in the program, so an
// escaping exception leaves io_context::run() and ends the process loudly.

#include <exception>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace tingchao::net {

namespace asio = boost::asio;
template <class T>
using awaitable = asio::awaitable<T>;

// The coroutine must take its parameters by value.
inline void supervise(asio::io_context& io, awaitable<void> task) {
  asio::co_spawn(io, std::move(task), [](std::exception_ptr bug) {
    if (bug) std::rethrow_exception(bug);
  });
}

}  // namespace tingchao::net
