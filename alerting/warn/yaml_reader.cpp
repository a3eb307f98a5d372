// Strictness is bookkeeping: a map remembers which keys were asked for, and done() compares.
#include "alerting/warn/yaml_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace tingchao::alerting {
namespace {

// Levenshtein's distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swap = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, swap});
    }
  }
  return row.back();
}

std::string in_words(double number) { return fmt::format("{:g}", number); }

}  // namespace

int line_of(const YAML::Node& node) {
  const YAML::Mark mark = node.IsDefined() ? node.Mark() : YAML::Mark::null_mark();
  return mark.is_null() ? 1 : mark.line + 1;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

void Mistake::at(int line, std::string_view what, std::string_view mend) {
  if (!first_) first_ = made(line, what, mend);
}

void Mistake::unknown(const YAML::Node& key, std::string_view what, std::string_view mend) {
  if (!unknown_) unknown_ = made(line_of(key), what, mend);
}

Error Mistake::made(int line, std::string_view what, std::string_view mend) const {
  return Error{Errc::bad_config, fmt::format("{}:{}: {}", file_, line, what), std::string(mend)};
}

void Mistake::at(const YAML::Node& node, std::string_view what, std::string_view mend) {
  at(line_of(node), what, mend);
}

YamlMap::YamlMap(const YAML::Node& node, std::string where, Mistake& mistake)
    : node_(node), where_(std::move(where)), mistake_(mistake) {
  if (!node_.IsMap()) {
    mistake_.at(node_, fmt::format("{} is no mapping", where_), "write keys and values: \"key: value\"");
    node_ = YAML::Node(YAML::NodeType::Map);
    return;
  }
  std::vector<std::string> seen;
  for (const auto& pair : node_) {
    if (!pair.first.IsScalar()) {
      mistake_.at(pair.first, fmt::format("a key of {} is no plain word", where_), "write \"key: value\"");
      continue;
    }
    const std::string key = pair.first.Scalar();
    if (std::find(seen.begin(), seen.end(), key) != seen.end())
      mistake_.at(pair.first, fmt::format("{} stands twice in {}", key, where_), "keep one of them");
    seen.push_back(key);
  }
}

std::string YamlMap::path(const char* key) const {
  return where_ == "the measure" ? std::string(key) : fmt::format("{}.{}", where_, key);
}

bool YamlMap::has(const char* key) const {
  const YAML::Node& readable = node_;
  return readable[key].IsDefined();
}

YAML::Node YamlMap::at(const char* key) {
  asked_.emplace_back(key);
  const YAML::Node& readable = node_;  // operator[] on a non-const node would add the key
  return readable[key];
}

std::optional<std::string> YamlMap::scalar(const char* key, const char* mend) {
  const YAML::Node value = at(key);
  if (!value.IsDefined()) {
    mistake_.at(node_, fmt::format("{} is missing", path(key)), mend);
    return std::nullopt;
  }
  if (!value.IsScalar()) {
    mistake_.at(value, fmt::format("{} is no single value", path(key)), mend);
    return std::nullopt;
  }
  return value.Scalar();
}

void YamlMap::wrong(const char* key, std::string_view what, std::string_view mend) {
  const YAML::Node value = at(key);
  mistake_.at(value.IsDefined() ? value : node_, fmt::format("{}: {}", path(key), what), mend);
}

std::string YamlMap::text(const char* key) {
  auto value = scalar(key, "write a text");
  if (value && value->empty()) wrong(key, "is empty", "write a text");
  return value.value_or("");
}

std::string YamlMap::text_or(const char* key, std::string other) { return at(key).IsDefined() ? text(key) : other; }

double YamlMap::number(const char* key, double least, double most) {
  const std::string mend = fmt::format("write a number from {} to {}", in_words(least), in_words(most));
  const auto value = scalar(key, mend.c_str());
  if (!value) return least;
  const auto number = parse_number(*value);
  if (!number || *number < least || *number > most) {
    wrong(key, fmt::format("\"{}\" is no number from {} to {}", *value, in_words(least), in_words(most)), mend);
    return least;
  }
  return *number;
}

double YamlMap::number_or(const char* key, double least, double most, double other) {
  return at(key).IsDefined() ? number(key, least, most) : other;
}

int YamlMap::whole(const char* key, int least, int most) {
  const double value = number(key, least, most);
  if (value != std::floor(value)) wrong(key, "is no whole number", "leave the fraction out");
  return static_cast<int>(value);
}

bool YamlMap::yes_or(const char* key, bool other) {
  if (!has(key)) return other;
  const auto value = scalar(key, "write yes or no");
  if (value == "yes" || value == "true") return true;
  if (value && *value != "no" && *value != "false")
    wrong(key, fmt::format("\"{}\" is neither yes nor no", *value), "write yes or no");
  return false;
}

Seconds YamlMap::span(const char* key, Seconds least, Seconds most) {
  const std::string mend = fmt::format("write a span from {} to {}, such as 6h", to_text(least), to_text(most));
  const auto value = scalar(key, mend.c_str());
  if (!value) return least;
  const auto span = parse_duration(*value);
  if (!span || *span < least || *span > most) {
    wrong(key, fmt::format("\"{}\" is no span from {} to {}", *value, to_text(least), to_text(most)), mend);
    return least;
  }
  return *span;
}

Seconds YamlMap::span_or(const char* key, Seconds least, Seconds most, Seconds other) {
  return has(key) ? span(key, least, most) : other;
}

std::vector<YAML::Node> YamlMap::list(const char* key, std::size_t most) {
  const YAML::Node value = at(key);
  if (!value.IsDefined() || !value.IsSequence() || value.size() == 0) {
    mistake_.at(value.IsDefined() ? value : node_, fmt::format("{} is no list with entries", path(key)),
                "write each entry on its own line after \"- \"");
    return {};
  }
  if (value.size() > most) {
    wrong(key, fmt::format("has {} entries", value.size()), fmt::format("{} are the most", most));
    return {};
  }
  return {value.begin(), value.end()};
}

std::vector<YAML::Node> YamlMap::list_or_none(const char* key, std::size_t most) {
  if (!has(key)) return {};
  return list(key, most);
}

std::vector<std::string> YamlMap::texts_or_none(const char* key, std::size_t most) {
  std::vector<std::string> texts;
  for (const YAML::Node& entry : list_or_none(key, most)) {
    if (!entry.IsScalar() || entry.Scalar().empty())
      mistake_.at(entry, fmt::format("an entry of {} is no text", path(key)), "write a word");
    else
      texts.push_back(entry.Scalar());
  }
  return texts;
}

std::vector<std::pair<std::string, YAML::Node>> YamlMap::entries() {
  std::vector<std::pair<std::string, YAML::Node>> all;
  for (const auto& pair : node_) {
    if (!pair.first.IsScalar()) continue;
    asked_.push_back(pair.first.Scalar());
    all.emplace_back(pair.first.Scalar(), pair.second);
  }
  return all;
}

void YamlMap::done() {
  for (const auto& pair : node_) {
    if (!pair.first.IsScalar()) continue;
    const std::string key = pair.first.Scalar();
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    const auto nearest = std::min_element(asked_.begin(), asked_.end(), [&key](const auto& a, const auto& b) {
      return distance(key, a) < distance(key, b);
    });
    const bool close = nearest != asked_.end() && distance(key, *nearest) <= std::max<std::size_t>(2, key.size() / 3);
    mistake_.unknown(pair.first, fmt::format("{} knows no key \"{}\"", where_, key),
                     close ? fmt::format("did you mean \"{}\"?", *nearest) : std::string("remove it"));
  }
}

}  // namespace tingchao::alerting
