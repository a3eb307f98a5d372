// Lines are read once. Consecutive User-agent lines name a group's agents; the first rule closes that
// list. Rules go to the groups that name us and to those of "*" side by side, and the latter are
// forgotten when any group named us. Patterns and targets are brought to one percent-encoding (RFC
// 9309 §2.2.2): unreserved characters decoded, all but printable ASCII encoded, hex in capitals.
// Sorted by length, the first pattern that matches decides. A pattern is matched piece by piece
// between its stars, each at the earliest place, which is right for globs with stars alone.

#include "crawler/fetch/robots.h"

#include <algorithm>
#include <charconv>

#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t sitemaps_max = 100;
constexpr std::size_t shown_bytes_max = 120;

bool is_hex(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

bool is_unreserved(unsigned char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

// In a pattern '*' and a last '$' keep their meaning; elsewhere both are themselves (§2.2.3).
enum class Reading { pattern, target };

std::string normalised(std::string_view text, Reading reading) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  const auto encode = [&out](unsigned char byte) {
    out.push_back('%');
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (is_unreserved(byte) || byte == '/') {  // nearly all there is
      out.push_back(text[i]);
    } else if (byte == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      unsigned value = 0;
      std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
      const auto decoded = static_cast<unsigned char>(value);
      if (is_unreserved(decoded))
        out.push_back(static_cast<char>(decoded));
      else
        encode(decoded);
      i += 2;
    } else if ((byte == '*' && reading == Reading::target) ||
               (byte == '$' && (reading == Reading::target || i + 1 < text.size()))) {
      encode(byte);
    } else if (byte > ' ' && byte < 0x7f) {
      out.push_back(static_cast<char>(byte));
    } else {
      encode(byte);
    }
  }
  return out;
}

bool matches(std::string_view pattern, std::string_view target) {
  const bool to_end = pattern.ends_with('$');
  if (to_end) pattern.remove_suffix(1);
  bool first = true;
  for (;;) {
    const auto star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    const bool last = star == pattern.npos;
    if (last && to_end) return first ? target == piece : target.ends_with(piece);
    if (first && !target.starts_with(piece)) return false;
    const auto at = first ? 0 : target.find(piece);
    if (at == target.npos) return false;
    if (last) return true;
    target.remove_prefix(at + piece.size());
    pattern.remove_prefix(star + 1);
    first = false;
  }
}

// A pattern for people: characters above ASCII as themselves.
std::string readable(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size() && out.size() < shown_bytes_max; ++i) {
    unsigned value = 0;
    if (pattern[i] == '%' && i + 2 < pattern.size()) std::from_chars(&pattern[i + 1], &pattern[i + 3], value, 16);
    out.push_back(value >= 0x80 ? static_cast<char>(value) : pattern[i]);
    if (value >= 0x80) i += 2;
  }
  return to_valid_utf8(out);
}

// The leading product token of "FooBot/2.1 (+http…)", or "*".
std::string_view agent_of(std::string_view value) {
  if (value.starts_with('*') && (value.size() == 1 || value[1] == ' ' || value[1] == '\t')) return value.substr(0, 1);
  std::size_t end = 0;
  const auto in_token = [](char c) { return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' || c == '_'; };
  while (end < value.size() && in_token(value[end])) ++end;
  return value.substr(0, end);
}

// "10", "0.5"; nothing for anything else.
std::optional<std::chrono::milliseconds> delay_of(std::string_view value) {
  const auto dot = value.find('.');
  const std::string_view whole = value.substr(0, dot);
  const std::string_view part = dot == value.npos ? std::string_view() : value.substr(dot + 1);
  const auto digits = [](std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; };
  if (whole.empty() + part.empty() == 2 || !digits(whole) || !digits(part)) return {};
  const std::chrono::milliseconds most = crawl_delay_max;
  if (whole.size() > 6) return most;
  long ms = 0, digit_worth = 100;
  for (const char c : whole) ms = ms * 10 + (c - '0');
  ms *= 1000;
  for (const char c : part.substr(0, 3)) {
    ms += (c - '0') * digit_worth;
    digit_worth /= 10;
  }
  return std::min(most, std::chrono::milliseconds(ms));
}

struct Line {
  std::string key;  // lower-case
  std::string_view value;
  int number = 0;
};

// Takes the next line off `rest`; CR, LF and CRLF end one.
Line next_line(std::string_view& rest, int& number, bool& after_cr) {
  if (after_cr && rest.starts_with('\n')) rest.remove_prefix(1);
  const auto end = rest.find_first_of("\r\n");
  std::string_view text = rest.substr(0, end);
  after_cr = end != rest.npos && rest[end] == '\r';
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);

  Line line;
  line.number = ++number;
  text = text.substr(0, text.find('#'));
  text = trim(text);
  auto border = text.find(':');
  if (border == text.npos) {  // "disallow /": the colon forgotten between just two words
    border = text.find_first_of(" \t");
    if (border == text.npos || trim(text.substr(border)).find_first_of(" \t") != text.npos) return line;
  }
  line.key = ascii_lower(trim(text.substr(0, border)));
  line.value = trim(text.substr(border + 1));
  return line;
}

// What concerns one agent, ours or "*".
template <class Rule>
struct Group {
  bool present = false;  // some group names this agent
  bool open = false;     // the group being read does
  std::vector<Rule> rules;
  std::optional<std::chrono::milliseconds> delay;
};

}  // namespace

Robots Robots::parse(std::string_view bytes, std::string_view product) {
  const std::string ours_name = ascii_lower(product);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  bytes = bytes.substr(0, robots_bytes_max);

  Robots robots;
  Group<Rule> ours, all;
  std::optional<std::chrono::milliseconds> group_delay;
  bool naming = false;  // the line before, empty and unknown ones aside, was a User-agent
  bool after_cr = false;
  for (int number = 0; !bytes.empty();) {
    const Line line = next_line(bytes, number, after_cr);
    if (line.key == "user-agent") {
      if (!naming) {
        ours.open = all.open = false;
        group_delay.reset();
      }
      naming = true;
      const std::string agent = ascii_lower(agent_of(line.value));
      if (agent == "*") all.present = all.open = true;
      if (!agent.empty() && agent == ours_name) ours.present = ours.open = true;
    } else if (line.key == "allow" || line.key == "disallow") {
      naming = false;
      if (line.value.empty() || (!ours.open && !all.open)) continue;  // "Disallow:" forbids nothing
      Rule rule;
      rule.allow = line.key == "allow";
      rule.pattern = normalised(line.value, Reading::pattern);
      rule.line = line.number;
      if (ours.open && all.open) ours.rules.push_back(rule);
      (all.open ? all : ours).rules.push_back(std::move(rule));
    } else if (line.key == "crawl-delay") {
      if (const auto delay = delay_of(line.value)) group_delay = std::max(group_delay.value_or(*delay), *delay);
    } else if (line.key == "sitemap" && !line.value.empty() && robots.sitemaps_.size() < sitemaps_max) {
      robots.sitemaps_.emplace_back(line.value);
    }
    for (Group<Rule>* group : {&ours, &all})  // names may follow the delay, for it does not close the list
      if (group->open && group_delay) group->delay = std::max(group->delay.value_or(*group_delay), *group_delay);
  }

  Group<Rule>& mine = ours.present ? ours : all;
  robots.rules_ = std::move(mine.rules);
  robots.crawl_delay_ = mine.delay;
  std::sort(robots.rules_.begin(), robots.rules_.end(), [](const Rule& a, const Rule& b) {
    if (a.pattern.size() != b.pattern.size()) return a.pattern.size() > b.pattern.size();
    if (a.allow != b.allow) return a.allow;
    return a.line < b.line;
  });
  return robots;
}

Robots::Verdict Robots::check(std::string_view target) const {
  std::string path = normalised(target.substr(0, target.find('#')), Reading::target);
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  if (path == "/robots.txt") return {};
  const auto rule = std::find_if(rules_.begin(), rules_.end(), [&](const Rule& r) { return matches(r.pattern, path); });
  if (rule == rules_.end()) return {};
  const char* word = rule->allow ? "Allow: " : "Disallow: ";
  return {rule->allow, word + readable(rule->pattern) + " (line " + std::to_string(rule->line) + ")"};
}

}  // namespace tingchao::crawler
