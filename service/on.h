#pragma once
// Runs a plain function on another thread and gives its result back to the coroutine's own thread.

#include <type_traits>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tingchao::service {

template <class F>
boost::asio::awaitable<std::invoke_result_t<F&>> run_once(F work) {
  co_return work();
}

// `work` is taken by value; what it refers to must outlive the call. Its result needs a default
// constructor (Asio 1.81 passes one along with an exception).
template <class F>
boost::asio::awaitable<std::invoke_result_t<F&>> on(boost::asio::thread_pool& pool, F work) {
  auto task = run_once(std::move(work));
  auto spawned = boost::asio::co_spawn(pool, std::move(task), boost::asio::use_awaitable);
  auto result = co_await std::move(spawned);
  co_return result;
}

}  // namespace tingchao::service
