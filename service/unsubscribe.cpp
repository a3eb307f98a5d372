// The choice is a note of the store beside its audit row, in one batch; the page is plain HTML without
// script.
#include "service/unsubscribe.h"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "alerting/notify/mime.h"
#include "core/hash.h"
#include "core/markup.h"

namespace tingchao::service {
namespace {

constexpr const char* secret_note = "unsubscribe:secret";
constexpr std::size_t token_bytes = 16,
                      token_chars = 22;  // short: a header's line with the address has 76 columns

std::string hex_of(const unsigned char* bytes, std::size_t count) {
  std::string text;
  for (std::size_t at = 0; at < count; ++at) text += fmt::format("{:02x}", bytes[at]);
  return text;
}

// As the choice is remembered: the mailbox, not its spelling.
std::string mailbox(const alerting::Recipient& recipient) {
  std::string address = alerting::bare_address(recipient.address);
  for (char& c : address)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return address;
}

std::string token_of(const std::string& secret, const std::string& box) {
  const Sha256 mac = hmac_sha256(secret, "digest\n" + box);
  std::string token =
      to_base64({reinterpret_cast<const char*>(mac.data()), token_bytes}).substr(0, token_chars);
  std::replace(token.begin(), token.end(), '+', '-');
  std::replace(token.begin(), token.end(), '/', '_');
  return token;
}

std::string choice_note(const std::string& box) { return "unsubscribed:" + sha256_hex(box).substr(0, 32); }

bool same(std::string_view a, std::string_view b) {  // in a time that tells nothing
  if (a.size() != b.size()) return false;
  unsigned char different = 0;
  for (std::size_t at = 0; at < a.size(); ++at) different |= static_cast<unsigned char>(a[at] ^ b[at]);
  return different == 0;
}

const alerting::Recipient* owner_of(const alerting::Book& book, const std::string& secret,
                                    std::string_view token) {
  if (secret.empty() || token.size() != token_chars) return nullptr;
  for (const alerting::Recipient& recipient : book.recipients)
    if (recipient.digest && !recipient.address.empty() && same(token_of(secret, mailbox(recipient)), token))
      return &recipient;
  return nullptr;
}

net::ServerResponse page(int status, const std::string& bureau, const std::string& words,
                         const std::string& button, const std::string& field) {
  net::ServerResponse response;
  response.status = status;
  response.headers = {
      {"content-type", "text/html; charset=utf-8"},
      {"cache-control", "no-store"},
      {"referrer-policy", "no-referrer"},
      {"content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"},
      {"x-content-type-options", "nosniff"}};
  response.body =
      "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
      "<title>舆情报告订阅</title><style>body{font:16px/1.8 sans-serif;max-width:32em;margin:3em "
      "auto;padding:0 "
      "1em}button{font:inherit;padding:.4em 1.6em}</style><h1 style=\"font-size:1.3em\">" +
      escape_markup(bureau) + "舆情报告</h1><p>" + escape_markup(words) + "</p>";
  if (!button.empty())
    response.body += "<form method=\"post\"><input type=\"hidden\" name=\"" + field +
                     "\" value=\"One-Click\"><button>" + button + "</button></form>";
  return response;
}

net::ServerResponse unavailable(const Error& error) {
  net::ServerResponse response = page(503, "", "暂时不能处理，请稍后再试。", "", "");
  response.headers.push_back({"x-error", escape_markup(error.detail).substr(0, 200)});
  return response;
}

constexpr const char* leave_field = "List-Unsubscribe";
constexpr const char* again_field = "again";

net::ServerResponse choose(store::Store& store, const alerting::Book& book,
                           const alerting::Recipient& recipient, bool again, Time now) {
  const std::string box = mailbox(recipient);
  store::Batch batch;
  batch.notes.emplace_back(choice_note(box), again ? "" : to_rfc3339(now));
  batch.audits.push_back(
      {now, box, again ? "digest.subscribe" : "digest.unsubscribe", recipient.name, "一键退订页面"});
  if (auto kept = store.commit(batch); !kept) return unavailable(kept.error());
  return again ? page(200, book.bureau, "已恢复接收舆情报告。", "退订", leave_field)
               : page(200, book.bureau, "已退订，今后不再收到日报、周报、月报和专报；预警照常发送。",
                      "恢复接收", again_field);
}

}  // namespace

Result<alerting::Book> digest_book(store::Store& store, alerting::Book book, store::Batch& batch) {
  auto secret = store.note(secret_note);
  if (!secret) return secret.error();
  if (secret->empty()) {
    unsigned char random[32];
    if (RAND_bytes(random, sizeof random) != 1) return Error{Errc::io, "no random bytes for /u/TOKEN", ""};
    *secret = hex_of(random, sizeof random);
    batch.notes.emplace_back(secret_note, *secret);
  }
  std::string base = book.base_url;
  while (base.ends_with('/')) base.pop_back();
  for (alerting::Recipient& recipient : book.recipients) {
    if (!recipient.digest || recipient.address.empty()) continue;
    const std::string box = mailbox(recipient);
    auto left = store.note(choice_note(box));
    if (!left) return left.error();
    recipient.digest = left->empty();
    if (!base.empty()) recipient.unsubscribe_url = base + "/u/" + token_of(*secret, box);
  }
  return book;
}

net::ServerResponse answer_unsubscribe(store::Store& store, const alerting::Book& book,
                                       const net::ServerRequest& request, Time now) {
  auto secret = store.note(secret_note);
  if (!secret) return unavailable(secret.error());
  constexpr std::string_view prefix = "/u/";
  const std::string_view token =
      std::string_view(request.path).substr(std::min(prefix.size(), request.path.size()));
  const alerting::Recipient* recipient = owner_of(book, *secret, token);
  if (!recipient) return page(404, book.bureau, "这个退订地址无效，或该接收人已不在名单中。", "", "");
  if (request.method == "POST")
    return choose(store, book, *recipient, net::query_value("?" + request.body, again_field) == "One-Click",
                  now);
  if (request.method != "GET" && request.method != "HEAD")
    return page(405, book.bureau, "只接受 GET 和 POST。", "", "");
  auto left = store.note(choice_note(mailbox(*recipient)));
  if (!left) return unavailable(left.error());
  return left->empty()
             ? page(200, book.bureau, "点击下面的按钮，今后不再收到日报、周报、月报和专报。预警照常发送。",
                    "退订", leave_field)
             : page(200, book.bureau, "您已退订舆情报告。", "恢复接收", again_field);
}

}  // namespace tingchao::service
