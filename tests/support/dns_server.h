#pragma once
// A DNS server of a test's own: answers A, AAAA and CNAME from a table over UDP. A name with several answers
// gives the next one at each question of that type, as a rebinding attacker's server does (TTL 0).

#include <arpa/inet.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/udp.hpp>

#include "tests/support/loopback.h"

namespace tingchao::tests {

class DnsServer {
 public:
  // One answer: all its addresses (or "cname NAME") are given at once.
  using Answer = std::vector<std::string>;
  using Zone = std::map<std::string, std::vector<Answer>>;

  DnsServer(asio::io_context& io, const char* address, Zone zone)
      : state_(std::make_shared<State>(io, address, std::move(zone))) {
    net::supervise(io, serve(state_));
  }
  ~DnsServer() { state_->socket.close(); }
  int questions(const std::string& name) const {
    const auto found = state_->asked.find({name, a_record});
    return found == state_->asked.end() ? 0 : found->second;
  }

 private:
  static constexpr int a_record = 1, cname_record = 5, aaaa_record = 28;
  struct State {
    State(asio::io_context& io, const char* address, Zone z)
        : socket(io, asio::ip::udp::endpoint(asio::ip::make_address(address), 53)), zone(std::move(z)) {}
    asio::ip::udp::socket socket;
    Zone zone;
    std::map<std::pair<std::string, int>, int> asked;
  };

  static void put16(std::string& out, int value) {
    out.push_back(static_cast<char>(value >> 8));
    out.push_back(static_cast<char>(value));
  }

  static std::string labels(const std::string& name) {
    std::string out;
    for (std::size_t at = 0; at < name.size();) {
      const auto dot = std::min(name.find('.', at), name.size());
      out.push_back(static_cast<char>(dot - at));
      out.append(name, at, dot - at);
      at = dot + 1;
    }
    return out + '\0';
  }

  static void record(std::string& out, const std::string& owner, int type, const std::string& value) {
    out += owner;
    put16(out, type);
    put16(out, 1);
    out.append(4, '\0');  // TTL 0: never to be kept
    put16(out, static_cast<int>(value.size()));
    out += value;
  }

  static int add_answers(State& state, std::string& out, std::string name, int type) {
    int count = 0;
    for (int depth = 0; depth < 8; ++depth) {
      const auto found = state.zone.find(name);
      if (found == state.zone.end()) return count;
      int& turn = state.asked[{name, type}];
      const Answer& answer = found->second[static_cast<std::size_t>(turn++) % found->second.size()];
      const std::string owner = labels(name);
      if (answer.size() == 1 && answer[0].starts_with("cname ")) {
        name = answer[0].substr(6);
        record(out, owner, cname_record, labels(name));
        ++count;
        continue;
      }
      for (const std::string& address : answer) {
        std::array<char, 16> bytes{};
        const bool v6 = address.find(':') != std::string::npos;
        if (v6 != (type == aaaa_record)) continue;
        inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), bytes.data());
        record(out, owner, type, std::string(bytes.data(), v6 ? 16 : 4));
        ++count;
      }
      return count;
    }
    return count;
  }

  static std::string answer_to(State& state, const std::string& question) {
    std::string name;
    std::size_t at = 12;
    while (at < question.size() && question[at] != 0) {
      const auto length = static_cast<unsigned char>(question[at]);
      if (!name.empty()) name.push_back('.');
      for (std::size_t i = 1; i <= length && at + i < question.size(); ++i)
        name.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(question[at + i]))));
      at += length + 1u;
    }
    if (at + 5 > question.size()) return {};
    const int type = static_cast<unsigned char>(question[at + 2]);
    const bool known = state.zone.contains(name);
    std::string records;
    const int count = type == a_record || type == aaaa_record ? add_answers(state, records, name, type) : 0;
    std::string out = question.substr(0, 2) + (known ? std::string("\x85\x80", 2) : std::string("\x85\x83", 2));
    put16(out, 1);
    put16(out, count);
    out.append(4, '\0');
    return out + question.substr(12, at + 5 - 12) + records;
  }

  static awaitable<void> serve(std::shared_ptr<State> state) {
    const auto token = asio::as_tuple(asio::use_awaitable);
    while (state->socket.is_open()) {
      std::array<char, 1500> bytes;
      asio::ip::udp::endpoint peer;
      auto buffer = asio::buffer(bytes);
      const auto got = co_await state->socket.async_receive_from(buffer, peer, token);
      if (std::get<0>(got)) co_return;
      if (std::get<1>(got) < 17) continue;
      const std::string reply = answer_to(*state, std::string(bytes.data(), std::get<1>(got)));
      const auto out = asio::buffer(reply);
      co_await state->socket.async_send_to(out, peer, token);
    }
  }

  std::shared_ptr<State> state_;
};

}  // namespace tingchao::tests
