// How many documents a second are grouped and judged on one core: stories_bench HISTORY.jsonl|TEXT
// [DOCUMENTS]. HISTORY.jsonl: titles or documents as `replay` reads them, each at its own time. TEXT:
// paragraphs, a line each; articles of 800 to 1,500 characters are put together from them, 300,000 a day:
// three in ten hold a paragraph on a matter at a school, which rules match, and one in five repeats an
// article of the last day with 5 % of its characters changed. Timed is what follows analysis, the service's
// Pipeline: copies, stories and their merging, bursts, the measure, warnings, and a tick every simulated
// hour. Analysis is not. Printed: documents a second of the processor's time, of each tenth and of all, and
// what came of them.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>

#include <boost/json.hpp>

#include "analyzer/text/prepared.h"
#include "bench/processor_time.h"
#include "core/utf8.h"
#include "service/knowledge.h"
#include "service/pipeline.h"

using namespace tingchao;
using analyzer::to_utf8;

namespace {

class Run {
 public:
  Run(std::shared_ptr<const analyzer::Analyzer> analyzer, std::shared_ptr<const alerting::Measure> measure,
      std::size_t documents)
      : analyzer_(std::move(analyzer)),
        pipeline_(std::move(measure)),
        tenth_(std::max<std::size_t>(1, documents / 10)) {}

  void take(Document document) {
    now_ = std::max(now_, document.published_at.value_or(now_));
    document.fetched_at = now_;
    batch_.push_back({std::move(document), {}});
    if (batch_.size() == 1000) flush();
  }
  void end() {
    flush();
    std::printf(
        "all %zu: %.0f a second, %.1f us each; %zu copies, %zu stories begun, %zu changes of warnings\n",
        taken_, static_cast<double>(taken_) / seconds_, seconds_ / static_cast<double>(taken_) * 1e6, copies_,
        begun_, changes_);
  }

 private:
  struct Read {
    Document document;
    Analysis analysis;
  };
  void flush() {
    for (Read& each : batch_) each.analysis = analyzer_->analyze(each.document);
    const double begin = cpu_seconds();
    for (const Read& each : batch_) {
      const Time now = each.document.fetched_at;
      if (tick_ == Time{}) tick_ = std::chrono::ceil<std::chrono::hours>(now + Seconds{1});
      for (; tick_ <= now; tick_ += std::chrono::hours{1}) changes_ += pipeline_.tick(tick_).size();
      const auto outcome = pipeline_.take(each.document, each.analysis, now);
      pipeline_.warner().take_counts();
      changes_ += outcome.raised.size();
      copies_ += !outcome.placement.copy_of.empty();
      begun_ += outcome.placement.created;
    }
    const double spent = cpu_seconds() - begin;
    seconds_ += spent;
    of_tenth_ += spent;
    const std::size_t before = taken_ / tenth_;
    taken_ += batch_.size();
    in_tenth_ += batch_.size();
    batch_.clear();
    if (taken_ / tenth_ == before) return;
    std::printf("%9zu documents, %s: %.0f a second, %zu stories awake\n", taken_, china_date(now_).c_str(),
                static_cast<double>(in_tenth_) / of_tenth_, pipeline_.grouper().active());
    std::fflush(stdout);
    of_tenth_ = 0;
    in_tenth_ = 0;
  }

  std::shared_ptr<const analyzer::Analyzer> analyzer_;
  service::Pipeline pipeline_;
  std::vector<Read> batch_;
  Time now_{}, tick_{};
  std::size_t tenth_, taken_ = 0, in_tenth_ = 0, copies_ = 0, begun_ = 0, changes_ = 0;
  double seconds_ = 0, of_tenth_ = 0;
};

void each_line(const char* path, const std::function<bool(const std::string&)>& visit) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);)
    if (!visit(line)) return;
}

void run_history(const char* path, Run& run, std::size_t documents) {
  std::size_t number = 0;
  each_line(path, [&](const std::string& line) {
    const auto object = boost::json::parse(line).as_object();
    const auto text = [&](const char* key) -> std::string {
      const auto* value = object.if_contains(key);
      return value ? std::string(value->as_string()) : std::string();
    };
    Document document;
    document.title = text("title");
    document.body = text("text");
    document.source = text("source");
    document.medium = text("kind");
    document.published_at = parse_time(text("published_at"));
    document.published_to_the_minute = true;
    document.published_by = DateOrigin::feed;
    document.id = document_id(std::to_string(number));
    run.take(std::move(document));
    return ++number < documents;
  });
}

const char* const matters[] = {
    "{}食堂被家长反映饭菜有异味，多名学生午餐后腹痛呕吐，疑似食物中毒，区市场监管部门已经封存留样。",
    "网传{}一名教师体罚学生，家长发帖要求学校道歉并严肃处理涉事教师，校方称正在调查核实。",
    "{}多名家长到校门口反映课后服务违规收费，质疑强制购买教辅，希望教育局给出说法。",
    "有家长投诉{}附近校外培训机构关门跑路，退费无门，已有上百名家长登记维权。",
    "{}门口早晚高峰拥堵严重，家长担心学生安全，呼吁交警和学校增设护学岗。",
    "{}举行秋季田径运动会，全校师生参加入场式，多名学生刷新校纪录。"};

std::u32string characters(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) out.push_back(next_char(text, at));
  return out;
}

class Articles {
 public:
  explicit Articles(const char* path) {
    each_line(path, [&](const std::string& line) {
      std::u32string paragraph = characters(line);
      std::erase(paragraph, U' ');
      if (paragraph.size() >= 20) paragraphs_.push_back(std::move(paragraph));
      return true;
    });
  }
  bool empty() const { return paragraphs_.empty(); }

  Document next(std::size_t number) {
    Document document;
    const std::size_t day = 300'000, last = std::min(number, kept);
    std::u32string text = last > 100 && random_() % 5 == 0 ? repeated(bodies_[random_() % last]) : fresh();
    document.title = to_utf8(text.substr(0, 18));
    document.body = to_utf8(text);
    if (bodies_.size() < kept)
      bodies_.push_back(std::move(text));
    else
      bodies_[number % kept] = std::move(text);
    document.id = document_id(std::to_string(number));
    document.source = "s" + std::to_string(random_() % 300);
    document.medium = random_() % 3 ? "news" : "forum";
    document.published_at =
        Time{Seconds{1'776'300'000}} + Seconds{static_cast<long>(number) * 86'400 / static_cast<long>(day)};
    document.published_to_the_minute = true;
    document.published_by = DateOrigin::meta;
    return document;
  }

 private:
  static constexpr std::size_t kept = 20'000;  // articles that may be repeated

  std::u32string fresh() {
    std::u32string text;
    if (random_() % 10 < 3) {
      std::u32string matter = characters(matters[random_() % std::size(matters)]);
      const char32_t* schools[] = {U"小学", U"中学", U"实验小学", U"幼儿园"};
      const std::u32string school = U"第" + std::u32string(1, U"一二三四五六七八九十"[random_() % 10]) +
                                    std::u32string(1, U"东南西北中"[random_() % 5]);
      text = matter.replace(matter.find(U"{}"), 2, school + schools[random_() % std::size(schools)]) + U'\n';
    }
    const std::size_t size = 800 + random_() % 600;
    while (text.size() < size)
      text += paragraphs_[random_() % paragraphs_.size()].substr(0, 1500 - text.size()) + U'\n';
    return text;
  }
  std::u32string repeated(std::u32string text) {
    for (char32_t& c : text)
      if (random_() % 20 == 0 && c != U'\n') c = U'一' + random_() % 5000;
    return text;
  }

  std::vector<std::u32string> paragraphs_, bodies_;
  std::mt19937 random_{1};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "stories_bench HISTORY.jsonl|TEXT [DOCUMENTS]\n"), 2;
  const auto analyzer = service::load_analyzer({});
  const auto measure = service::load_measure("");
  if (!analyzer || !measure) return std::fprintf(stderr, "the shipped rules do not load\n"), 1;
  const bool history = std::string_view(argv[1]).ends_with(".jsonl");
  const std::size_t documents = argc > 2 ? std::stoul(argv[2]) : history ? 341'430 : 60'000;
  Run run(*analyzer, *measure, documents);
  if (history) {
    run_history(argv[1], run, documents);
  } else {
    Articles articles(argv[1]);
    if (articles.empty()) return std::fprintf(stderr, "no paragraphs in %s\n", argv[1]), 2;
    for (std::size_t number = 0; number < documents; ++number) run.take(articles.next(number));
  }
  run.end();
}
