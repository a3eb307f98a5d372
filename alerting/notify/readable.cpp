// Turns a body back into what is seen of it. The mail is one of to_mime(), the JSON one of robot_body().
#include <memory>

#include <gmime/gmime.h>
#include <boost/json.hpp>

#include "alerting/notify/templates.h"
#include "core/json.h"

namespace tingchao::alerting {
namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};

std::string content_of(GMimePart* part) {
  const std::unique_ptr<GMimeStream, Unref> out{g_mime_stream_mem_new()};
  if (GMimeDataWrapper* content = g_mime_part_get_content(part))
    g_mime_data_wrapper_write_to_stream(content, out.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

void collect(GMimeObject*, GMimeObject* part, gpointer into) {
  auto& found = *static_cast<Readable*>(into);
  if (!GMIME_IS_PART(part)) return;
  GMimeContentType* type = g_mime_object_get_content_type(part);
  if (g_mime_content_type_is_type(type, "text", "plain") && found.text.empty())
    found.text = content_of(GMIME_PART(part));
  if (g_mime_content_type_is_type(type, "text", "html") && found.html.empty())
    found.html = content_of(GMIME_PART(part));
}

Readable of_mail(const std::string& bytes) {
  g_mime_init();
  const std::unique_ptr<GMimeStream, Unref> stream{
      g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
  const std::unique_ptr<GMimeParser, Unref> parser{g_mime_parser_new_with_stream(stream.get())};
  const std::unique_ptr<GMimeMessage, Unref> message{g_mime_parser_construct_message(parser.get(), nullptr)};
  Readable found;
  if (!message) return found;
  g_mime_message_foreach(message.get(), collect, &found);
  return found;
}

// The longest text of the JSON is what is read: in none of the three forms is anything else as long.
void find_longest(const boost::json::value& value, std::string& longest) {
  if (const auto* text = value.if_string(); text && text->size() > longest.size())
    longest = std::string(*text);
  if (const auto* object = value.if_object())
    for (const auto& member : *object) find_longest(member.value(), longest);
  if (const auto* array = value.if_array())
    for (const auto& each : *array) find_longest(each, longest);
}

}  // namespace

Readable readable(const Delivery& delivery, const Channel& channel) {
  if (is_robot(channel)) {
    Readable found;
    if (const auto body = parse_json(delivery.body)) find_longest(*body, found.text);
    return found;
  }
  if (delivery.body.starts_with('{') || channel.kind == Channel::Kind::syslog) return {delivery.body, ""};
  return of_mail(delivery.body);
}

}  // namespace tingchao::alerting
