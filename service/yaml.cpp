// yaml-cpp keeps a mark (line, column) at every node; this file turns them into places people can find.
#include "service/yaml.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include <yaml-cpp/yaml.h>

namespace tingchao::service {

struct YamlMap::Node {
  YAML::Node yaml;
};

void Mistakes::add(int line, int column, std::string what, std::string mend) {
  std::string text = file_ + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + what;
  if (!mend.empty()) text += " (" + mend + ")";
  lines_.push_back(std::move(text));
}

std::string Mistakes::text() const {
  std::string all;
  for (const std::string& line : lines_) all += (all.empty() ? "" : "\n") + line;
  return all;
}

std::string nearest(std::string_view word, const std::vector<std::string>& words) {
  std::string best;
  std::size_t best_edits = 4;
  for (const std::string& candidate : words) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0]++;
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t up = row[j];
        row[j] =
            std::min({row[j] + 1, row[j - 1] + 1, diagonal + (word[i - 1] != candidate[j - 1] ? 1u : 0u)});
        diagonal = up;
      }
    }
    if (row.back() < best_edits) {
      best_edits = row.back();
      best = candidate;
    }
  }
  return best;
}

YamlMap::YamlMap(std::shared_ptr<Node> node, std::string path, Mistakes& mistakes)
    : node_(std::move(node)), path_(std::move(path)), mistakes_(&mistakes) {}

std::optional<YamlMap> YamlMap::parse(std::string_view text, Mistakes& mistakes) {
  try {
    YAML::Node root = YAML::Load(std::string(text));
    if (root.IsMap()) return YamlMap(std::make_shared<Node>(Node{root}), "", mistakes);
    mistakes.add(1, 1, root.IsNull() ? "the file is empty" : "the file is not a mapping",
                 "write 'key: value' lines; `tingchao init` makes an example");
  } catch (const YAML::Exception& broken) {  // the library's way to say that the text is no YAML
    mistakes.add(broken.mark.line + 1, broken.mark.column + 1, "not YAML: " + broken.msg,
                 "check the indentation and quotes of this line");
  }
  return std::nullopt;
}

int YamlMap::line() const { return node_->yaml.Mark().line + 1; }

bool YamlMap::has(const char* key) const {
  const YAML::Node& map = node_->yaml;
  return map[key].IsDefined() && !map[key].IsNull();
}

void YamlMap::mistake(const char* key, std::string what, std::string mend) {
  const YAML::Node& map = node_->yaml;
  const YAML::Node value = map[key];
  const YAML::Mark mark = value.IsDefined() ? value.Mark() : map.Mark();
  mistakes_->add(mark.line + 1, mark.column + 1, path_ + key + ": " + std::move(what), std::move(mend));
}

void YamlMap::require(const char* key, const char* why) {
  if (!has(key)) mistake(key, "is missing", why);
}

std::optional<std::string> YamlMap::scalar(const char* key) {
  asked_.emplace_back(key);
  if (!has(key)) return std::nullopt;
  const YAML::Node& map = node_->yaml;
  if (map[key].IsScalar()) return map[key].Scalar();
  mistake(key, "must be one value", "remove the list or nested lines");
  return std::nullopt;
}

void YamlMap::read(const char* key, std::string& target) {
  if (auto text = scalar(key)) target = *text;
}

void YamlMap::read(const char* key, bool& target) {
  const auto text = scalar(key);
  if (!text) return;
  if (*text == "true" || *text == "yes" || *text == "on")
    target = true;
  else if (*text == "false" || *text == "no" || *text == "off")
    target = false;
  else
    mistake(key, "'" + *text + "' is neither true nor false", "write true or false");
}

void YamlMap::read(const char* key, double& target, double least, double most) {
  const auto text = scalar(key);
  if (!text) return;
  double value = 0;
  if (!YAML::convert<double>::decode(YAML::Node(*text), value) || !(value >= least && value <= most))
    mistake(key, "'" + *text + "' is not a number in range",
            "write a number from " + std::to_string(least) + " to " + std::to_string(most));
  else
    target = value;
}

void YamlMap::read(const char* key, int& target, int least, int most) {
  const auto text = scalar(key);
  if (!text) return;
  int value = 0;
  if (!YAML::convert<int>::decode(YAML::Node(*text), value) || value < least || value > most)
    mistake(key, "'" + *text + "' is not a whole number in range",
            "write a number from " + std::to_string(least) + " to " + std::to_string(most));
  else
    target = value;
}

void YamlMap::read(const char* key, Seconds& target, Seconds least, Seconds most) {
  const auto text = scalar(key);
  if (!text) return;
  const auto span = parse_duration(*text);
  if (!span)
    mistake(key, "'" + *text + "' is no span of time", "write it like 90s, 15m, 6h or 7d");
  else if (*span < least || *span > most)
    mistake(key, *text + " is out of range", "between " + to_text(least) + " and " + to_text(most));
  else
    target = *span;
}

void YamlMap::read(const char* key, std::vector<std::string>& target) {
  asked_.emplace_back(key);
  if (!has(key)) return;
  const YAML::Node& map = node_->yaml;
  const YAML::Node value = map[key];
  if (value.IsScalar()) {
    target = {value.Scalar()};
    return;
  }
  bool good = value.IsSequence();
  std::vector<std::string> all;
  if (good)
    for (const YAML::Node& item : value) {
      good = good && item.IsScalar();
      if (good) all.push_back(item.Scalar());
    }
  if (good)
    target = std::move(all);
  else
    mistake(key, "must be a list of values", "write [a, b] or one '- value' a line");
}

std::optional<YamlMap> YamlMap::map(const char* key) {
  asked_.emplace_back(key);
  if (!has(key)) return std::nullopt;
  const YAML::Node& map = node_->yaml;
  if (map[key].IsMap()) return YamlMap(std::make_shared<Node>(Node{map[key]}), path_ + key + ".", *mistakes_);
  mistake(key, "must hold 'name: value' lines", "indent them under it");
  return std::nullopt;
}

std::vector<YamlMap> YamlMap::maps(const char* key) {
  asked_.emplace_back(key);
  std::vector<YamlMap> all;
  if (!has(key)) return all;
  const YAML::Node& map = node_->yaml;
  const YAML::Node value = map[key];
  if (!value.IsSequence()) {
    mistake(key, "must be a list", "begin each entry with '- '");
    return all;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i].IsMap())
      all.emplace_back(std::make_shared<Node>(Node{value[i]}), path_ + key + "[" + std::to_string(i) + "].",
                       *mistakes_);
    else
      mistakes_->add(value[i].Mark().line + 1, value[i].Mark().column + 1,
                     path_ + key + ": entry " + std::to_string(i + 1) + " is no mapping",
                     "write 'name: value' lines");
  }
  return all;
}

void YamlMap::finish() {
  for (const auto& member : node_->yaml) {
    const std::string key = member.first.Scalar();
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    const YAML::Mark mark = member.first.Mark();
    const std::string near = nearest(key, asked_);
    std::string known;
    for (const std::string& name : asked_) known += (known.empty() ? "" : ", ") + name;
    mistakes_->add(mark.line + 1, mark.column + 1, path_ + key + ": no such setting",
                   near.empty() ? "known here: " + known : "did you mean '" + near + "'?");
  }
}

}  // namespace tingchao::service
