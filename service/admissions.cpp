// Who finds nobody committing commits for all that wait; the others sleep on a timer that never expires and is
// cancelled when their answer is there, or when it is their turn to commit.
#include "service/admissions.h"

#include <algorithm>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "service/on.h"

namespace tingchao::service {

namespace asio = boost::asio;

struct Admissions::Waiting {
  Waiting(asio::io_context& io, Harvest h) : harvest(std::move(h)), woken(io) {
    woken.expires_at(asio::steady_timer::time_point::max());
  }
  Harvest harvest;
  std::optional<Result<Admitted>> answer;
  asio::steady_timer woken;
};

asio::awaitable<Result<Admitted>> Admissions::admit(Harvest harvest) {
  auto own = std::make_shared<Waiting>(io_, std::move(harvest));
  waiting_.push_back(own);
  const auto token = asio::as_tuple(asio::use_awaitable);
  while (!own->answer) {
    if (committing_)
      co_await own->woken.async_wait(token);
    else
      co_await commit_first();
  }
  co_return std::move(*own->answer);
}

asio::awaitable<void> Admissions::commit_first() {
  committing_ = true;
  const std::size_t count = std::min(waiting_.size(), harvests_together_max);
  std::vector<std::shared_ptr<Waiting>> group(waiting_.begin(), waiting_.begin() + static_cast<long>(count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<long>(count));
  longest_group_ = std::max(longest_group_, count);
  std::vector<Harvest> harvests;
  for (const auto& each : group) harvests.push_back(std::move(each->harvest));
  auto keep = [this, &harvests, now = clock_.now()] {
    return ledger_.admit_together(std::move(harvests), now);
  };
  auto answers = co_await on(ledger_thread_, std::move(keep));
  for (std::size_t i = 0; i < group.size(); ++i) {
    group[i]->answer = std::move(answers[i]);
    group[i]->woken.cancel();
  }
  committing_ = false;
  if (!waiting_.empty()) waiting_.front()->woken.cancel();
}

}  // namespace tingchao::service
