#pragma once
// Reads YAML strictly: every value is asked for by name, checked, and what nobody asked for is
// refused, so that a misspelt key never passes in silence. The first mistake is kept with its file,
// line and mend; reading goes on with harmless values, so callers need no branches.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "core/result.h"
#include "core/time.h"

namespace tingchao::alerting {

class Mistake {
 public:
  explicit Mistake(std::string_view file) : file_(file) {}
  // Keeps the first one only. `line` is 1-based.
  void at(int line, std::string_view what, std::string_view mend);
  void at(const YAML::Node& node, std::string_view what, std::string_view mend);
  // A key that nobody knows; told before all else, for it explains why another is missing.
  void unknown(const YAML::Node& key, std::string_view what, std::string_view mend);
  const std::optional<Error>& first() const { return unknown_ ? unknown_ : first_; }

 private:
  Error made(int line, std::string_view what, std::string_view mend) const;
  std::string file_;
  std::optional<Error> first_, unknown_;
};

// Where a value begins in the file, 1-based.
int line_of(const YAML::Node& node);

// One mapping. `where` names it in messages ("levels[2]").
class YamlMap {
 public:
  YamlMap(const YAML::Node& node, std::string where, Mistake& mistake);

  bool has(const char* key) const;
  // An undefined node when absent; counts as asked for.
  YAML::Node at(const char* key);
  // Each of these reports a missing or unfit value; with `or_` an absent key gives the other value.
  std::string text(const char* key);
  std::string text_or(const char* key, std::string other);
  double number(const char* key, double least, double most);
  double number_or(const char* key, double least, double most, double other);
  int whole(const char* key, int least, int most);
  bool yes_or(const char* key, bool other);
  Seconds span(const char* key, Seconds least, Seconds most);
  Seconds span_or(const char* key, Seconds least, Seconds most, Seconds other);
  std::vector<std::string> texts_or_none(const char* key, std::size_t most);
  // The nodes of a list; reports when it is no list or longer than `most`.
  std::vector<YAML::Node> list(const char* key, std::size_t most);
  std::vector<YAML::Node> list_or_none(const char* key, std::size_t most);

  // Every key with its node, in the file's order, all counted as asked for.
  std::vector<std::pair<std::string, YAML::Node>> entries();

  // Reports a value of this map that does not fit.
  void wrong(const char* key, std::string_view what, std::string_view mend);
  // Reports keys that were not asked for, with the nearest that exists. Call last.
  void done();
  const std::string& where() const { return where_; }

 private:
  std::optional<std::string> scalar(const char* key, const char* mend);
  std::string path(const char* key) const;

  YAML::Node node_;
  std::string where_;
  Mistake& mistake_;
  std::vector<std::string> asked_;
};

// Decimal number, the whole text; empty when it is none.
std::optional<double> parse_number(std::string_view text);

}  // namespace tingchao::alerting
