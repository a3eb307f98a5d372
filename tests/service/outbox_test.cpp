// The outbox against a robot that shuts out whoever calls too often, as the real ones do.
#include <catch2/catch.hpp>

#include <deque>
#include <filesystem>

#include <boost/json.hpp>

#include "alerting/notify/pace.h"
#include "alerting/notify/robots.h"
#include "net/http_server.h"
#include "service/knowledge.h"
#include "service/on.h"
#include "service/outbox.h"
#include "tests/support/loopback.h"
#include "tests/support/smtp_sink.h"

using namespace tingchao;
using namespace tingchao::service;
using namespace tingchao::tests;

namespace {

struct Desk {
  std::string folder;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Ledger> ledger;
  asio::thread_pool ledger_thread{1};
  asio::io_context io{1};

  explicit Desk(alerting::Book book) {
    char name[] = "/tmp/tingchao-outbox-XXXXXX";
    folder = ::mkdtemp(name);
    store = std::move(*store::open("sqlite:" + folder + "/t.db"));
    ledger = std::make_unique<Ledger>(*store, *load_measure(""), std::move(book));
  }
  ~Desk() {
    ledger_thread.join();
    store.reset();
    std::filesystem::remove_all(folder);
  }
  net::HttpClient::Options on_loopback() const {
    net::HttpClient::Options options;
    options.policy = *net::AddressPolicy::allowing({"127.0.0.0/8"});
    return options;
  }
};

// At most 20 calls within 60 seconds of the test's fast time, else 130101 and a word in `angry`.
struct Robot {
  double factor = 1;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  std::deque<double> calls;
  std::vector<std::string> got;
  int angry = 0, most = 0;
  std::string refusal;  // answered instead, when set
  std::unique_ptr<net::HttpServer> server;

  Robot(asio::io_context& io, double fast) : factor(fast) {
    auto handler = [this](net::ServerRequest request) -> awaitable<net::ServerResponse> {
      net::ServerResponse answer;
      const double now =
          factor * std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
      calls.push_back(now);
      while (calls.front() <= now - 60) calls.pop_front();
      most = std::max(most, static_cast<int>(calls.size()));
      got.push_back(request.body);
      const bool too_fast = calls.size() > 20;
      if (too_fast) ++angry;
      answer.body = !refusal.empty() ? refusal
                    : too_fast       ? R"({"errcode":130101,"errmsg":"send too fast"})"
                                     : R"({"errcode":0,"errmsg":"ok"})";
      co_return answer;
    };
    server = std::move(*net::HttpServer::listen(io, {}, handler));
  }
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + "/robot/send?access_token=x";
  }
};

alerting::Channel dingtalk(const std::string& url) {
  alerting::Channel channel;
  channel.id = "group";
  channel.kind = alerting::Channel::Kind::dingtalk;
  channel.url = url;
  return channel;
}

Delivery alert(int n, int rank, Time now) {
  Delivery each;
  each.warning = "w" + std::to_string(n);
  each.seq = 1;
  each.key = each.warning + ":1:group:group";
  each.channel = each.recipient = "group";
  each.level_rank = rank;
  each.subject = "第" + std::to_string(n) + "小学食堂";
  alerting::RobotMessage message{each.subject, each.subject, "", rank, ""};
  each.body = alerting::robot_body(alerting::Channel::Kind::dingtalk, message);
  each.created = each.not_before = now;
  return each;
}

// As the daemon's loop does, until nothing waits.
awaitable<int> flush_all(asio::io_context& io, Outbox& outbox, Desk& desk) {
  int calls = 0;
  for (int round = 0; round < 2000; ++round) {
    calls += co_await outbox.flush();
    const auto waiting = desk.store->deliveries(DeliveryState::waiting, 1);
    if (waiting && waiting->empty()) break;
    asio::steady_timer timer(io, std::chrono::milliseconds{20});
    co_await timer.async_wait(asio::use_awaitable);
  }
  co_return calls;
}

}  // namespace

TEST_CASE("500 alerts in a second: the gravest first, the rest told together, the limit kept", "[outbox]") {
  constexpr double factor = 30;
  const Time begins = *parse_time("2026-04-15T22:40:00+08:00");
  const WallClock clock(begins, std::chrono::system_clock::now(), factor, begins + std::chrono::hours{24});
  asio::io_context io{1};
  Robot robot(io, factor);
  alerting::Book book;
  book.channels = {dingtalk(robot.url())};
  Desk desk(book);
  store::Batch batch;
  for (int n = 0; n < 500; ++n)
    batch.deliveries.push_back(alert(n, n % 100 == 50 ? 1 + n / 100 % 2 : 3 + n % 2, begins));
  REQUIRE(desk.ledger->commit(batch));

  net::HttpClient client(io, desk.on_loopback());
  alerting::Sender sender(client, book);
  Outbox outbox(sender, *desk.ledger, desk.ledger_thread, clock, io);
  run(io, flush_all(io, outbox, desk));

  CHECK(robot.angry == 0);
  CHECK(robot.most <= 20);
  REQUIRE(robot.got.size() >= 6);
  for (int call = 0; call < 5; ++call)
    CHECK(robot.got[static_cast<std::size_t>(call)].find("50小学") != std::string::npos);
  std::string all;
  for (const std::string& body : robot.got) all += body;
  for (int n = 0; n < 500; ++n) REQUIRE(all.find("第" + std::to_string(n) + "小学") != std::string::npos);
  CHECK(robot.got.size() <= 54);  // what three minutes hold
  CHECK(desk.store->deliveries(DeliveryState::dropped, 1000)->size() == 495);
  CHECK(desk.store->deliveries(DeliveryState::dead, 10)->empty());
}

TEST_CASE("a robot that shuts us out is left alone, and that outlives the process", "[outbox]") {
  const Time begins = *parse_time("2026-04-15T22:40:00+08:00");
  const WallClock clock(begins, std::chrono::system_clock::now(), 2, begins + std::chrono::hours{24});
  asio::io_context io{1};
  Robot robot(io, 1);
  robot.refusal = R"({"errcode":130101,"errmsg":"send too fast"})";
  alerting::Book book;
  book.channels = {dingtalk(robot.url())};
  Desk desk(book);
  store::Batch batch;
  for (int n = 0; n < 3; ++n) batch.deliveries.push_back(alert(n, 1, begins));
  REQUIRE(desk.ledger->commit(batch));
  net::HttpClient client(io, desk.on_loopback());
  alerting::Sender sender(client, book);
  Outbox outbox(sender, *desk.ledger, desk.ledger_thread, clock, io);
  CHECK(run(io, outbox.flush()) == 1);  // the other two of the round are put back untried
  CHECK(robot.got.size() == 1);
  Outbox after_restart(sender, *desk.ledger, desk.ledger_thread, clock, io);
  CHECK(run(io, after_restart.flush()) == 0);
  CHECK(desk.store->deliveries(DeliveryState::waiting, 10)->size() == 3);
  const std::string until = *desk.store->note(channel_pause_note("group"));
  CHECK(std::stol(until) >= (begins + Seconds{600}).time_since_epoch().count());
}

TEST_CASE("what is superseded is not sent late", "[outbox]") {
  const Time now = *parse_time("2026-04-15T22:40:00+08:00");
  Desk desk({});
  store::Batch batch;
  Delivery first = alert(1, 3, now), second = alert(1, 2, now), other = alert(2, 3, now);
  first.attempts = 2;
  first.not_before = now + Seconds{40};
  second.seq = 2;
  second.key = "w1:2:group:group";
  batch.deliveries = {first, second, other};
  REQUIRE(desk.ledger->commit(batch));
  const auto taken = desk.store->take_due(now, now + Seconds{90}, 10, {{}, now - Seconds{30}});
  REQUIRE(taken);
  REQUIRE(taken->size() == 2);
  CHECK(taken->at(0).key == second.key);
  CHECK(taken->at(1).key == other.key);
  const auto dropped = desk.store->deliveries(DeliveryState::dropped, 10);
  REQUIRE(dropped->size() == 1);
  CHECK(dropped->at(0).key == first.key);
}

TEST_CASE("one dead mailbox of twenty stops nobody else, and the operator hears of it", "[outbox]") {
  SmtpSink sink({"--reject", "p7@example.gov.cn"});
  alerting::Channel mail;
  mail.id = "mail";
  mail.host = "127.0.0.1";
  mail.port = sink.port();
  mail.security = "none";
  mail.from = "听潮 <t@example.gov.cn>";
  alerting::Book book;
  book.channels = {mail};
  for (int n = 0; n < 20; ++n) {
    alerting::Recipient person;
    person.channel = "mail";
    person.address = "p" + std::to_string(n) + "@example.gov.cn";
    person.operator_ = n == 0;
    book.recipients.push_back(person);
  }
  Desk desk(book);
  const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  Warning warning;
  warning.id = "w1";
  warning.title = "某小学食堂";
  warning.level = {"Ⅰ", "红", "特别重大", 1};
  warning.raised_at = now;
  WarningChange change;
  change.seq = 1;
  change.level = warning.level;
  change.at = now;
  store::Batch batch;
  batch.deliveries = alerting::plan({warning, change}, book, now);
  REQUIRE(batch.deliveries.size() == 20);
  REQUIRE(desk.ledger->commit(batch));
  asio::io_context io{1};
  net::HttpClient client(io, desk.on_loopback());
  alerting::Sender sender(client, book);
  const WallClock clock;
  Outbox outbox(sender, *desk.ledger, desk.ledger_thread, clock, io);
  run(io, flush_all(io, outbox, desk));
  CHECK(desk.store->deliveries(DeliveryState::sent, 100)->size() == 20);  // 19 and the notice
  const auto dead = desk.store->deliveries(DeliveryState::dead, 100);
  REQUIRE(dead->size() == 1);
  CHECK(dead->at(0).recipient == "p7@example.gov.cn");
}

TEST_CASE("the gravest level takes the other way at once", "[outbox]") {
  asio::io_context io{1};
  Robot robot(io, 1);
  alerting::Channel hook;
  hook.id = "hook";
  hook.kind = alerting::Channel::Kind::webhook;
  hook.url = "http://127.0.0.1:9/";
  alerting::Book book;
  book.channels = {hook, dingtalk(robot.url())};
  alerting::Recipient person;
  person.channel = "hook";
  person.fallback_channel = "group";
  book.recipients = {person};
  for (const int rank : {1, 2}) {
    Desk desk(book);
    const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
    Warning warning;
    warning.id = "w" + std::to_string(rank);
    warning.title = "某小学食堂";
    warning.level = {rank == 1 ? "Ⅰ" : "Ⅱ", "红", "", rank};
    WarningChange change;
    change.warning = warning.id;
    change.seq = 1;
    change.level = warning.level;
    change.at = now;
    store::Batch batch;
    batch.warnings.push_back({warning, change});
    batch.deliveries = alerting::plan({warning, change}, book, now);
    REQUIRE(desk.ledger->commit(batch));
    net::HttpClient client(io, desk.on_loopback());
    alerting::Sender sender(client, book);
    const WallClock clock;
    Outbox outbox(sender, *desk.ledger, desk.ledger_thread, clock, io);
    const std::size_t before = robot.got.size();
    run(io, outbox.flush());
    run(io, outbox.flush());
    CHECK(robot.got.size() - before == (rank == 1 ? 1 : 0));
    CHECK(desk.store->deliveries(DeliveryState::waiting, 10)->size() == 1);  // tried on
  }
}

// A first message that is due in a moment, one that this process plans while the outbox rests, one of another
// process.
TEST_CASE("a resting outbox wakes for what is due, planned here or planned elsewhere", "[outbox]") {
  asio::io_context io{1};
  Robot robot(io, 1);
  alerting::Book book;
  book.channels = {dingtalk(robot.url())};
  Desk desk(book);
  net::HttpClient client(io, desk.on_loopback());
  alerting::Sender sender(client, book);
  const WallClock clock;
  Outbox outbox(sender, *desk.ledger, desk.ledger_thread, clock, io);
  auto elsewhere = store::open("sqlite:" + desk.folder + "/t.db");
  REQUIRE(elsewhere);
  const auto number = [](int n, Time due) {
    store::Batch batch;
    batch.deliveries = {alert(n, 1, due)};
    return batch;
  };
  const auto arrives = [&](std::size_t count) -> awaitable<bool> {
    for (int look = 0; look < 3000 && robot.got.size() < count; ++look) {
      asio::steady_timer timer(io, std::chrono::milliseconds{10});
      co_await timer.async_wait(asio::use_awaitable);
    }
    co_return robot.got.size() == count;
  };
  REQUIRE(desk.ledger->commit(number(1, clock.now() + Seconds{2})));
  net::supervise(io, outbox.run());
  CHECK(run(io, arrives(1)));
  const auto plan = [&] { return desk.ledger->commit(number(2, clock.now())); };
  const auto planned = [&]() -> awaitable<bool> {
    auto work = plan;
    const auto done = co_await on(desk.ledger_thread, std::move(work));
    co_return done.has_value();
  };
  REQUIRE(run(io, planned()));
  CHECK(run(io, arrives(2)));
  REQUIRE((*elsewhere)->commit(number(3, clock.now())));
  CHECK(run(io, arrives(3)));
}
