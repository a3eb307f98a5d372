// JSON becomes the engine's own tree: empty strings, empty lists and false are falsy, as Mustache
// says, so a section vanishes together with the value that it is about.
#include "alerting/render.h"

#include <boost/json.hpp>
#include <kainjow/mustache.hpp>

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
  return mustache::data{value.is_null() ? std::string{} : json::serialize(value)};
}

}  // namespace

Result<std::string> render(std::string_view name, std::string_view text, const json::object& view,
                           Escape escape) {
  if (text.empty())
    return Error{Errc::bad_config, std::string(name) + ": the template is empty", "use the one that is shipped"};
  mustache::mustache engine{std::string(text)};
  if (!engine.is_valid())
    return Error{Errc::bad_config, std::string(name) + ": " + engine.error_message(), "close every {{#section}}"};
  if (escape == Escape::none) engine.set_custom_escape([](const std::string& raw) { return raw; });
  return engine.render(to_data(json::value(view)));
}

}  // namespace tingchao::alerting
