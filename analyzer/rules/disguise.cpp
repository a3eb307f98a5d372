// Forms are made when a rule is compiled and then looked for like any other literal; only signs put into a
// word need a second pass, over the text without them.
#include "analyzer/rules/disguise.h"

#include <algorithm>
#include <array>
#include <memory>

#include <unicode/translit.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t signs_max = 3;         // between two characters
constexpr std::size_t taken_apart_max = 16;  // forms of one word
constexpr std::size_t initials_chars_min = 3, spelt_letters_min = 5;

struct Parts {
  char32_t whole;
  std::u32string_view parts;
};
// Characters of the words that are hidden in practice, and what they fall into when written side by side;
// where a radical has a character that looks like it, that one too.
constexpr std::array parts_of{
    Parts{U'骗', U"马扁"},   Parts{U'死', U"歹匕"},   Parts{U'强', U"弓虽"}, Parts{U'奸', U"女干"},
    Parts{U'杀', U"乂木"},   Parts{U'打', U"扌丁"},   Parts{U'打', U"才丁"}, Parts{U'校', U"木交"},
    Parts{U'教', U"孝攵"},   Parts{U'教', U"孝文"},   Parts{U'体', U"亻本"}, Parts{U'体', U"人本"},
    Parts{U'罚', U"四讠刂"}, Parts{U'政', U"正攵"},   Parts{U'政', U"正文"}, Parts{U'跳', U"足兆"},
    Parts{U'楼', U"木娄"},   Parts{U'坠', U"队土"},   Parts{U'割', U"害刂"}, Parts{U'割', U"害刀"},
    Parts{U'腕', U"月宛"},   Parts{U'轻', U"车圣"},   Parts{U'抑', U"扌卬"}, Parts{U'郁', U"有阝"},
    Parts{U'郁', U"有耳"},   Parts{U'喝', U"口曷"},   Parts{U'药', U"艹约"}, Parts{U'药', U"草约"},
    Parts{U'吸', U"口及"},   Parts{U'吐', U"口土"},   Parts{U'呕', U"口区"}, Parts{U'腹', U"月复"},
    Parts{U'泻', U"氵写"},   Parts{U'骂', U"口口马"}, Parts{U'骂', U"吅马"}, Parts{U'辱', U"辰寸"},
    Parts{U'殴', U"区殳"},   Parts{U'围', U"囗韦"},   Parts{U'围', U"口韦"}, Parts{U'霸', U"雨革月"},
    Parts{U'凌', U"冫夌"},   Parts{U'欺', U"其欠"},   Parts{U'侮', U"亻每"}, Parts{U'侮', U"人每"},
    Parts{U'性', U"忄生"},   Parts{U'猥', U"犭畏"},   Parts{U'猥', U"犬畏"}, Parts{U'摸', U"扌莫"},
    Parts{U'摸', U"才莫"},   Parts{U'裸', U"衤果"},   Parts{U'裸', U"衣果"}, Parts{U'贪', U"今贝"},
    Parts{U'污', U"氵亏"},   Parts{U'贿', U"贝有"},   Parts{U'赂', U"贝各"}, Parts{U'钱', U"钅戋"},
    Parts{U'钱', U"金戋"},   Parts{U'收', U"丩攵"},   Parts{U'费', U"弗贝"}, Parts{U'补', U"衤卜"},
    Parts{U'补', U"衣卜"},   Parts{U'课', U"讠果"},   Parts{U'课', U"言果"}, Parts{U'辅', U"车甫"},
    Parts{U'培', U"土咅"},   Parts{U'训', U"讠川"},   Parts{U'训', U"言川"}, Parts{U'退', U"辶艮"},
    Parts{U'退', U"艮辶"},   Parts{U'跑', U"足包"},   Parts{U'路', U"足各"}, Parts{U'维', U"纟隹"},
    Parts{U'权', U"木又"},   Parts{U'抗', U"扌亢"},   Parts{U'抗', U"才亢"}, Parts{U'议', U"讠义"},
    Parts{U'议', U"言义"},   Parts{U'罢', U"罒去"},   Parts{U'罢', U"四去"}, Parts{U'闹', U"门市"},
    Parts{U'拉', U"扌立"},   Parts{U'拉', U"才立"},   Parts{U'横', U"木黄"}, Parts{U'幅', U"巾畐"},
    Parts{U'访', U"讠方"},   Parts{U'访', U"言方"},   Parts{U'信', U"亻言"}, Parts{U'信', U"人言"},
    Parts{U'投', U"扌殳"},   Parts{U'诉', U"讠斥"},   Parts{U'诉', U"言斥"}, Parts{U'群', U"君羊"},
    Parts{U'枪', U"木仓"},   Parts{U'砍', U"石欠"},   Parts{U'捅', U"扌甬"}, Parts{U'烧', U"火尧"},
    Parts{U'炸', U"火乍"},   Parts{U'爆', U"火暴"},   Parts{U'赌', U"贝者"}, Parts{U'博', U"十尃"},
    Parts{U'嫖', U"女票"},   Parts{U'娼', U"女昌"},   Parts{U'妓', U"女支"}, Parts{U'孩', U"子亥"},
    Parts{U'幼', U"幺力"},   Parts{U'妈', U"女马"},   Parts{U'淫', U"氵㸒"}, Parts{U'溺', U"氵弱"},
    Parts{U'淹', U"氵奄"},   Parts{U'沉', U"氵冗"},   Parts{U'泳', U"氵永"}, Parts{U'酗', U"酉凶"},
    Parts{U'醉', U"酉卒"},   Parts{U'待', U"彳寺"},   Parts{U'狂', U"犭王"}, Parts{U'猝', U"犭卒"},
    Parts{U'传', U"亻专"},   Parts{U'传', U"人专"},   Parts{U'核', U"木亥"}, Parts{U'酸', U"酉夋"},
    Parts{U'锤', U"钅垂"},   Parts{U'锤', U"金垂"},   Parts{U'镇', U"钅真"}, Parts{U'镇', U"金真"},
    Parts{U'伤', U"亻力"},   Parts{U'残', U"歹戋"},   Parts{U'胎', U"月台"}, Parts{U'孕', U"乃子"},
    Parts{U'婚', U"女昏"},   Parts{U'恋', U"亦心"},   Parts{U'情', U"忄青"}, Parts{U'裤', U"衤库"},
    Parts{U'扒', U"扌八"},   Parts{U'扇', U"户羽"},   Parts{U'踢', U"足易"}, Parts{U'踹', U"足耑"},
    Parts{U'踩', U"足采"},   Parts{U'勒', U"革力"},   Parts{U'抢', U"扌仓"}, Parts{U'劫', U"去力"},
    Parts{U'偷', U"亻俞"},   Parts{U'窃', U"穴切"},   Parts{U'绑', U"纟邦"}, Parts{U'架', U"加木"},
    Parts{U'拐', U"扌另"},   Parts{U'卖', U"十买"},   Parts{U'诈', U"讠乍"}, Parts{U'诈', U"言乍"},
    Parts{U'谣', U"讠䍃"},   Parts{U'谎', U"讠荒"},   Parts{U'谎', U"言荒"}, Parts{U'黑', U"里灬"},
    Parts{U'毒', U"主母"},   Parts{U'烂', U"火兰"},   Parts{U'臭', U"自犬"}, Parts{U'馊', U"饣叟"},
    Parts{U'蛆', U"虫且"},   Parts{U'蝇', U"虫黾"},   Parts{U'癌', U"疒嵒"}, Parts{U'疯', U"疒风"},
    Parts{U'泄', U"氵世"},   Parts{U'漏', U"氵屚"},   Parts{U'弊', U"敝廾"}, Parts{U'替', U"夫夫日"},
    Parts{U'贩', U"贝反"},   Parts{U'债', U"亻责"}};

// The syllable of a character in plain letters: 罚 → fa. Empty when ICU knows none.
class Readings {
 public:
  Readings() {
    UErrorCode status = U_ZERO_ERROR;
    latin_.reset(icu::Transliterator::createInstance(
        icu::UnicodeString::fromUTF8("Han-Latin; NFD; [:Nonspacing Mark:] Remove; Lower"), UTRANS_FORWARD,
        status));
    if (U_FAILURE(status)) latin_.reset();
  }
  std::u32string of(char32_t c) const {
    std::u32string out;
    if (!latin_) return out;
    icu::UnicodeString text(static_cast<UChar32>(c));
    latin_->transliterate(text);
    for (int32_t i = 0; i < text.length(); ++i) {
      if (text[i] < u'a' || text[i] > u'z') return {};
      out += text[i];
    }
    return out;
  }

 private:
  std::unique_ptr<icu::Transliterator> latin_;
};

bool is_letter(char32_t c) {
  return is_han(c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 0xC0 && c < 0x2000);
}
bool ends_clause(char32_t c) {
  constexpr std::u32string_view marks = U",;:!?。、—\n\r…";
  return marks.find(c) != marks.npos;
}

void take_apart(std::u32string_view word, std::size_t at, std::u32string so_far, bool changed,
                std::vector<DisguisedForm>& out, std::size_t most) {
  if (out.size() >= most) return;
  if (at == word.size()) {
    if (changed) out.push_back({std::move(so_far), disguise_parts});
    return;
  }
  for (const Parts& known : parts_of)
    if (known.whole == word[at])
      take_apart(word, at + 1, so_far + std::u32string(known.parts), true, out, most);
  take_apart(word, at + 1, so_far + word[at], changed, out, most);
}

}  // namespace

std::vector<DisguisedForm> disguised_forms(std::u32string_view word) {
  std::vector<DisguisedForm> out;
  if (word.size() < disguised_chars_min || word.size() > disguised_chars_max ||
      !std::all_of(word.begin(), word.end(), is_han))
    return out;
  static const Readings readings;
  std::vector<std::u32string> spelt;
  for (const char32_t c : word) spelt.push_back(readings.of(c));
  const bool all_known = std::none_of(spelt.begin(), spelt.end(), [](const auto& s) { return s.empty(); });
  std::u32string initials, letters;
  for (const std::u32string& syllable : spelt) {
    initials += syllable.substr(0, 1);
    letters += syllable;
  }
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (spelt[i].empty()) continue;
    std::u32string mixed(word);
    mixed[i] = spelt[i][0];
    out.push_back({mixed, disguise_letters});
    out.push_back({std::u32string(word.substr(0, i)) + spelt[i] + std::u32string(word.substr(i + 1)),
                   disguise_letters});
  }
  if (all_known && word.size() >= initials_chars_min) out.push_back({initials, disguise_letters});
  if (all_known && letters.size() >= spelt_letters_min) out.push_back({letters, disguise_letters});
  take_apart(word, 0, {}, false, out, out.size() + taken_apart_max);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.text < b.text; });
  out.erase(
      std::unique(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.text == b.text; }),
      out.end());
  return out;
}

BareText without_signs(std::u32string_view folded) {
  BareText out;
  bool left_out = false;
  for (std::size_t i = 0; i < folded.size();) {
    std::size_t end = i;
    while (end < folded.size() && end - i <= signs_max && !is_letter(folded[end]) &&
           !ends_clause(folded[end]))
      ++end;
    const bool between = end > i && end - i <= signs_max && i > 0 && end < folded.size() &&
                         is_letter(folded[end]) && is_letter(folded[i - 1]);
    if (between) {
      left_out = true;
      i = end;
      continue;
    }
    for (end = std::max(end, i + 1); i < end; ++i) {
      out.text += folded[i];
      out.from.push_back(static_cast<std::uint32_t>(i));
    }
  }
  if (!left_out) return {};
  return out;
}

std::string describe_disguise(Disguise how) {
  std::string out;
  const auto add = [&](Disguise one, const char* name) {
    if (how & one) out += (out.empty() ? "" : "、") + std::string(name);
  };
  add(disguise_signs, "夹符号");
  add(disguise_letters, "拼音字母");
  add(disguise_parts, "拆字");
  return out;
}

}  // namespace tingchao::analyzer
