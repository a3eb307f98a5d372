// The first document that tells of a death, a poisoning or violence at a school is warned for at once, at the third
// level or above; tales, drills, refutations, history and what happened abroad are not. Titles alone, with the shipped
// rules and measure, each through a pipeline of its own.
#include <catch2/catch.hpp>

#include "service/knowledge.h"
#include "service/pipeline.h"

using namespace tingchao;
using namespace tingchao::service;

namespace {

const char* const grave[] = {
    "河湾镇中心小学一名五年级学生从教学楼坠下身亡", "高三男生凌晨在宿舍楼顶坠亡，校方称正配合警方调查", "初二女生课间从四楼跳下，送医后抢救无效",
    "网曝某中学学生跳楼，家属在校门口拉横幅", "柳林二中一学生在教室突然倒地猝死", "体育课跑步后晕倒，13岁男孩抢救无效死亡",
    "小学生军训期间中暑身亡，家长质疑学校延误救治", "晚自习后一名初中生被发现死在学校厕所", "幼儿园午睡时3岁男童窒息身亡，老师被带走", "幼儿在园内被滑梯卡住身亡",
    "女童被遗忘在校车内死亡", "校车与货车相撞，6名小学生遇难", "两名学生放学后在水库游泳溺亡", "三名初中生结伴下河失联，遗体已打捞上岸", "学校围墙倒塌压死一名学生",
    "教学楼外墙脱落砸中学生，一人死亡", "中学体育馆屋顶坍塌，多人被困", "寄宿学校宿舍起火，13名学生遇难", "某小学食堂午餐后百余名学生呕吐腹泻送医",
    "数十名学生食物中毒，涉事食堂已停业", "幼儿园多名孩子疑似食物中毒住院", "学校集体用餐后学生出现发烧腹痛，疾控介入", "初中食堂吃出发霉鸡腿，几十个孩子上吐下泻",
    "幼儿园老师往孩子饭里投毒，多名幼儿亚硝酸盐中毒", "一中学生喝了学校的水后集体腹泻", "男子持刀闯入小学砍伤多名学生", "幼儿园门口发生砍人事件，致3死6伤",
    "校门口有人持刀行凶，已有学生受伤", "初三学生在教室捅死同班同学", "中学生被多名同学围殴致死，埋尸大棚", "女生宿舍内遭多人轮流扇耳光，视频流出",
    "初中女生被逼下跪殴打视频曝光", "小学生被同学用铅笔戳伤眼睛，眼球破裂", "寄宿制学校男生被室友殴打致脾破裂", "老师一脚踹断学生肋骨",
    "班主任用戒尺把学生头骨打裂，涉事教师停职", "体罚后学生横纹肌溶解住进ICU", "幼师用针扎多名幼儿，家长报警", "小学校长猥亵多名女生被刑拘", "中学教师性侵女学生获刑",
    "学生在校遭霸凌后自杀，留下遗书", "学校操场旗杆倒下砸中女生，送医不治", "小学门口轿车冲撞放学人群，多名学生受伤", "化学实验课爆炸，多名学生被烧伤",
    "中学早操下楼发生踩踏，一死十余伤", "职高学生实习期间坠亡，学校称已报警", "特殊教育学校孩子被保育员打死", "某小学二年级学生被老师罚站后昏迷离世",
    "云岭县一小学发生学生坠亡事件", "高一新生军训倒下再没醒来，家属追问真相", "幼儿园滑梯事故，四岁女童不幸离世", "初中住校生半夜发病无人管，天亮被发现死亡",
    "学校泳池溺亡一名小学生", "小学午餐后三十余名孩子腹痛呕吐，校方称正在排查", "中学食堂疑似集体食物中毒，救护车进校", "学生奶喝坏肚子，一个班二十多人拉肚子住院",
    "幼儿园早餐后孩子们集体发烧呕吐", "歹徒冲进幼儿园，老师和孩子被砍伤", "放学路上初中生被捅身亡", "高中生在校内被同学刺死", "小学门口有人持斧伤人，两名学生送医",
    "多名初中生围殴同学致其死亡", "男生在厕所被七八个人殴打，视频疯传", "女学生被同班女生扒衣拍视频", "小学教师扇学生耳光致耳膜穿孔", "老师打死学生？家属停尸校门口",
    "六年级女孩被班主任性侵", "校车坠河，车上有十余名小学生", "幼儿园接送车侧翻，多名孩子受伤", "宿舍楼着火，有学生被困", "学校实验室爆燃，三名学生烧伤",
    "学校看台垮塌，多名学生被压",
};

const char* const harmless[] = {
    "全区中小学举行防踩踏应急疏散演练", "消防员模拟教学楼起火，学生三分钟撤离", "食物中毒应急演练在实验小学举行", "电影中校园霸凌致死的情节引发热议",
    "电视剧里女生坠楼一幕让观众泪目", "小说连载：高三那年，班长从天台跳下", "辟谣：网传某中学学生跳楼系谣言", "警方通报：网传“小学门口砍人”不实",
    "教育局回应：未发生学生食物中毒事件", "官方：幼儿园投毒传言系编造，造谣者被拘", "1937年日军轰炸小学，百余名学生遇难", "二十年前的校园惨案，今天我们纪念",
    "汶川地震中遇难的学生们，你们还好吗", "美国得州小学枪击案致21人死亡", "日本一中学生坠楼身亡，校方道歉", "韩国小学生被教师杀害，全国震惊",
    "泰国校车起火，23名师生遇难", "印度学校食堂食物中毒，数十名学生住院", "大学生宿舍坠亡，校方发布通报", "高校实验室爆炸，一名博士生遇难",
    "防溺水安全教育进校园，护航快乐暑假", "老师勇救落水学生，孩子已平安", "校园食品安全专项检查全部合格", "法治副校长进校园讲预防欺凌", "学校开展生命教育，预防学生自杀",
    "体育老师跳楼梯教学走红网络", "男足队员一脚踢断对手肋骨", "养鸡场鸡集体中毒，损失十余万", "游戏里击杀数最高的小学生", "抗日小英雄王二小牺牲的故事走进课堂",
    "高考作文押题，这道题杀死了我", "某中学连续十年未发生学生伤亡事故", "消防进校园：模拟宿舍起火怎么逃", "网剧《少年说》校园霸凌戏份引争议",
    "不实！“某小学学生坠楼”为旧闻剪辑", "百年前女师大学生遇害旧址修复开放", "德国一中学发生持刀袭击，多人受伤", "加拿大校园枪击案嫌疑人身份公布",
    "老师教孩子如何应对陌生人持刀闯入", "小学生作文写爷爷去世，感动全班", "校园剧拍摄现场，演员表演跳楼", "学校食堂大比武，厨师刀工惊艳",
    "纪录片回顾1994年克拉玛依火灾", "我国溺水死亡率十年下降",
};

// The gravest rank that one title reaches; empty: no warning.
std::optional<int> rank_of(const std::string& title) {
  static const auto analyzer = *load_analyzer({});
  static const auto measure = *load_measure("");
  const Time at = *parse_time("2026-04-15T10:00:00+08:00");
  Document document;
  document.id = "d1";
  document.title = title;
  document.source = "news";
  document.medium = "news";
  document.published_at = document.fetched_at = at;
  document.published_to_the_minute = true;
  document.published_by = DateOrigin::feed;
  Pipeline pipeline(measure);
  std::optional<int> rank;
  for (const alerting::Raised& raised : pipeline.take(document, analyzer->analyze(document), at).raised)
    if (!rank || raised.warning.level.rank < *rank) rank = raised.warning.level.rank;
  return rank;
}

}  // namespace

TEST_CASE("a grave incident at a school reaches the third level at its first item", "[first]") {
  for (const char* title : grave) {
    CAPTURE(title);
    const auto rank = rank_of(title);
    REQUIRE(rank);
    CHECK(*rank <= 3);
  }
}

TEST_CASE("tales, drills, refutations, history and far countries do not", "[first]") {
  for (const char* title : harmless) {
    CAPTURE(title);
    CHECK(rank_of(title).value_or(9) > 3);
  }
}
