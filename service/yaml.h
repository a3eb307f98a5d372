#pragma once
// Reads a YAML mapping member by member and keeps every mistake with its line and column, so that a
// person mends a file in one go. Members nobody asked for are mistakes too, with the nearest name.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace tingchao::service {

// The mistakes of one file, in the order found.
class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_(std::move(file)) {}
  void add(int line, int column, std::string what, std::string mend);
  bool empty() const { return lines_.empty(); }
  std::string text() const;  // one a line
 private:
  std::string file_;
  std::vector<std::string> lines_;
};

// One mapping of the file. Copies are cheap and share the node.
class YamlMap {
 public:
  struct Node;  // wraps a YAML::Node
  YamlMap(std::shared_ptr<Node> node, std::string path, Mistakes& mistakes);

  // Fails into `mistakes` (and gives nothing) on broken YAML or when the root is no mapping.
  static std::optional<YamlMap> parse(std::string_view text, Mistakes& mistakes);

  // Absent members leave the target as it is. Wrong types are mistakes.
  void read(const char* key, std::string& target);
  void read(const char* key, bool& target);
  void read(const char* key, double& target, double least, double most);
  void read(const char* key, int& target, int least, int most);
  void read(const char* key, Seconds& target, Seconds least, Seconds most);
  void read(const char* key, std::vector<std::string>& target);  // a sequence, or one scalar
  bool has(const char* key) const;
  void require(const char* key, const char* why);
  // The text of a scalar member as written, with its place, for callers with rules of their own.
  std::optional<std::string> scalar(const char* key);
  void mistake(const char* key, std::string what, std::string mend);

  std::optional<YamlMap> map(const char* key);
  std::vector<YamlMap> maps(const char* key);  // a sequence of mappings

  // Call last: reports members that were not asked for.
  void finish();
  int line() const;

 private:
  std::shared_ptr<Node> node_;
  std::string path_;
  Mistakes* mistakes_;
  std::vector<std::string> asked_;
};

// Of `words`, the one nearest to `word` by edits (at most 3); empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& words);

}  // namespace tingchao::service
