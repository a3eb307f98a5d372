// Abbreviation is a table of endings, applied until nothing new comes out; numerals are handled apart,
// because 第十一中学, 第11中学, 十一中 and 11中 are all the same school.
#include "analyzer/entity/school_names.h"

#include <algorithm>
#include <array>

namespace tingchao::analyzer {
namespace {

struct Ending {
  std::u32string_view full, brief;
};

// What a name ends in and how people shorten it. Longer endings first where one contains another.
constexpr std::array endings{
    Ending{U"实验小学", U"实小"},       Ending{U"实验中学", U"实中"},         Ending{U"实验幼儿园", U"实幼"},
    Ending{U"实验高级中学", U"实验高中"}, Ending{U"实验初级中学", U"实验初中"}, Ending{U"附属实验小学", U"附小"},
    Ending{U"附属中学", U"附中"},       Ending{U"附属小学", U"附小"},         Ending{U"附属幼儿园", U"附幼"},
    Ending{U"附属高级中学", U"附中"},   Ending{U"附属初级中学", U"附中"},     Ending{U"附属学校", U"附校"},
    Ending{U"外国语学校", U"外国语"},   Ending{U"外国语学校", U"外校"},       Ending{U"职业高级中学", U"职高"},
    Ending{U"职业中等专业学校", U"职专"}, Ending{U"职业中等专业学校", U"中专"}, Ending{U"中等专业学校", U"中专"},
    Ending{U"中等职业学校", U"中职"},   Ending{U"职业技术学校", U"职校"},     Ending{U"职业学校", U"职校"},
    Ending{U"职业教育中心", U"职教中心"}, Ending{U"职业中学", U"职中"},       Ending{U"特殊教育学校", U"特校"},
    Ending{U"高级中学", U"高中"},       Ending{U"高级中学", U"中学"},         Ending{U"初级中学", U"初中"},
    Ending{U"初级中学", U"中学"},       Ending{U"完全中学", U"中学"},         Ending{U"九年一贯制学校", U"学校"},
    Ending{U"九年制学校", U"学校"},     Ending{U"中心小学", U"中心校"},       Ending{U"中心学校", U"中心校"},
    Ending{U"中心小学", U"小学"},       Ending{U"中心幼儿园", U"中心园"},     Ending{U"中心幼儿园", U"幼儿园"},
    Ending{U"完全小学", U"完小"},       Ending{U"完全小学", U"小学"},
};

// 第N… and its short tails.
constexpr std::array numbered{
    Ending{U"中学", U"中"},         Ending{U"高级中学", U"高"},   Ending{U"高级中学", U"中"},
    Ending{U"初级中学", U"初"},     Ending{U"初级中学", U"中"},   Ending{U"小学", U"小"},
    Ending{U"幼儿园", U"幼"},       Ending{U"实验小学", U"实小"}, Ending{U"实验学校", U"实"},
    Ending{U"职业高级中学", U"职高"}, Ending{U"职业中学", U"职中"}, Ending{U"人民小学", U"人小"},
};

constexpr std::u32string_view digits_of_ten = U"零一二三四五六七八九";

std::u32string arabic(int value) {
  std::u32string text;
  for (const char c : std::to_string(value)) text.push_back(static_cast<char32_t>(c));
  return text;
}

// Where 第N stands in the name: begin, the numeral's length and value; value 0: nowhere.
struct Numbered {
  std::size_t begin = 0, length = 0;
  int value = 0;
};
Numbered find_numbered(std::u32string_view name) {
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    if (name[i] != U'第') continue;
    if (const std::size_t length = numeral_length(name.substr(i + 1)))
      return {i, length, numeral_value(name.substr(i + 1, length))};
  }
  return {};
}

void add_numbered_forms(std::u32string_view name, std::set<std::u32string>& forms) {
  const Numbered found = find_numbered(name);
  if (!found.value) return;
  const std::u32string head(name.substr(0, found.begin));
  const std::u32string_view tail = name.substr(found.begin + 1 + found.length);
  for (const std::u32string& numeral : {chinese_numeral(found.value), arabic(found.value)}) {
    forms.insert(head + U"第" + numeral + std::u32string(tail));
    for (const Ending& ending : numbered)
      if (tail.starts_with(ending.full))
        forms.insert(head + numeral + std::u32string(ending.brief) + std::u32string(tail.substr(ending.full.size())));
  }
}

// 浙江大学附属中学 → 浙大附属中学, 华东师范大学 → 华东师大.
void add_university_forms(std::u32string_view name, std::set<std::u32string>& forms) {
  const std::size_t at = name.find(U"大学附属");
  if (at == name.npos) return;
  const std::u32string rest(name.substr(at + 2));
  if (at == 2) forms.insert(std::u32string{name[0]} + U"大" + rest);
  if (at > 2 && name.substr(at - 2, 2) == U"师范") forms.insert(std::u32string(name.substr(0, at - 2)) + U"师大" + rest);
}

}  // namespace

std::size_t numeral_length(std::u32string_view text) {
  std::size_t length = 0;
  while (length < text.size() && length < 3 && text[length] >= U'0' && text[length] <= U'9') ++length;
  if (length < text.size() && length > 0 && text[length] >= U'0' && text[length] <= U'9') return 0;
  if (length > 0) return numeral_value(text.substr(0, length)) ? length : 0;
  for (length = std::min<std::size_t>(text.size(), 4); length > 0; --length)
    if (numeral_value(text.substr(0, length))) return length;
  return 0;
}

int numeral_value(std::u32string_view text) {
  if (text.empty() || text.size() > 5) return 0;
  if (text[0] >= U'0' && text[0] <= U'9') {
    int value = 0;
    for (const char32_t c : text) {
      if (c < U'0' || c > U'9') return 0;
      value = value * 10 + static_cast<int>(c - U'0');
    }
    return value <= 199 ? value : 0;
  }
  int value = 0;
  if (text.starts_with(U"一百")) {
    value = 100;
    text.remove_prefix(2);
    if (text.starts_with(U"零")) text.remove_prefix(1);
    if (text.empty()) return value;
  }
  const auto digit = [](char32_t c) {
    const std::size_t at = digits_of_ten.find(c);
    return at == digits_of_ten.npos || at == 0 ? 0 : static_cast<int>(at);
  };
  const std::size_t ten = text.find(U'十');
  if (ten == text.npos) return text.size() == 1 && digit(text[0]) ? value + digit(text[0]) : 0;
  if (ten > 1 || text.size() > ten + 2) return 0;
  if (ten == 1 && !digit(text[0])) return 0;
  if (text.size() == ten + 2 && !digit(text[ten + 1])) return 0;
  value += 10 * (ten == 1 ? digit(text[0]) : 1);
  return value + (text.size() == ten + 2 ? digit(text[ten + 1]) : 0);
}

std::u32string chinese_numeral(int value) {
  std::u32string text;
  if (value >= 100) {
    text = U"一百";
    value -= 100;
    if (value > 0 && value < 10) text += U"零";
    else if (value >= 10 && value < 20) text += U"一";
  }
  if (value >= 20) text += digits_of_ten[static_cast<std::size_t>(value / 10)];
  if (value >= 10) text += U'十';
  if (value % 10) text += digits_of_ten[static_cast<std::size_t>(value % 10)];
  return text;
}

std::set<std::u32string> short_forms(std::u32string_view core) {
  std::set<std::u32string> forms{std::u32string(core)};
  std::vector<std::u32string> open{std::u32string(core)};
  while (!open.empty() && forms.size() < 40) {
    const std::u32string name = std::move(open.back());
    open.pop_back();
    std::set<std::u32string> next;
    for (const Ending& ending : endings)
      if (name.size() > ending.full.size() - 1 && name.ends_with(ending.full))
        next.insert(name.substr(0, name.size() - ending.full.size()) + std::u32string(ending.brief));
    add_numbered_forms(name, next);
    add_university_forms(name, next);
    for (const std::u32string& form : next)
      if (forms.insert(form).second) open.push_back(form);
  }
  forms.erase(std::u32string(core));
  std::erase_if(forms, [](const std::u32string& form) { return is_bare_type(form) || form.size() < 2; });
  return forms;
}

bool is_bare_type(std::u32string_view core) {
  static constexpr std::array types{
      U"小学", U"中学", U"学校", U"高中", U"初中", U"幼儿园", U"职高", U"中专", U"职专", U"职校", U"中职", U"职中",
      U"高级中学", U"初级中学", U"完全中学", U"完全小学", U"完小", U"职业高级中学", U"职业学校", U"职业中学",
      U"外国语", U"外校", U"实验", U"附校", U"中心园", U"九年一贯制学校", U"特校", U"特殊教育学校", U"职业技术学校",
      U"中等专业学校", U"中等职业学校", U"职教中心", U"职业教育中心", U"中小学"};
  for (const std::u32string_view type : types)
    if (core == type) return true;
  return false;
}

bool is_common_name(std::u32string_view core) {
  static constexpr std::array names{
      U"实验小学", U"实验中学", U"实验学校", U"实验幼儿园", U"实验高中", U"实验初中", U"实验高级中学",
      U"实验初级中学", U"实小", U"实中", U"实幼", U"附小", U"附中", U"附幼", U"附属小学", U"附属中学",
      U"附属幼儿园", U"附属学校", U"中心小学", U"中心校", U"中心学校", U"中心幼儿园", U"外国语学校", U"外国语小学",
      U"外国语中学", U"外国语实验学校", U"希望小学", U"育才小学", U"育才中学", U"育才学校", U"育红小学",
      U"人民小学", U"光明小学", U"红星小学", U"新华小学", U"和平小学", U"解放小学", U"建设小学", U"胜利小学",
      U"阳光幼儿园", U"机关幼儿园", U"金太阳幼儿园", U"蓝天幼儿园", U"小太阳幼儿园", U"逸夫小学", U"高新学校",
      U"民族中学", U"民族小学", U"新世纪学校", U"育英学校", U"育英小学", U"育英中学"};
  for (const std::u32string_view name : names)
    if (core == name) return true;
  if (is_bare_type(core)) return true;
  // 第三中学, 三中, 3小, 第一实验小学.
  std::size_t at = core.starts_with(U"第") ? 1 : 0;
  const std::size_t length = numeral_length(core.substr(at));
  if (length == 0) return false;
  const std::u32string_view tail = core.substr(at + length);
  for (const Ending& ending : numbered)
    if (tail == ending.full || tail == ending.brief) return true;
  return is_bare_type(tail) || tail == U"实验中学";
}

std::u32string school_key(std::u32string_view name) {
  std::u32string key;
  for (std::size_t i = 0; i < name.size();) {
    const char32_t c = name[i];
    const bool arabic_digit = c >= U'0' && c <= U'9';
    if (const std::size_t length = arabic_digit ? numeral_length(name.substr(i)) : 0) {
      key += chinese_numeral(numeral_value(name.substr(i, length)));
      i += length;
    } else {
      // 市 and 县 go when a name stands before and behind them: 杭州市第二中学, but not 市一中.
      if (!((c == U'市' || c == U'县') && key.size() >= 2 && i + 2 < name.size())) key.push_back(c);
      ++i;
    }
  }
  const Numbered found = find_numbered(key);
  if (found.value)
    for (const Ending& ending : numbered)
      if (key.substr(found.begin + 1 + found.length) == ending.full) {
        key = key.substr(0, found.begin) + key.substr(found.begin + 1, found.length) + std::u32string(ending.brief);
        break;
      }
  for (const Ending& ending : endings)
    if (key.ends_with(ending.full) && key.size() > ending.full.size()) {
      key = key.substr(0, key.size() - ending.full.size()) + std::u32string(ending.brief);
      break;
    }
  return key;
}

}  // namespace tingchao::analyzer
