#pragma once
// A mail server that accepts everything for anybody and writes each message to a file. Loopback only,
// no TLS: for the demo and its tests, never for a network.

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/result.h"

namespace tingchao::service {

class SmtpSink {
 public:
  static Result<std::unique_ptr<SmtpSink>> listen(boost::asio::io_context& io, const std::string& address,
                                                  const std::string& directory);
  ~SmtpSink();
  unsigned short port() const;
  const std::vector<std::string>& mails() const;

 private:
  struct Impl;
  explicit SmtpSink(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace tingchao::service
