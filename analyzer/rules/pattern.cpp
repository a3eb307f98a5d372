// RE2 tells the literal atoms of a pattern and how they combine (FilteredRE2). Atoms of one character
// are too common to gate anything, so they count as always present; a pattern that could then match
// without any other atom is refused. RE2 alone is never asked about memory it has not got: when the
// automaton's cache is full a single RE2 falls back to its slower, exact engine (RE2::Set does not).

#include "analyzer/rules/pattern.h"

#include <fmt/format.h>
#include <re2/filtered_re2.h>

#include "analyzer/text/literals.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

namespace tingchao::analyzer {

struct Pattern::Impl {
  re2::FilteredRE2 filter;
  std::vector<std::u32string> atoms;
  std::vector<int> atom_ids;  // RE2's number of each
  std::vector<int> short_ids; // atoms of one character: taken for present
};

namespace {

constexpr std::string_view meta = R"(\.+*?()|[]{}^$)";

Error bad(std::string detail, std::string mend) {
  return {Errc::bad_rule, std::move(detail), std::move(mend)};
}

// \C would match half a character, and \Q would quote what folding has to read.
bool has_unsupported_escape(std::string_view pattern) {
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i)
    if (pattern[i] == '\\' && (pattern[++i] == 'C' || pattern[i] == 'Q')) return true;
  return false;
}

// Literal characters in the folded form; a sign that only folding makes ASCII （） loses its meaning.
void append_folded(std::string& out, char32_t c, bool in_class) {
  if (c < 0x80) {
    append_char(out, c);
    return;
  }
  std::string one;
  append_char(one, c);
  const std::u32string folded = fold_term(one);
  if (in_class && folded.size() != 1) {
    out += one;
    return;
  }
  if (folded.size() > 1) out += "(?:";
  for (const char32_t f : folded) {
    if (f < 0x80 && (meta.find(char(f)) != meta.npos || f == '-')) out += '\\';
    append_char(out, f);
  }
  if (folded.size() > 1) out += ')';
}

const char* reason(re2::RE2::ErrorCode code) {
  switch (code) {
    case re2::RE2::ErrorBadEscape: return "不认识的转义";
    case re2::RE2::ErrorBadCharClass: case re2::RE2::ErrorBadCharRange: return "字符类写错";
    case re2::RE2::ErrorMissingBracket: return "缺少“]”";
    case re2::RE2::ErrorMissingParen: return "括号没有配对";
    case re2::RE2::ErrorUnexpectedParen: return "多余的右括号";
    case re2::RE2::ErrorTrailingBackslash: return "末尾多一个“\\”";
    case re2::RE2::ErrorRepeatArgument: return "重复符号前没有可重复的内容";
    case re2::RE2::ErrorRepeatSize: return "重复次数太大";
    case re2::RE2::ErrorRepeatOp: return "重复符号连写";
    case re2::RE2::ErrorBadPerlOp: return "不支持的写法（没有环视和反向引用）";
    case re2::RE2::ErrorPatternTooLarge: return "展开后太大，超出内存上限";
    default: return "写法有误";
  }
}

}  // namespace

std::string fold_pattern(std::string_view written) {
  std::string out;
  bool in_class = false;
  for (std::size_t at = 0; at < written.size();) {
    char32_t c = next_char(written, at);
    if (c == '\\' && at < written.size()) {  // \d \S \pL \x{…}: what is escaped has its own meaning
      out += '\\';
      append_char(out, next_char(written, at));
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    // The ends of a range keep their order only as they are: [一-龥].
    const bool range = in_class && ((at < written.size() && written[at] == '-') || (!out.empty() && out.back() == '-'));
    if (range && c >= 0x80 && !(c >= 0xFF01 && c <= 0xFF5E)) {
      append_char(out, c);
    } else {
      append_folded(out, c, in_class);
    }
  }
  return out;
}

Pattern::Pattern(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pattern::~Pattern() = default;

Result<std::unique_ptr<Pattern>> Pattern::compile(std::string_view written) {
  if (has_unsupported_escape(written)) return bad("正则写错：不支持 \\C 和 \\Q", "直接写要找的字，有特殊含义的加“\\”");
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_never_capture(true);
  options.set_log_errors(false);
  options.set_max_mem(pattern_bytes_max);
  auto impl = std::make_unique<Impl>();
  int id = 0;
  const std::string folded = fold_pattern(written);
  const re2::RE2::ErrorCode code = impl->filter.Add(folded, options, &id);
  if (code != re2::RE2::NoError) return bad(fmt::format("正则写错：{}", reason(code)), "语法见 docs/rules.md");
  std::vector<std::string> atoms;
  impl->filter.Compile(&atoms);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const std::u32string atom = fold_term(atoms[i]);
    // A long atom is cut: if the whole stands in a text, so does its head.
    if (atom.size() < 2) {
      impl->short_ids.push_back(int(i));
    } else {
      impl->atoms.push_back(atom.substr(0, literal_chars_max));
      impl->atom_ids.push_back(int(i));
    }
  }
  std::vector<int> potential;
  impl->filter.AllPotentials(impl->short_ids, &potential);
  if (impl->atoms.empty() || !potential.empty())
    return bad("正则里没有必然出现的字样（至少两个字连着）", "加上固定的字，例如 /退(费|款)(难|无门)/；只有数字或任意字的正则会扫遍全文");
  return std::unique_ptr<Pattern>(new Pattern(std::move(impl)));
}

const std::vector<std::u32string>& Pattern::atoms() const { return impl_->atoms; }

bool Pattern::possible(const std::vector<bool>& present) const {
  std::vector<int> ids = impl_->short_ids;
  for (std::size_t i = 0; i < impl_->atoms.size(); ++i)
    if (present[i]) ids.push_back(impl_->atom_ids[i]);
  std::vector<int> potential;
  impl_->filter.AllPotentials(ids, &potential);
  return !potential.empty();
}

void Pattern::find(std::string_view folded,
                   const std::function<void(std::size_t, std::size_t)>& on_match) const {
  const re2::RE2& expression = impl_->filter.GetRE2(0);
  const re2::StringPiece text(folded.data(), folded.size());
  std::size_t found = 0;
  for (std::size_t at = 0; at < folded.size() && found < pattern_places_max;) {
    re2::StringPiece hit;
    if (!expression.Match(text, at, folded.size(), re2::RE2::UNANCHORED, &hit, 1)) return;
    const auto begin = std::size_t(hit.data() - folded.data());
    if (hit.empty()) {  // cannot happen with a required atom; never stand still all the same
      at = begin;
      if (at < folded.size()) next_char(folded, at);
      continue;
    }
    on_match(begin, begin + hit.size());
    at = begin + hit.size();
    ++found;
  }
}

}  // namespace tingchao::analyzer
