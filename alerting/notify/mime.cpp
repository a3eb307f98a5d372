// GMime builds the tree and encodes the parts. Three things are ours. Boundaries come from the
// Message-ID instead of chance, so equal mails are equal bytes. Encoded-words are cut by our own rule,
// because whole characters and both length limits must hold for any subject. And an attachment's name
// is written twice, as RFC 2047 encoded-words in Content-Type and by RFC 2231 in Content-Disposition,
// since each half of the mail programs in use reads only one of them; both are folded here, for GMime
// does not fold the one and lets the other have 80 columns.
#include "alerting/notify/mime.h"

#include <memory>

#include <fmt/format.h>
#include <gmime/gmime.h>

#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t line_max = 76;
constexpr std::size_t word_max = 75;
constexpr std::string_view word_start = "=?UTF-8?B?", word_end = "?=";
constexpr std::size_t ascii_value_max = 60;

template <class T>
struct Unref {
  void operator()(T* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref<T>>;

GMimeFormatOptions* crlf() {
  // GMime wants one initialisation before any use; a local static gives exactly one, thread-safe.
  static GMimeFormatOptions* const options = [] {
    g_mime_init();
    GMimeFormatOptions* made = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(made, GMIME_NEWLINE_FORMAT_DOS);
    return made;
  }();
  return options;
}

std::string without_controls(std::string_view text) {
  std::string clean = to_valid_utf8(text);
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return clean;
}

bool is_plain(std::string_view text) {
  if (text.size() > ascii_value_max || text.find("=?") != text.npos) return false;
  for (const unsigned char c : text)
    if (c < 0x20 || c > 0x7E) return false;
  return text == trim(text);
}

// The meaning is for GMime, where it reads the header itself, as a content type; the lines stand for it. What
// would make the first line too long begins on the next one.
void set_raw(GMimeObject* object, const std::string& header, const std::string& lines,
             const char* meaning = "-") {
  g_mime_object_set_header(object, header.c_str(), meaning, nullptr);
  GMimeHeader* line = g_mime_header_list_get_header(g_mime_object_get_header_list(object), header.c_str());
  const bool fits = header.size() + 2 + std::min(lines.size(), lines.find('\n')) <= line_max;
  g_mime_header_set_raw_value(line, ((fits ? " " : "\n ") + lines + "\n").c_str());
}

// GMime writes a raw value as it is given, with line feeds; CRLF comes at the end for all lines.
std::string with_line_feeds(std::string text) {
  std::erase(text, '\r');
  return text;
}

// Encoded-words of whole characters, joined by CRLF and a space; the first and the others have at most so
// many bytes.
std::string words_in(std::string_view text, std::size_t first_max, std::size_t others_max) {
  std::string out;
  std::size_t room = first_max;
  for (std::size_t at = 0; at < text.size() || out.empty();) {
    const std::size_t bytes_max = (room - word_start.size() - word_end.size()) / 4 * 3;
    const std::string_view chunk = cut_bytes(text.substr(at), bytes_max);
    if (!out.empty()) out += "\r\n ";
    out += word_start;
    out += to_base64(chunk);
    out += word_end;
    at += chunk.size();
    room = others_max;
    if (chunk.empty()) break;
  }
  return out;
}

void set_words(GMimeObject* object, const char* header, std::string_view text) {
  set_raw(object, header, with_line_feeds(encode_words(header, text)));
}

// "name <address>" with the name encoded; a group "name:;"; or the address alone.
std::string encode_address(std::string_view header, std::string_view address) {
  const std::string clean = without_controls(address);
  const std::string_view all = trim(clean);
  const std::size_t open = all.rfind('<');
  const bool group = all.ends_with(":;");
  if (!group && (open == all.npos || open == 0)) return "<" + bare_address(all) + ">";
  std::string_view name = trim(group ? all.substr(0, all.size() - 2) : all.substr(0, open));
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  std::string words = encode_words(header, name);
  if (is_plain(name)) {
    words = "\"";
    for (const char c : name) {
      if (c == '"' || c == '\\') words += '\\';
      words += c;
    }
    words += '"';
  }
  const std::string last = group ? ":;" : "<" + bare_address(all) + ">";
  const std::size_t fold = words.rfind('\n');
  const std::size_t used = fold == words.npos ? header.size() + 2 + words.size() : words.size() - fold - 1;
  if (group && used + last.size() <= line_max) return words + last;
  return words + (used + 1 + last.size() <= line_max ? " " : "\r\n ") + last;
}

Owned<GMimePart> make_part(std::string_view type, std::string_view bytes) {
  const std::size_t slash = type.find('/');
  Owned<GMimePart> part{g_mime_part_new_with_type(std::string(type.substr(0, slash)).c_str(),
                                                  std::string(type.substr(slash + 1)).c_str())};
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size());
  GMimeDataWrapper* content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
  g_mime_part_set_content(part.get(), content);
  g_mime_part_set_content_encoding(part.get(), GMIME_CONTENT_ENCODING_BASE64);
  g_object_unref(content);
  g_object_unref(stream);
  return part;
}

Owned<GMimePart> make_text(const char* type, std::string_view text) {
  Owned<GMimePart> part = make_part(type, text);
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "UTF-8");
  return part;
}

// RFC 2231's attribute-char, which needs no escape in an extended parameter.
bool is_attribute_char(unsigned char c) {
  return c > 0x20 && c < 0x7F &&
         std::string_view("*'%()<>@,;:\\\"/[]?=").find(static_cast<char>(c)) == std::string_view::npos;
}

// `;` and the parameter, each on lines of its own: plain where that is enough, else RFC 2231's pieces,
// UTF-8 in percents, no character cut in two.
std::string extended_parameter(const std::string& key, std::string_view value) {
  if (is_plain(value) && value.find_first_of("\\\"") == value.npos)
    return ";\n " + key + "=\"" + std::string(value) + "\"";
  constexpr std::size_t digits_max = 3, around = 1 + 1 + 2 + 1;  // a space, "*", "*=", and ";"
  std::vector<std::string> pieces{"UTF-8''"};
  for (std::size_t at = 0; at < value.size();) {
    std::string escaped;
    const std::string_view character = cut_chars(value.substr(at), 1);
    for (const char c : character)
      escaped += is_attribute_char(static_cast<unsigned char>(c))
                     ? std::string(1, c)
                     : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    if (key.size() + around + digits_max + pieces.back().size() + escaped.size() > line_max)
      pieces.emplace_back();
    pieces.back() += escaped;
    at += character.size();
  }
  if (pieces.size() == 1) return ";\n " + key + "*=" + pieces.front();
  std::string lines;
  for (std::size_t n = 0; n < pieces.size(); ++n) lines += fmt::format(";\n {}*{}*={}", key, n, pieces[n]);
  return lines;
}

// As mail programs wrote names before RFC 2231, and those of 163 and QQ still read them: encoded-words
// in quotes, a further line for each further word.
std::string worded_parameter(const std::string& key, std::string_view value) {
  if (is_plain(value)) return extended_parameter(key, value);
  const std::size_t first = line_max - std::string_view(" =\"\";").size() - key.size();
  return ";\n " + key + "=\"" + with_line_feeds(words_in(value, first, line_max - 1 - 2)) + "\"";
}

Owned<GMimePart> make_file(const MailFile& file) {
  Owned<GMimePart> part = make_part(file.type, file.bytes);
  GMimeObject* object = GMIME_OBJECT(part.get());
  const std::string name = without_controls(file.name),
                    place = file.content_id.empty() ? "attachment" : "inline";
  set_raw(object, "Content-Type", file.type + worded_parameter("name", name), file.type.c_str());
  set_raw(object, "Content-Disposition", place + extended_parameter("filename", name), place.c_str());
  if (!file.content_id.empty()) g_mime_object_set_content_id(object, file.content_id.c_str());
  return part;
}

Owned<GMimeMultipart> make_multipart(const std::string& kind, const Mail& mail) {
  Owned<GMimeMultipart> parts{g_mime_multipart_new_with_subtype(kind.c_str())};
  // "=_" cannot occur in base64 or quoted-printable text, as RFC 2045 §6.7 advises.
  const std::string boundary = "=_" + stable_id(kind + mail.message_id);
  std::string lines = "multipart/" + kind;
  if (kind == "related") lines += ";\n type=\"text/html\"";
  lines += ";\n boundary=\"" + boundary + "\"";
  set_raw(GMIME_OBJECT(parts.get()), "Content-Type", lines, lines.c_str());
  return parts;
}

template <class T>
void add(GMimeMultipart* parts, const Owned<T>& part) {
  g_mime_multipart_add(parts, GMIME_OBJECT(part.get()));
}

// mixed[ alternative[ text, related[ html, pictures ] ], attachments ], each level only where needed.
Owned<GMimeObject> make_body(const Mail& mail) {
  const auto up = [](auto owned) { return Owned<GMimeObject>{GMIME_OBJECT(owned.release())}; };
  Owned<GMimeObject> body = up(make_text("text/plain", mail.text));
  if (!mail.html.empty()) {
    Owned<GMimeObject> rich = up(make_text("text/html", mail.html));
    if (!mail.pictures.empty()) {
      auto related = make_multipart("related", mail);
      add(related.get(), rich);
      for (const MailFile& picture : mail.pictures) add(related.get(), make_file(picture));
      rich = up(std::move(related));
    }
    auto alternative = make_multipart("alternative", mail);
    add(alternative.get(), body);
    add(alternative.get(), rich);
    body = up(std::move(alternative));
  }
  if (!mail.attachments.empty()) {
    auto mixed = make_multipart("mixed", mail);
    add(mixed.get(), body);
    for (const MailFile& file : mail.attachments) add(mixed.get(), make_file(file));
    body = up(std::move(mixed));
  }
  return body;
}

void set_headers(GMimeMessage* message, const Mail& mail) {
  GMimeObject* object = GMIME_OBJECT(message);
  GTimeZone* china = g_time_zone_new_offset(static_cast<gint32>(Seconds(china_offset).count()));
  GDateTime* utc = g_date_time_new_from_unix_utc(mail.date.time_since_epoch().count());
  GDateTime* date = g_date_time_to_timezone(utc, china);
  g_mime_message_set_date(message, date);
  g_date_time_unref(date);
  g_date_time_unref(utc);
  g_time_zone_unref(china);

  set_raw(object, "From", with_line_feeds(encode_address("From", mail.from)));
  set_raw(object, "To", with_line_feeds(encode_address("To", mail.to)));
  set_words(object, "Subject", mail.subject);
  const auto id = [](std::string_view text) { return "<" + bare_address(text) + ">"; };
  set_raw(object, "Message-ID", id(mail.message_id));
  if (!mail.thread.empty()) {
    set_raw(object, "In-Reply-To", id(mail.thread));
    set_raw(object, "References", id(mail.thread));
  }
  set_raw(object, "Auto-Submitted", "auto-generated");
  set_raw(object, "Content-Language", "zh-CN");
  if (mail.urgent) {
    set_raw(object, "X-Priority", "1");
    set_raw(object, "Importance", "high");
  }
  if (!mail.unsubscribe.empty()) {
    const std::string by_mail = "<mailto:" + bare_address(mail.unsubscribe) + "?subject=unsubscribe>";
    const bool one_click = !mail.unsubscribe_url.empty();
    set_raw(object, "List-Unsubscribe", one_click ? "<" + mail.unsubscribe_url + ">,\n " + by_mail : by_mail);
    if (one_click) set_raw(object, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  }
}

}  // namespace

std::string encode_words(std::string_view header, std::string_view text) {
  const std::string clean = without_controls(text);
  if (is_plain(clean)) return clean;
  // The first line also holds the header's name, a colon and a space; the others begin with a space.
  return words_in(clean, std::min(word_max, line_max - header.size() - 2), word_max);
}

std::string bare_address(std::string_view address) {
  const std::size_t open = address.rfind('<'), close = address.rfind('>');
  if (open != address.npos && close != address.npos && open < close)
    address = address.substr(open + 1, close - open - 1);
  std::string bare;
  for (const char c : trim(address))
    if (static_cast<unsigned char>(c) > 0x20 && c != '<' && c != '>' && c != 0x7F) bare += c;
  return bare;
}

std::string to_mime(const Mail& mail) {
  GMimeFormatOptions* options = crlf();
  Owned<GMimeMessage> message{g_mime_message_new(FALSE)};
  set_headers(message.get(), mail);
  const Owned<GMimeObject> body = make_body(mail);
  g_mime_message_set_mime_part(message.get(), body.get());
  char* text = g_mime_object_to_string(GMIME_OBJECT(message.get()), options);
  std::string bytes = text;
  g_free(text);
  return bytes;
}

}  // namespace tingchao::alerting
