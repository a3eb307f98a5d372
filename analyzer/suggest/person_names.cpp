#include "analyzer/suggest/person_names.h"

#include <algorithm>
#include <array>

namespace tingchao::analyzer {
namespace {

// The surnames of nineteen of twenty people, commonest first (Ministry of Public Security's report of 2020 names
// the first hundred).
constexpr std::u32string_view surnames =
    U"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟"
    U"姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔汤向常温康施文牛"
    U"樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉"
    U"骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿"
    U"桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝劳习厉闫冼";
constexpr std::array<std::u32string_view, 8> double_surnames{U"欧阳", U"上官", U"司马", U"诸葛",
                                                             U"东方", U"皇甫", U"尉迟", U"慕容"};
constexpr std::array<std::u32string_view, 22> titles{
    U"老师", U"校长", U"园长", U"主任", U"同学", U"书记", U"局长", U"科长", U"教练", U"医生", U"教授",
    U"先生", U"女士", U"阿姨", U"叔叔", U"师傅", U"妈妈", U"爸爸", U"院士", U"班长", U"大爷", U"奶奶"};
constexpr std::array<std::u32string_view, 6> calls{U"叫", U"名叫", U"男生", U"女生", U"姓名", U"名为"};

bool has_double_surname(std::u32string_view word) {
  return std::any_of(double_surnames.begin(), double_surnames.end(),
                     [&](std::u32string_view name) { return word.starts_with(name); });
}

bool begins_with_surname(std::u32string_view word) {
  return has_double_surname(word) || surnames.find(word.front()) != surnames.npos;
}

}  // namespace

bool looks_like_name(std::u32string_view word, const std::function<bool(std::u32string_view)>& knows) {
  if (word.empty()) return false;
  for (const std::u32string_view title : titles)
    if (word.ends_with(title) && word.size() > title.size() && word.size() <= title.size() + 3) {
      const std::u32string_view name = word.substr(0, word.size() - title.size());
      return begins_with_surname(name) && (name.size() != 2 || !knows(name)) &&
             (name.size() != 3 || !knows(name.substr(0, 2)));
    }
  if (!begins_with_surname(word)) return false;
  // The dictionary has names of well-known people, too: 陈国栋 has no word in it, 高血压 has one.
  if (knows(word)) return word.size() == 3 && !knows(word.substr(0, 2)) && !knows(word.substr(1));
  if (word.find(U'某') != word.npos) return true;
  if (word.size() == 2) return true;
  // 高考生 begins with a word, 王小明 does not.
  if (word.size() == 3) return !knows(word.substr(0, 2));
  if (word.size() == 4 && has_double_surname(word)) return true;
  for (std::size_t cut = 2; cut + 2 <= word.size() && word.size() <= 6; ++cut)  // two names in a row
    if (looks_like_name(word.substr(0, cut), knows) && looks_like_name(word.substr(cut), knows)) return true;
  return false;
}

bool is_called_person(std::u32string_view text, std::size_t begin, std::size_t end) {
  const std::u32string_view before = text.substr(0, begin), behind = text.substr(end);
  return std::any_of(titles.begin(), titles.end(), [&](auto title) { return behind.starts_with(title); }) ||
         std::any_of(calls.begin(), calls.end(), [&](auto call) { return before.ends_with(call); });
}

}  // namespace tingchao::analyzer
