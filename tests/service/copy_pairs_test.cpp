// Notices made from one template for many schools are no copies of one another; their reprints are.
#include <catch2/catch.hpp>

#include <map>

#include "analyzer/analyze.h"
#include "analyzer/group.h"
#include "service/knowledge.h"

using namespace tingchao;

namespace {

const std::vector<std::string> templates{
    "关于{}春季学期招生工作的通知：本校今年计划招收一年级新生六个班，符合条件的适龄儿童家长请于本周内登录平台填报信息，逾期视为放弃。",
    "{}食堂近日被家长反映饭菜有异味，多名学生称午餐后肚子不舒服，校方表示已封存留样，正在等待检测结果，后续情况会及时公布。",
    "家长求助：孩子在{}上学，班级群里通知下周起课后服务费上调，没有说明依据，也没有征求意见，请问教育部门这样收费合理吗？",
    "{}举行秋季田径运动会，全校师生参加了入场式，比赛共设短跑、跳远、接力等项目，现场气氛热烈，多名学生刷新了校纪录。",
    "有网友发帖称{}门口早晚高峰拥堵严重，接送车辆占用人行道，孩子只能在车流里穿行，希望交警和学校派人疏导，设置护学岗。",
    "{}发布情况说明：针对网传视频，学校高度重视，第一时间成立工作组开展调查，涉事教师已停职，调查结果将向社会公布。"};

std::vector<std::string> schools() {
  const char* front[] = {"望山路", "城北", "云溪", "东湖", "青禾", "南门", "西苑", "临江", "锦绣", "新华"};
  const char* back[] = {"小学", "中学", "实验小学", "中心幼儿园"};
  std::vector<std::string> names;
  for (const char* a : front)
    for (const char* b : back) names.push_back(std::string(a) + b);
  return names;
}

std::string filled(std::string text, const std::string& name) {
  text.replace(text.find("{}"), 2, name);
  return text;
}

}  // namespace

TEST_CASE("one template for many schools makes no copies, a reprint does", "[copies]") {
  const auto analyzer = *service::load_analyzer({});
  analyzer::Grouper grouper;
  Time at = *parse_time("2026-04-15T08:00:00+08:00");
  std::map<std::string, std::string> matter;  // document → template and school
  int number = 0, found = 0, right = 0, reprints = 0, reprints_found = 0;
  const auto place = [&](const std::string& text, const std::string& of, bool reprint) {
    Document document;
    document.id = "d" + std::to_string(++number);
    document.url = "http://bbs.example/" + document.id;
    document.source = "s" + std::to_string(number % 7);
    document.medium = "forum";
    document.body = text;
    document.published_at = document.fetched_at = at;
    document.published_to_the_minute = true;
    at += Seconds{30};
    const auto placed = grouper.place(document, analyzer->analyze(document), at);
    matter[document.id] = of;
    reprints += reprint;
    if (placed.placement.copy_of.empty()) return;
    ++found;
    const bool same = matter.at(placed.placement.copy_of) == of;
    right += same;
    reprints_found += reprint && same;
    if (!same) UNSCOPED_INFO(of << " taken for " << matter.at(placed.placement.copy_of));
  };
  for (std::size_t t = 0; t < templates.size(); ++t)
    for (const std::string& school : schools()) {
      const std::string text = filled(templates[t], school), of = std::to_string(t) + school;
      place(text, of, false);
      place("【转载】" + text + "（来源：本地论坛）", of, true);
    }
  CAPTURE(found, right, reprints, reprints_found);
  CHECK(reprints_found >= 0.97 * reprints);
  CHECK(right >= 0.995 * found);
}
