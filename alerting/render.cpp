// JSON becomes the engine's own tree: empty strings, empty lists and false are falsy, as Mustache
// says, so a section vanishes together with the value that it is about.
#include "alerting/render.h"

#include <algorithm>
#include <array>

#include <boost/json.hpp>
#include <kainjow/mustache.hpp>

#include "core/json.h"

namespace tingchao::alerting {
namespace {

namespace json = boost::json;
namespace mustache = kainjow::mustache;

mustache::data to_data(const json::value& value) {
  if (const auto* object = value.if_object()) {
    mustache::data data{mustache::data::type::object};
    for (const auto& member : *object) data.set(std::string(member.key()), to_data(member.value()));
    return data;
  }
  if (const auto* array = value.if_array()) {
    mustache::data data{mustache::data::type::list};
    for (const json::value& each : *array) data.push_back(to_data(each));
    return data;
  }
  if (const auto* text = value.if_string())
    return text->empty() ? mustache::data{false} : mustache::data{std::string(*text)};
  if (const auto* yes = value.if_bool()) return mustache::data{*yes};
  return mustache::data{value.is_null() ? std::string{} : to_line(value)};
}

bool is_section_tag(std::string_view line) {
  if (!line.starts_with("{{") || !line.ends_with("}}") || line.size() < 6) return false;
  const char kind = line[2];
  return (kind == '#' || kind == '^' || kind == '/') && line.find("}}") == line.size() - 2;
}

std::string_view without_indent(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
    line.remove_suffix(1);
  return line;
}

// Stands for an empty line while the engine works, which would drop one that a tag was joined to.
constexpr std::string_view empty_line = "\x01";

// A section tag that has a line to itself leaves no line behind, as Mustache demands; the engine does
// so only for sections that are shown.
std::string join_standalone(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at);
    if (end == text.npos) end = text.size();
    const std::string_view line = text.substr(at, end - at), tag = without_indent(line);
    at = end + 1;
    if (is_section_tag(tag)) {
      out += tag;
    } else {
      out += tag.empty() ? empty_line : line;
      out += '\n';
    }
  }
  return out;
}

// Gives the empty lines back; where a section between two of them vanished, one is enough.
std::string with_empty_lines(std::string_view text) {
  std::string out;
  bool after_empty = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    const bool empty = line == empty_line;
    if (!(empty && after_empty)) (out += empty ? std::string_view{} : line) += '\n';
    after_empty = empty;
  }
  return out;
}

}  // namespace

// A stranger's title must not become a link, a heading or a call to everybody of ours.
std::string plain_in_markdown(std::string_view raw) {
  constexpr std::string_view steering = "*_[]()<>`#~|@\\";
  constexpr std::array<std::string_view, 14> twins{"＊", "＿", "［", "］", "（", "）", "＜",
                                                   "＞", "＇", "＃", "～", "｜", "＠", "＼"};
  static_assert(steering.size() == twins.size());
  std::string out;
  for (const char c : raw) {
    const std::size_t at = steering.find(c);
    if (at == steering.npos)
      out += c;
    else
      out += twins[at];
  }
  return out;
}

Result<std::string> render(std::string_view name, std::string_view text, const json::object& view,
                           Escape escape) {
  if (text.empty())
    return Error{Errc::bad_config, std::string(name) + ": the template is empty",
                 "use the one that is shipped"};
  mustache::mustache engine{join_standalone(text)};
  if (!engine.is_valid())
    return Error{Errc::bad_config, std::string(name) + ": " + engine.error_message(),
                 "close every {{#section}}"};
  if (escape == Escape::markdown)
    engine.set_custom_escape([](const std::string& raw) { return plain_in_markdown(raw); });
  if (escape == Escape::none) engine.set_custom_escape([](const std::string& raw) { return raw; });
  return with_empty_lines(engine.render(to_data(json::value(view))));
}

}  // namespace tingchao::alerting
