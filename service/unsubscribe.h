#pragma once
// Who no longer wants the digest. Each recipient of mail has an address of its own under base_url, /u/TOKEN;
// a POST there ends the digest without log-in (RFC 8058), warnings stay. The token is an HMAC of the address
// under a secret of this store, so it can neither be guessed nor tells the address.

#include <optional>
#include <string>

#include "alerting/notify.h"
#include "core/result.h"
#include "net/http_server.h"
#include "store/store.h"

namespace tingchao::service {

// The book for a digest: those who unsubscribed do not get it, the others know their address of /u/TOKEN.
// Makes the secret when there is none yet, in the store's next batch: `batch` must be committed with the
// digest.
Result<alerting::Book> digest_book(store::Store& store, alerting::Book book, store::Batch& batch);

// What /u/TOKEN answers. GET changes nothing (link scanners follow it): a page with a button. POST ends the
// digest, or begins it again with the field `again`; both leave an audit row. 404 for a token that is
// nobody's. `store` must be writable for a POST.
net::ServerResponse answer_unsubscribe(store::Store& store, const alerting::Book& book,
                                       const net::ServerRequest& request, Time now);

}  // namespace tingchao::service
