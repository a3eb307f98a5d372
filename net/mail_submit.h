#pragma once
// One SMTP submission, start to end, on the calling thread. Private to net/: HttpClient runs it on a
// thread of its own, because curl waits for the answer to QUIT without giving the loop back.

#include <atomic>

#include "core/result.h"
#include "net/http_client.h"

namespace tingchao::net {

// Ends within a second of `stop` becoming true.
Result<MailResponse> submit_mail(const MailRequest& mail, bool verify_tls, const std::atomic<bool>& stop);

}  // namespace tingchao::net
