// robotstxt = *(group / emptyline): lines are cut first, each is held against the productions in turn,
// and groups are collected as they stand. Only then are those of the product token united (§2.2.1). A
// path is matched by a table over (pattern octet, path octet), the plainest way there is.
#include "tests/crawler/fetch/rfc9309.h"

#include <algorithm>
#include <cctype>

namespace tingchao::tests {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

// EOL = *WS [comment] NL, NL = CR / LF / CRLF; an empty line between CR and LF changes nothing.
std::vector<std::string_view> lines_of(std::string_view file) {
  std::vector<std::string_view> lines;
  std::size_t from = 0;
  for (std::size_t i = 0; i <= file.size(); ++i) {
    if (i < file.size() && file[i] != '\r' && file[i] != '\n') continue;
    lines.push_back(file.substr(from, i - from));
    from = i + 1;
  }
  return lines;
}

void skip_blanks(std::string_view& rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
}

// *WS NAME *WS ":" *WS, any case.
bool take_key(std::string_view& rest, std::string_view name) {
  std::string_view left = rest;
  skip_blanks(left);
  if (lower(left.substr(0, name.size())) != name) return false;
  left.remove_prefix(name.size());
  skip_blanks(left);
  if (!left.starts_with(':')) return false;
  left.remove_prefix(1);
  skip_blanks(left);
  rest = left;
  return true;
}

bool at_end_of_line(std::string_view rest) {
  skip_blanks(rest);
  return rest.empty() || rest.front() == '#';
}

bool is_unreserved(std::uint8_t c) { return std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

int hex(char c) {
  if (!std::isxdigit(static_cast<unsigned char>(c))) return -1;
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

}  // namespace

Rfc9309::Rfc9309(std::string_view file, std::string_view product_token) {
  if (file.substr(0, 3) == "\xEF\xBB\xBF") file.remove_prefix(3);
  std::vector<Group> groups;
  bool in_agents = false, in_group = false;
  for (std::string_view line : lines_of(file)) {
    if (take_key(line, "user-agent")) {
      std::string token;
      if (line.starts_with('*')) {
        token = "*";
      } else {
        for (const char c : line) {
          if (!std::isalpha(static_cast<unsigned char>(c)) && c != '-' && c != '_') break;
          token += c;
        }
      }
      if (token.empty() || !at_end_of_line(line.substr(token.size()))) continue;  // not in the grammar
      if (!in_agents) groups.emplace_back();
      groups.back().agents.push_back(lower(token));
      in_agents = in_group = true;
      continue;
    }
    const bool allow = take_key(line, "allow");
    if (!allow && !take_key(line, "disallow")) continue;  // §2.2.4: other records do not interfere
    in_agents = false;
    if (!in_group) continue;  // a rule belongs to a group
    std::size_t end = 0;
    while (end < line.size() && line[end] != ' ' && line[end] != '\t' && line[end] != '#') ++end;
    if (end > 0) groups.back().rules.push_back(rule_of(allow, line.substr(0, end)));
  }
  // §2.2.1: all groups of the token united; the star's only when there is none, named how often ever.
  for (const std::string& wanted : {lower(product_token), std::string("*")}) {
    bool found = false;
    for (const Group& group : groups) {
      if (std::find(group.agents.begin(), group.agents.end(), wanted) == group.agents.end()) continue;
      found = true;
      rules_.insert(rules_.end(), group.rules.begin(), group.rules.end());
    }
    if (found) return;
  }
}

std::vector<Rfc9309::Octet> Rfc9309::path_of(std::string_view path) {
  std::vector<Octet> octets;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '%' && i + 2 < path.size() && hex(path[i + 1]) >= 0 && hex(path[i + 2]) >= 0) {
      const auto value = static_cast<std::uint8_t>(hex(path[i + 1]) * 16 + hex(path[i + 2]));
      octets.push_back({value, !is_unreserved(value)});
      i += 2;
      continue;
    }
    const auto value = static_cast<std::uint8_t>(path[i]);
    const bool must_be_escaped = value <= 0x20 || value >= 0x7f || value == '*' || value == '$';
    octets.push_back({value, must_be_escaped});
  }
  return octets;
}

Rfc9309::Rule Rfc9309::rule_of(bool allow, std::string_view pattern) {
  Rule rule;
  rule.allow = allow;
  rule.anchored = pattern.ends_with('$');
  if (rule.anchored) pattern.remove_suffix(1);
  while (!pattern.empty()) {  // §2.2.3: stars cut the pattern; what is between is a path like any other
    const std::size_t star = std::min(pattern.find('*'), pattern.size());
    for (const Octet octet : path_of(pattern.substr(0, star))) {
      rule.octets.push_back(octet);
      rule.is_star.push_back(false);
    }
    if (star == pattern.size()) break;
    rule.octets.push_back({'*', false});
    rule.is_star.push_back(true);
    pattern.remove_prefix(star + 1);
  }
  return rule;
}

// §2.2.2 "the match that has the most octets": counted in the form that is compared.
std::size_t Rfc9309::Rule::length() const {
  std::size_t sum = anchored ? 1 : 0;
  for (const Octet& octet : octets) sum += octet.escaped ? 3 : 1;
  return sum;
}

bool Rfc9309::matches(const Rule& rule, const std::vector<Octet>& path) {
  std::vector<bool> reached(path.size() + 1, false);
  reached[0] = true;  // how much of the path the pattern so far can have eaten
  for (std::size_t p = 0; p < rule.octets.size(); ++p) {
    std::vector<bool> next(path.size() + 1, false);
    bool before = false;
    for (std::size_t i = 0; i <= path.size(); ++i) {
      before = before || reached[i];
      if (rule.is_star[p])
        next[i] = before;
      else if (i > 0)
        next[i] = reached[i - 1] && rule.octets[p] == path[i - 1];
    }
    reached = std::move(next);
  }
  return rule.anchored ? reached[path.size()]
                       : std::find(reached.begin(), reached.end(), true) != reached.end();
}

bool Rfc9309::allows(std::string_view path) const {
  if (path == "/robots.txt") return true;  // §2.2.2, implicitly
  const std::vector<Octet> octets = path_of(path);
  std::size_t longest = 0;
  bool allowed = true, any = false;
  for (const Rule& rule : rules_) {
    if (!matches(rule, octets)) continue;
    const std::size_t length = rule.length();
    if (!any || length > longest)
      allowed = rule.allow;
    else if (length == longest)
      allowed = allowed || rule.allow;  // equivalent ones: allow should be used
    longest = std::max(longest, length);
    any = true;
  }
  return allowed;
}

}  // namespace tingchao::tests
