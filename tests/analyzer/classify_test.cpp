// Classifiers: learning, probabilities, reasons, and models that are broken.
#include <catch2/catch.hpp>

#include <random>
#include <string>

#include "analyzer/classify.h"
#include "analyzer/classify/judges.h"
#include "analyzer/text/prepared.h"
#include "analyzer/train.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

// Two labels told apart by a word each, in sentences that differ.
std::string labelled() {
  const std::string subjects[] = {"学校", "老师", "食堂", "操场", "班里", "门卫", "校车", "宿舍"};
  const std::string good[] = {"很负责", "值得表扬", "服务周到", "让人放心"},
                    bad[] = {"乱收费", "态度恶劣", "一直没人管", "太差劲"};
  std::string out = "# made up\n";
  for (const std::string& subject : subjects)
    for (int i = 0; i < 4; ++i) out += "好\t" + subject + good[i] + "\n差\t" + subject + bad[i] + "\n";
  return out;
}

Classifier trained() {
  const auto model = train("mood", {"labels.tsv", labelled()});
  REQUIRE(model);
  auto classifier = Classifier::parse({"mood.model", model->bytes});
  REQUIRE(classifier);
  return std::move(*classifier);
}

}  // namespace

TEST_CASE("a classifier learns, is sure in measure, and says why", "[classify]") {
  const Classifier classifier = trained();
  CHECK(classifier.head() == "mood");
  const std::string text = "图书馆乱收费，家长不满";
  const Verdict judgement = classifier.judge(text);
  CHECK(judgement.label == "差");
  CHECK(judgement.probability > 0.5);
  CHECK(judgement.probability < 1);
  REQUIRE_FALSE(judgement.because.empty());
  const Span why = judgement.because.front();
  CHECK(text.substr(why.begin, why.end - why.begin).find("收费") != std::string::npos);
  CHECK(classifier.judge("图书馆服务周到").label == "好");
}

TEST_CASE("any text gets an answer whose reasons are stretches of it", "[classify]") {
  const Classifier classifier = trained();
  const std::string pieces[] = {"学校", "乱",   "收费", " ",      "\n",          "！",
                                "A１",  "繁體", "😀",   "很负责", "\xE3\x80\x80"};
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t i = random() % 30; i > 0; --i) text += pieces[random() % std::size(pieces)];
    const Verdict judgement = classifier.judge(text);
    REQUIRE((judgement.probability >= 0.5 && judgement.probability <= 1));
    for (const Span& span : judgement.because) REQUIRE((span.begin < span.end && span.end <= text.size()));
  }
}

TEST_CASE("the same labels give the same model", "[classify][train]") {
  CHECK(train("mood", {"l", labelled()})->bytes == train("mood", {"l", labelled()})->bytes);
}

TEST_CASE("n-grams of three characters that one text alone has can be left unlearnt", "[classify][train]") {
  // 甲乙丙 stands in two texts, 子丑寅 in one; neither its characters nor its pairs are left out.
  const std::string labels = "1\t甲乙丙一\n1\t甲乙丙二\n0\t子丑寅三\n0\t四五六七\n";
  const auto triples_of = [&](std::size_t triples_min, const char* text) {
    const auto trained = train("mood", {"l", labels}, {.triples_min = triples_min});
    REQUIRE(trained);
    const auto model = TextModel::parse(trained->bytes, "m");
    REQUIRE(model);
    std::size_t triples = 0;
    for (const TextModel::Gram& gram : model->grams(fold(text).folded)) triples += gram.length == 3;
    return triples;
  };
  CHECK(triples_of(1, "甲乙丙") == 1);
  CHECK(triples_of(2, "甲乙丙") == 1);
  CHECK(triples_of(3, "甲乙丙") == 0);
  CHECK(triples_of(1, "子丑寅") == 1);
  CHECK(triples_of(2, "子丑寅") == 0);
  const auto without = train("mood", {"l", labels}, {.triples_min = 2});
  const auto model = TextModel::parse(without->bytes, "m");
  CHECK(model->grams(fold("子丑寅").folded).size() == 6);  // 子 丑 寅 子丑 丑寅, and 子 behind the begin
}

TEST_CASE("labels that are none are refused with their line", "[classify][train]") {
  CHECK(train("mood", {"l.tsv", "好\t一\n二\n"}).error().detail == "l.tsv:2: no tab");
  CHECK(train("mood", {"l.tsv", "好\t一\n\t二\n"}).error().detail == "l.tsv:2: no label");
  CHECK(train("mood", {"l.tsv", "好\t一\n好\t二\n"}).error().detail == "l.tsv: 1 label(s)");
  CHECK(train("mood", {"l.tsv", "好\t一\n差\t\xff\n"}).error().detail == "l.tsv:2: not UTF-8");
  CHECK_FALSE(train(" ", {"l.tsv", labelled()}));
}

TEST_CASE("a broken model says where", "[classify][train]") {
  const auto model = train("mood", {"l", labelled()});
  REQUIRE(model);
  std::mt19937 random(5);
  for (int i = 0; i < 400; ++i) {
    std::string broken = model->bytes;
    if (i % 2 == 0)
      broken.resize(random() % broken.size());
    else
      broken[random() % broken.size()] ^= static_cast<char>(1 + random() % 255);
    const auto parsed = Classifier::parse({"m.model", broken});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().detail.find("m.model: byte ") == 0);
  }
}

TEST_CASE("all heads judge the same n-grams; the others are asked of relevant texts alone", "[classify]") {
  const auto model = [](const char* head, const char* yes, const char* no) {
    std::string labels;
    for (const char* who : {"学校", "老师", "食堂", "操场", "班里", "门卫", "校车", "宿舍"})
      for (const char* what : {"乱收费", "态度差", "没人管"})
        labels += std::string(yes) + "\t" + who + what + "\n" + no + "\t楼下" + what + "的超市\n";
    const auto trained = train(head, {"labels.tsv", labels});
    REQUIRE(trained);
    return NamedText{std::string(head) + ".model", trained->bytes};
  };
  const NamedText topic = model("topic", "收费", "别的"), relevance = model("relevance", "1", "0");
  const auto judges = Judges::build({topic, relevance});
  REQUIRE(judges);
  auto numbered = Judges::build({topic, relevance});
  REQUIRE(numbered);
  NumberedSet known(gram_buckets);
  numbered->add_to(known);
  numbered->renumber(known);
  const auto judge = [&](const char* title, const char* body) {
    const auto all = judges->judge(lead_of(fold(title).folded, fold(body).folded));
    // N-grams that no model knows change nothing.
    const auto kept = numbered->judge(lead_of(fold(title).folded, fold(body).folded, &known));
    REQUIRE(kept.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(kept[i].label == all[i].label);
      CHECK(kept[i].probability == all[i].probability);
      CHECK(kept[i].because == all[i].because);
    }
    return all;
  };
  const auto ours = judge("食堂乱收费", "");
  REQUIRE(ours.size() == 2);
  CHECK(ours[0].head == "relevance");
  CHECK(ours[0].label == "1");
  CHECK(ours[0].probability > 0.5);
  CHECK(!ours[0].because.empty());
  CHECK(ours[1].head == "topic");
  CHECK(ours[1].label == "收费");
  const auto other = judge("", "楼下乱收费的超市");
  REQUIRE(other.size() == 1);
  CHECK(other[0].label == "0");
  CHECK(judge("", "").empty());
  CHECK(!Judges::build({topic, topic}));
  CHECK(!Judges::build({{"broken.model", "none"}}));
}
