// A record is headers, a blank line, the block, two line ends; a gzip member holds exactly one.
#include "service/warc.h"

#include <algorithm>
#include <vector>

#include <zlib.h>

#include "core/hash.h"
#include "core/result.h"
#include "crawler/url_reference.h"

namespace tingchao::service {
namespace {

constexpr int gzip_level = 1;         // the default costs more than parsing the page
constexpr int gzip_window = 15 + 16;  // 16: with gzip's head and tail

std::string zipped(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, gzip_level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    TINGCHAO_ASSERT(!"zlib refused fixed parameters");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  TINGCHAO_ASSERT(code == Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

// RFC 4648 base32 without padding: 52 letters of a SHA-256, the form that readers of WARC compare.
std::string base32(const Sha256& hash) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned buffer = 0;
  int bits = 0;
  for (const unsigned char byte : hash) {
    buffer = buffer << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += letters[buffer >> (bits - 5) & 31];
  }
  if (bits > 0) out += letters[buffer << (5 - bits) & 31];
  return out + std::string((8 - out.size() % 8) % 8, '=');
}

// A UUID of version 8 (RFC 9562: of our own making) out of a name's hash.
std::string record_id(std::string_view name) {
  std::string hex = sha256_hex(name).substr(0, 32);
  hex[12] = '8';
  hex[16] = 'a';
  for (const std::size_t at : {8u, 13u, 18u, 23u}) hex.insert(at, "-");
  return "<urn:uuid:" + hex + ">";
}

std::string utc(Time at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{at - day};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ldZ", int(date.year()),
                unsigned(date.month()), unsigned(date.day()), long(clock.hours().count()),
                long(clock.minutes().count()), long(clock.seconds().count()));
  return text;
}

// What a site sent must not end a line of ours.
std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return line;
}

std::string record(Headers fields, std::string_view block) {
  std::string out = "WARC/1.1\r\n";
  fields.emplace_back("WARC-Block-Digest", "sha256:" + base32(sha256(block)));
  fields.emplace_back("Content-Length", std::to_string(block.size()));
  for (const auto& [name, value] : fields) out += name + ": " + one_line(value) + "\r\n";
  out += "\r\n";
  out += block;
  return zipped(out + "\r\n\r\n");
}

const char* phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 203:
      return "Non-Authoritative Information";
    case 206:
      return "Partial Content";
    default:
      return status < 300 ? "Success" : "Answer";
  }
}

// What was sent for the final address; only GET is ever sent for a page.
std::string request_head(const Page& page) {
  const crawler::WebAddress address = crawler::web_address(page.url);
  std::string out = "GET " + address.target + " HTTP/1.1\r\nHost: " +
                    address.origin.substr(address.origin.find("://") + 3) + "\r\n";
  for (const auto& [name, value] : page.request_headers) out += one_line(name) + ": " + one_line(value) + "\r\n";
  return out + "\r\n";
}

std::string http_head(const Page& page) {
  std::string out = "HTTP/1.1 " + std::to_string(page.status) + " " + phrase(page.status) + "\r\n";
  for (const auto& [name, value] : page.headers) {
    const bool of_transfer =
        name == "content-encoding" || name == "transfer-encoding" || name == "content-length";
    out += (of_transfer ? "x-archive-orig-" : "") + one_line(name) + ": " + one_line(value) + "\r\n";
  }
  return out + "content-length: " + std::to_string(page.body.size()) + "\r\n\r\n";
}

}  // namespace

std::string warc_info(std::string_view id, std::string_view description, Time now) {
  const std::string block =
      "software: tingchao/0.1.0\r\nformat: WARC File Format 1.1\r\n"
      "conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
      "\r\nrobots: obey\r\ndescription: " +
      one_line(description) + "\r\n";
  return record({{"WARC-Type", "warcinfo"},
                 {"WARC-Record-ID", record_id("info " + std::string(id) + utc(now))},
                 {"WARC-Date", utc(now)},
                 {"WARC-Filename", std::string(id)},
                 {"Content-Type", "application/warc-fields"}},
                block);
}

std::string warc_page(const store::EvidenceEntry& entry, const Page& page) {
  const std::string name = entry.hash + " " + entry.chain + " " + page.url;
  const std::string response = record_id(name);
  std::string out;
  int number = 0;
  for (const Hop& hop : page.redirects) {
    const std::string block =
        "redirect-status: " + std::to_string(hop.status) + "\r\nleads-to: " + one_line(page.url) + "\r\n";
    out += record({{"WARC-Type", "metadata"},
                   {"WARC-Record-ID", record_id(name + " hop " + std::to_string(++number))},
                   {"WARC-Date", utc(page.fetched_at)},
                   {"WARC-Target-URI", hop.url},
                   {"WARC-Refers-To", response},
                   {"Content-Type", "application/warc-fields"}},
                  block);
  }
  if (!page.request_headers.empty()) {
    Headers asked{{"WARC-Type", "request"},
                  {"WARC-Record-ID", record_id(name + " request")},
                  {"WARC-Date", utc(page.fetched_at)},
                  {"WARC-Target-URI", page.url},
                  {"WARC-Concurrent-To", response},
                  {"Content-Type", "application/http;msgtype=request"}};
    if (!page.address.empty()) asked.emplace_back("WARC-IP-Address", page.address);
    out += record(std::move(asked), request_head(page));
  }
  Headers fields{{"WARC-Type", "response"},
                 {"WARC-Record-ID", response},
                 {"WARC-Date", utc(page.fetched_at)},
                 {"WARC-Target-URI", page.url},
                 {"WARC-Payload-Digest", "sha256:" + base32(sha256(page.body))},
                 {"Content-Type", "application/http;msgtype=response"}};
  if (!page.address.empty()) fields.emplace_back("WARC-IP-Address", page.address);
  if (page.truncated) fields.emplace_back("WARC-Truncated", "length");
  return out + record(std::move(fields), http_head(page) + page.body);
}

}  // namespace tingchao::service
