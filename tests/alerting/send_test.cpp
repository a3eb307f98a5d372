#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include <boost/json.hpp>

#include "alerting/notify/spool.h"
#include "alerting/notify/webhook.h"
#include "core/hash.h"
#include "net/http_server.h"
#include "tests/alerting/sample.h"
#include "tests/support/loopback.h"
#include "tests/support/smtp_sink.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/tingchao-spool-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path_); }
  const std::string& path() const { return path_; }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& each : fs::directory_iterator(path_)) names.push_back(each.path().filename());
    return names;
  }

 private:
  std::string path_;
};

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

net::HttpClient::Options on_loopback() {
  net::HttpClient::Options options;
  options.policy = *net::AddressPolicy::allowing({"127.0.0.0/8", "::1/128"});
  return options;
}

Delivery delivery_for(const Book& book, std::size_t recipient) {
  const Raised raised = sample_upgrade();
  return plan(raised, book, raised.change.at).at(recipient);
}

// A receiver that answers as told and keeps what it got.
struct Receiver {
  asio::io_context io;
  net::ServerResponse answer;
  std::vector<net::ServerRequest> got;
  std::unique_ptr<net::HttpServer> server;

  Receiver() {
    auto handler = [this](net::ServerRequest request) -> awaitable<net::ServerResponse> {
      got.push_back(std::move(request));
      co_return answer;
    };
    server = std::move(*net::HttpServer::listen(io, {}, handler));
  }
  Book book() const {
    Book made = sample_book();
    made.channels[1].url = "http://127.0.0.1:" + std::to_string(server->port()) + "/hook?key=geheim";
    return made;
  }
  Result<std::string> send(const Delivery& delivery, Book to) {
    net::HttpClient client(io, on_loopback());
    Sender sender(client, std::move(to));
    return run(io, sender.send(delivery)).said;
  }
};

}  // namespace

TEST_CASE("a webhook arrives signed, with the same id over every try", "[alerting][send]") {
  Receiver receiver;
  receiver.answer.body = "好的";
  const Book book = receiver.book();
  const Delivery delivery = delivery_for(book, 2);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto answer = receiver.send(delivery, book);
    REQUIRE(answer);
    CHECK(*answer == "127.0.0.1:" + std::to_string(receiver.server->port()) + ": HTTP 200 好的");
  }
  REQUIRE(receiver.got.size() == 2);
  for (const net::ServerRequest& request : receiver.got) {
    CHECK(request.method == "POST");
    CHECK(request.target == "/hook?key=geheim");
    CHECK(request.body == delivery.body);
    CHECK(header(request.headers, "webhook-id") == webhook_id(delivery.key));
    CHECK(std::string(header(request.headers, "content-type")).starts_with("application/json"));
    const long timestamp = std::stol(std::string(header(request.headers, "webhook-timestamp")));
    CHECK(header(request.headers, "webhook-signature") ==
          webhook_signature(book.channels[1].secret, webhook_id(delivery.key), timestamp, delivery.body));
  }
}

TEST_CASE("what a webhook's answer means", "[alerting][send]") {
  struct Case {
    const char* name;
    int status;
    const char* body;
    std::optional<Errc> want;
  };
  const Case cases[] = {
      {"200", 200, "", {}},           {"204", 204, "", {}},
      {"302 不跟随", 302, "", Errc::rejected}, {"400", 400, "bad", Errc::rejected},
      {"404", 404, "", Errc::rejected}, {"408", 408, "", Errc::refused},
      {"410 永远走了", 410, "", Errc::rejected}, {"429", 429, "慢一点", Errc::refused},
      {"500", 500, "", Errc::refused}, {"503", 503, "", Errc::refused},
      {"200 但说不", 200, R"({"errcode":310000,"errmsg":"sign not match"})", Errc::rejected},
      {"200 但说太快", 200, R"({"errcode":45009,"errmsg":"too fast"})", Errc::refused},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Receiver receiver;
    receiver.answer.status = c.status;
    receiver.answer.body = c.body;
    receiver.answer.headers = {{"location", "http://127.0.0.1:1/"}};
    const Book book = receiver.book();
    const auto answer = receiver.send(delivery_for(book, 2), book);
    REQUIRE(answer.has_value() == !c.want.has_value());
    CHECK(receiver.got.size() == 1);
    if (answer) return;
    CHECK(answer.error().code == *c.want);
    CHECK(answer.error().detail.find("HTTP " + std::to_string(c.status)) != std::string::npos);
    if (c.status != 204) CHECK(answer.error().detail.find(c.body) != std::string::npos);
  }
}

TEST_CASE("a webhook that cannot be reached keeps its key secret", "[alerting][send]") {
  asio::io_context io;
  Book book = sample_book();
  book.channels[1].url = "http://127.0.0.1:1/hook?key=geheim";
  net::HttpClient client(io, on_loopback());
  Sender sender(client, book);
  const Delivery delivery = delivery_for(book, 2);
  const auto answer = run(io, sender.send(delivery)).said;
  REQUIRE_FALSE(answer);
  CHECK(is_transient(answer.error().code));
  CHECK(answer.error().detail.find("geheim") == std::string::npos);
}

TEST_CASE("a webhook on a private address needs leave", "[alerting][send]") {
  Receiver receiver;
  const Book book = receiver.book();
  net::HttpClient client(receiver.io, {});
  Sender sender(client, book);
  const Delivery delivery = delivery_for(book, 2);
  const auto answer = run(receiver.io, sender.send(delivery)).said;
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == Errc::denied);
  CHECK(receiver.got.empty());
}

TEST_CASE("a warning reaches the duty officer's mail server", "[alerting][send]") {
  SmtpSink sink({"--starttls", "--reject", "chief@example.cn"});
  Book book = sample_book_with_templates();
  book.channels[0].host = "localhost";
  book.channels[0].port = sink.port();
  book.channels[0].ca_file = sink.ca_file();
  asio::io_context io;
  net::HttpClient client(io, {});
  Sender sender(client, book);
  const Delivery delivery = delivery_for(book, 0);
  const auto answer = run(io, sender.send(delivery)).said;
  INFO((answer ? *answer : describe(answer.error())));
  REQUIRE(answer);
  CHECK(answer->find("250") == 0);
  const auto event = sink.next();
  CHECK(event.at("event") == "message");
  CHECK(event.at("from") == "alert@example.cn");
  CHECK(event.at("to").as_array().at(0) == "duty@example.cn");
  CHECK(from_base64(std::string(event.at("message").as_string())) == delivery.body);

  const Delivery dead = delivery_for(book, 1);
  const auto refusal = run(io, sender.send(dead)).said;
  REQUIRE_FALSE(refusal);
  CHECK(refusal.error().code == Errc::rejected);
  CHECK(refusal.error().detail.find("550 5.1.1 no such mailbox here") != std::string::npos);
}

TEST_CASE("a spool gets one whole file a message", "[alerting][send]") {
  Folder folder;
  Book book = sample_book();
  book.channels[2].directory = folder.path() + "/new/inner";
  asio::io_context io;
  net::HttpClient client(io, {});
  Sender sender(client, book);
  const Delivery delivery = delivery_for(book, 3);
  const std::string name = "3f9a6c01d2e45b78-3-" + stable_id(delivery.key) + ".eml";
  for (int attempt = 0; attempt < 2; ++attempt) {  // the second try writes the same file
    const auto answer = run(io, sender.send(delivery)).said;
    REQUIRE(answer);
    CHECK(*answer == book.channels[2].directory + "/" + name);
    CHECK(read(*answer) == delivery.body);
  }
  CHECK(std::distance(fs::directory_iterator(book.channels[2].directory), {}) == 1);

  book.channels[2].form = Channel::Form::json;
  const Delivery json = delivery_for(book, 3);
  Sender second(client, book);
  const auto answer = run(io, second.send(json)).said;
  REQUIRE(answer);
  CHECK(answer->ends_with(".json"));
  CHECK(boost::json::parse(read(*answer)).as_object().at("version") == "4");
}

TEST_CASE("a spool that cannot be written says where", "[alerting][send]") {
  Folder folder;
  std::ofstream(folder.path() + "/file") << "x";
  const auto answer = write_spool(folder.path() + "/file", "a.eml", "x");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == Errc::io);
  CHECK(answer.error().detail.find(folder.path()) == 0);
  CHECK(folder.files() == std::vector<std::string>{"file"});
}

TEST_CASE("names of spooled files", "[alerting][send]") {
  CHECK(spool_name("a/../b", "k", "eml") == "a____b-" + stable_id("k") + ".eml");
  CHECK(spool_name("", "k", "eml") == "-" + stable_id("k") + ".eml");
  CHECK(spool_name(std::string(500, 'a'), "k", "eml").size() == 60 + 1 + 16 + 4);
}

TEST_CASE("a channel that is not configured", "[alerting][send]") {
  asio::io_context io;
  net::HttpClient client(io, {});
  Sender sender(client, {});
  const Delivery delivery = delivery_for(sample_book(), 0);
  const auto answer = run(io, sender.send(delivery)).said;
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == Errc::bad_config);
}
