#include <catch2/catch.hpp>

#include <set>

#include "core/hash.h"
#include "service/unsubscribe.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using namespace tingchao::service;

namespace {

constexpr Time now{Seconds{1'776'240'000}};

alerting::Book book_of_three() {
  alerting::Book book;
  book.bureau = "青溪区教育和体育局";
  book.base_url = "https://tingchao.example.cn/";
  const auto add = [&book](const char* name, const char* address, bool digest) {
    alerting::Recipient made;
    made.name = name;
    made.channel = "mail";
    made.address = address;
    made.digest = digest;
    book.recipients.push_back(made);
  };
  add("值班员", "值班员 <Duty@example.cn>", true);
  add("局长", "chief@example.cn", true);
  add("平台", "desk@example.cn", false);
  return book;
}

struct Fixture {
  tests::TemporaryDirectory directory;
  std::unique_ptr<store::Store> store = std::move(*store::open("sqlite:" + (directory / "t.db")));
  alerting::Book book = book_of_three();

  alerting::Book for_digest() {
    store::Batch batch;
    auto made = digest_book(*store, book, batch);
    REQUIRE(made);
    REQUIRE(store->commit(batch));
    return *made;
  }
  net::ServerResponse ask(const std::string& method, const std::string& url, const std::string& body = "") {
    net::ServerRequest request;
    request.method = method;
    request.path = request.target = url.substr(std::min(url.size(), url.find("/u/")));
    request.body = body;
    return answer_unsubscribe(*store, book, request, now);
  }
};

}  // namespace

TEST_CASE("each recipient has an address of its own that stays", "[service][unsubscribe]") {
  Fixture f;
  const alerting::Book first = f.for_digest(), second = f.for_digest();
  std::set<std::string> urls;
  for (std::size_t at = 0; at < 2; ++at) {
    CHECK(first.recipients[at].unsubscribe_url == second.recipients[at].unsubscribe_url);
    CHECK(first.recipients[at].unsubscribe_url.starts_with("https://tingchao.example.cn/u/"));
    urls.insert(first.recipients[at].unsubscribe_url);
  }
  CHECK(urls.size() == 2);
  CHECK(first.recipients[2].unsubscribe_url.empty());  // gets no digest
  Fixture other;
  CHECK_FALSE(other.for_digest().recipients[0].unsubscribe_url == first.recipients[0].unsubscribe_url);
}

TEST_CASE("a look changes nothing, a POST ends the digest for that one, and it can begin again",
          "[service][unsubscribe]") {
  Fixture f;
  const std::string url = f.for_digest().recipients[0].unsubscribe_url;
  for (const char* method : {"GET", "HEAD"}) CHECK(f.ask(method, url).status == 200);
  CHECK(f.ask("GET", url).body.find("<button>退订") != std::string::npos);
  CHECK(f.for_digest().recipients[0].digest);
  CHECK(f.store->audits(10)->empty());

  CHECK(f.ask("POST", url, "List-Unsubscribe=One-Click").status == 200);
  CHECK(f.ask("POST", url, "List-Unsubscribe=One-Click").status == 200);  // programs repeat it
  const alerting::Book after = f.for_digest();
  CHECK_FALSE(after.recipients[0].digest);
  CHECK(after.recipients[0].opinion);
  CHECK(after.recipients[1].digest);
  const auto audits = f.store->audits(10);
  REQUIRE(audits);
  REQUIRE(audits->size() >= 1);
  CHECK(audits->front().action == "digest.unsubscribe");
  CHECK(audits->front().actor == "duty@example.cn");
  CHECK(f.ask("GET", url).body.find("<button>恢复接收") != std::string::npos);

  CHECK(f.ask("POST", url, "again=One-Click").status == 200);
  CHECK(f.for_digest().recipients[0].digest);
  CHECK(f.store->audits(10)->front().action == "digest.subscribe");
}

TEST_CASE("another spelling of the mailbox is the same recipient", "[service][unsubscribe]") {
  Fixture f;
  f.ask("POST", f.for_digest().recipients[0].unsubscribe_url, "List-Unsubscribe=One-Click");
  f.book.recipients[0].address = "duty@EXAMPLE.cn";
  CHECK_FALSE(f.for_digest().recipients[0].digest);
}

TEST_CASE("a token that is nobody's does nothing", "[service][unsubscribe]") {
  Fixture f;
  CHECK(f.ask("POST", "/u/" + std::string(40, '0')).status == 404);  // there is no secret yet
  const std::string url = f.for_digest().recipients[0].unsubscribe_url;
  std::string wrong = url;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  for (const std::string& bad :
       {wrong, url + "0", url.substr(0, url.size() - 1), std::string("/u/"), std::string("/u/%00")})
    for (const char* method : {"GET", "POST"}) CHECK(f.ask(method, bad).status == 404);
  CHECK(f.ask("DELETE", url).status == 405);
  f.book.recipients.erase(f.book.recipients.begin());
  CHECK(f.ask("POST", url).status == 404);
  CHECK(f.store->audits(10)->empty());
}
