#include "tests/alerting/mail_reading.h"

#include <algorithm>

namespace tingchao::tests {

Message parse_mail(const std::string& bytes) {
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  Message message{g_mime_parser_construct_message(parser, nullptr)};
  g_object_unref(parser);
  g_object_unref(stream);
  return message;
}

std::string header(const Message& message, const char* name) {
  const char* value = g_mime_object_get_header(GMIME_OBJECT(message.get()), name);
  return value ? value : "";
}

std::string decode_words(const std::string& value) {
  char* text = g_mime_utils_header_decode_text(nullptr, value.c_str());
  std::string decoded = text;
  g_free(text);
  return decoded;
}

std::string subject_of_mail(const Message& message) { return g_mime_message_get_subject(message.get()); }

std::string content(GMimeObject* part) {
  GMimeStream* out = g_mime_stream_mem_new();
  g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), out);
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));
  std::string text(reinterpret_cast<const char*>(bytes->data), bytes->len);
  g_object_unref(out);
  return text;
}

std::string type_of(GMimeObject* part) {
  char* text = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part));
  std::string copy = text;
  g_free(text);
  return copy;
}

GMimeObject* child(GMimeObject* parts, int index) { return g_mime_multipart_get_part(GMIME_MULTIPART(parts), index); }

namespace {

std::string search(GMimeObject* part, const std::string& type) {
  if (!GMIME_IS_MULTIPART(part)) return type_of(part) == type ? content(part) : std::string{};
  for (int each = 0; each < g_mime_multipart_get_count(GMIME_MULTIPART(part)); ++each)
    if (std::string found = search(child(part, each), type); !found.empty()) return found;
  return {};
}

}  // namespace

std::string part_of_type(const Message& message, const std::string& type) {
  return search(g_mime_message_get_mime_part(message.get()), type);
}

std::vector<std::string> crlf_lines(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find("\r\n", from), text.size());
    found.push_back(text.substr(from, end - from));
    from = end + 2;
  }
  return found;
}

}  // namespace tingchao::tests
