#pragma once
// Reads members of a JSON object into a noun and remembers the first that is wrong. Absent members
// leave the target as it is; null counts as absent.

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <boost/json.hpp>

#include "core/result.h"
#include "core/time.h"

namespace tingchao {

class Members {
 public:
  Members(const boost::json::value& value, std::string_view what) : what_(what) {
    object_ = value.if_object();
    if (!object_) wrong("", "is no object");
  }

  const boost::json::value* find(std::string_view key) const {
    if (!object_) return nullptr;
    const auto* value = object_->if_contains({key.data(), key.size()});
    return value && !value->is_null() ? value : nullptr;
  }
  void wrong(std::string_view key, std::string_view how) {
    if (mistake_.empty())
      mistake_ = std::string(what_) + (key.empty() ? "" : ".") + std::string(key) + " " + std::string(how);
  }
  bool good() const { return mistake_.empty(); }
  Error error() const { return {Errc::bad_markup, mistake_, ""}; }

  void read(std::string_view key, std::string& target) {
    const auto* value = find(key);
    if (!value) return;
    if (const auto* text = value->if_string())
      target.assign(text->data(), text->size());
    else
      wrong(key, "is no string");
  }
  void read(std::string_view key, bool& target) {
    const auto* value = find(key);
    if (!value) return;
    if (const auto* flag = value->if_bool())
      target = *flag;
    else
      wrong(key, "is neither true nor false");
  }
  template <class N>
    requires std::is_arithmetic_v<N>
  void read(std::string_view key, N& target) {
    const auto* value = find(key);
    if (!value) return;
    boost::json::error_code error;
    const N number = value->to_number<N>(error);
    if (error)
      wrong(key, "is no number that fits");
    else
      target = number;
  }
  void read(std::string_view key, Time& target) {
    std::string text;
    read(key, text);
    if (text.empty()) return;
    if (const auto at = parse_time(text))
      target = *at;
    else
      wrong(key, "is no time");
  }
  template <class T>
  void read(std::string_view key, std::optional<T>& target) {
    if (!find(key)) return;
    T value{};
    read(key, value);
    if (good()) target = std::move(value);
  }
  void read(std::string_view key, std::vector<std::string>& target) {
    each(key, [&](const boost::json::value& item) {
      if (const auto* text = item.if_string())
        target.emplace_back(text->data(), text->size());
      else
        wrong(key, "holds something that is no string");
    });
  }
  // Calls `take` with each item of the array.
  template <class F>
  void each(std::string_view key, F take) {
    const auto* value = find(key);
    if (!value) return;
    const auto* array = value->if_array();
    if (!array) return wrong(key, "is no array");
    for (const auto& item : *array) take(item);
  }

 private:
  const boost::json::object* object_ = nullptr;
  std::string_view what_;
  std::string mistake_;
};

}  // namespace tingchao
