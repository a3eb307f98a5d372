// rules/context.yaml: a map of contexts, each a map of word lists. A word may end in /n, which shortens
// how far it reaches.

#include "analyzer/text/context_words.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// A negator reaches the end of its clause, but not for ever where a text has no commas.
constexpr std::uint32_t reach_default = 24;
constexpr std::size_t words_max = 10'000;

constexpr std::array<std::string_view, context_kinds> kind_names = {"negated", "refuted", "drill", "fiction", "past"};

struct RoleName {
  std::string_view name;
  ContextWords::Part::Role role;
  bool of_negated, of_past, of_others;
};
using Part = ContextWords::Part;
constexpr std::array<RoleName, 7> role_names{{{"words", Part::cue, true, true, true},
                                              {"except", Part::except, true, true, true},
                                              {"after", Part::after, true, false, false},
                                              {"stops", Part::stop, true, false, false},
                                              {"now", Part::now, false, true, false},
                                              {"years_with", Part::years, false, true, false},
                                              {"ago", Part::ago, false, true, false}}};

class Reader {
 public:
  Result<void> read(const NamedText& file) {
    file_ = &file;
    if (!is_utf8(file.text)) return Error{Errc::bad_config, file.name + ": 不是 UTF-8 文字", "把文件存为 UTF-8"};
    try {
      const YAML::Node root = YAML::Load(file.text);
      if (root.IsNull()) return {};
      if (!root.IsMap()) return bad(root, "语境词表应当是“键: 值”的列表", "可用的键：negated、refuted、drill、fiction、past");
      for (const auto& entry : root)
        if (auto done = context(entry.first, entry.second); !done) return done;
    } catch (const YAML::Exception& wrong) {
      return Error{Errc::bad_config, fmt::format("{}:{}:{}: YAML 语法错误：{}", file.name, wrong.mark.line + 1,
                                                 wrong.mark.column + 1, wrong.msg),
                   "检查缩进、冒号后的空格和引号"};
    }
    return {};
  }

  std::shared_ptr<const ContextWords> finish() {
    auto out = std::make_shared<ContextWords>();
    std::vector<std::u32string> keys;
    for (auto& [word, parts] : words_) {
      keys.push_back(word);
      out->parts.push_back(std::move(parts));
    }
    out->matcher = Literals(keys);
    return out;
  }

 private:
  Error bad(const YAML::Node& node, std::string what, std::string mend) const {
    const YAML::Mark mark = node.Mark();
    return {Errc::bad_config, fmt::format("{}:{}:{}: {}", file_->name, mark.line + 1, mark.column + 1, what),
            std::move(mend)};
  }

  Result<void> context(const YAML::Node& key, const YAML::Node& lists) {
    const std::string name = key.IsScalar() ? key.Scalar() : "";
    const auto kind = std::find(kind_names.begin(), kind_names.end(), name);
    if (kind == kind_names.end())
      return bad(key, fmt::format("不认识的语境“{}”", name), "可用的键：negated、refuted、drill、fiction、past");
    kind_ = ContextCue::Kind(kind - kind_names.begin());
    if (!lists.IsMap()) return bad(lists, fmt::format("“{}”下应当是词的列表", name), "例如 words: [辟谣, 谣言]");
    for (const auto& entry : lists)
      if (auto done = list(entry.first, entry.second); !done) return done;
    return {};
  }

  Result<void> list(const YAML::Node& key, const YAML::Node& words) {
    const std::string name = key.IsScalar() ? key.Scalar() : "";
    const auto role = std::find_if(role_names.begin(), role_names.end(), [&](const RoleName& one) {
      const bool fits = kind_ == ContextCue::Kind::negated ? one.of_negated
                        : kind_ == ContextCue::Kind::past  ? one.of_past
                                                           : one.of_others;
      return one.name == name && fits;
    });
    if (role == role_names.end())
      return bad(key, fmt::format("这里没有“{}”这种词", name),
                 "可用 words、except；negated 另有 after、stops；past 另有 now、years_with、ago");
    if (!words.IsSequence()) return bad(words, fmt::format("“{}”应当是列表", name), "例如 [辟谣, 谣言]");
    for (const YAML::Node& item : words) {
      if (!item.IsScalar()) return bad(item, "每一项应当是一个词", "删去多余的层次");
      if (auto done = word(item, role->role); !done) return done;
    }
    return {};
  }

  Result<void> word(const YAML::Node& item, Part::Role role) {
    std::string text = item.Scalar();
    Part part{role, kind_, reach_default};
    if (const std::size_t slash = text.find('/'); slash != text.npos) {
      const std::string digits = text.substr(slash + 1);
      if (digits.empty() || digits.size() > 3 || digits.find_first_not_of("0123456789") != digits.npos)
        return bad(item, fmt::format("“{}”的“/”后面应当是字数", text), "例如 防/4");
      part.reach = std::uint32_t(std::stoi(digits));
      text.resize(slash);
    }
    const std::u32string folded = fold_term(trim(text));
    if (folded.empty() || folded.size() > literal_chars_max)
      return bad(item, "词是空的或太长", fmt::format("写 1 到 {} 个字", literal_chars_max));
    if (words_.size() >= words_max) return bad(item, fmt::format("语境词超过 {} 个", words_max), "删去少用的");
    words_[folded].push_back(part);
    return {};
  }

  const NamedText* file_ = nullptr;
  ContextCue::Kind kind_ = ContextCue::Kind::negated;
  std::map<std::u32string, std::vector<Part>> words_;
};

}  // namespace

Result<std::shared_ptr<const ContextWords>> parse_context(const std::vector<NamedText>& files) {
  Reader reader;
  for (const NamedText& file : files)
    if (auto done = reader.read(file); !done) return done.error();
  return reader.finish();
}

}  // namespace tingchao::analyzer
