#pragma once
// One mail as bytes for the wire (RFC 5322, 2045–2047, 2231): a tree of text, HTML with its pictures
// and attachments. Pure: the same Mail gives the same bytes, so a message that is sent twice can be
// told as one.

#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace tingchao::alerting {

struct MailFile {
  std::string name;   // shown to people; a picture's too
  std::string type;   // "image/png"
  std::string bytes;
  std::string content_id;  // of an inline picture, without brackets
};

struct Mail {
  std::string from;         // "听潮预警 <alert@example.cn>" or a bare address
  std::string to;           // likewise; "值班室:;" is a group that names nobody
  std::string subject;
  std::string message_id;   // with or without its angle brackets
  std::string thread;       // Message-ID of the thread's first message; empty for that one itself
  Time date{};
  bool urgent = false;
  std::string text, html;   // an empty html makes a plain mail
  std::vector<MailFile> pictures, attachments;
  std::string unsubscribe;      // mail address; empty: no List-Unsubscribe
  std::string unsubscribe_url;  // http(s), answers a POST without log-in (RFC 8058); may be empty
};

// Lines end with CRLF and have at most 76 characters, but for what has no place to fold: a mail address
// or Message-ID of more than 73, an unsubscribe_url of more than 72. File names may be of any length.
std::string to_mime(const Mail& mail);

// The value of a header as RFC 2047 encoded-words: each at most 75 characters, made of whole
// characters, lines of at most 76 with the header's name, joined by CRLF and a space. Printable
// ASCII stays as it is when it fits a line.
std::string encode_words(std::string_view header, std::string_view text);

// "alert@example.cn" of "听潮预警 <alert@example.cn>".
std::string bare_address(std::string_view address);

}  // namespace tingchao::alerting
