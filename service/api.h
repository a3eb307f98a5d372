#pragma once
// The HTTP API and the status page of a running daemon: read-only views of the store through a
// connection of its own. What changes state goes through the command line, where a name is asked for; but for
// /u/TOKEN, where a recipient ends the digest.

#include <memory>

#include <boost/asio/io_context.hpp>

#include "core/result.h"
#include "crawler/fetch.h"
#include "service/config.h"

namespace tingchao::service {

class Api {
 public:
  // Fails with refused when the port is taken.
  static Result<std::unique_ptr<Api>> listen(boost::asio::io_context& io, const Config& config,
                                             const crawler::Fetcher& fetcher);
  ~Api();
  unsigned short port() const;

 private:
  struct Impl;
  explicit Api(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tingchao::service
