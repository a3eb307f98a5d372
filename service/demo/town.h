#pragma once
// The town on loopback: a newspaper with a feed and an education column, the bureau's notice board, a
// forum in GBK with paging, a hot list, and a mail server that keeps what it gets. Each has an address
// of its own (127.0.1.1 …), as hosts have, and each request is written to an access log.

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/result.h"
#include "service/demo/scenario.h"
#include "service/wall_clock.h"

namespace tingchao::service {

class Town {
 public:
  // Listens at once on free ports. Mails go to `directory`/mails, the log to `directory`/access.log.
  static Result<std::unique_ptr<Town>> open(boost::asio::io_context& io, Scenario scenario, WallClock clock,
                                            const std::string& directory);
  ~Town();

  // The sources: and channels: sections that read and use this town.
  std::string configuration() const;
  // Paths of the mails that the sink accepted, in order.
  std::vector<std::string> mails() const;
  long requests() const;

 private:
  struct Impl;
  explicit Town(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tingchao::service
