// Places and schools: the bytes before the first NUL are a table, read as a roster or, when they begin with #, as
// one more gazetteer; the rest is a text, cut into words at random. Tables are refused or read; what is found lies
// in the stored text on borders of characters, in order, and of one kind never twice.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/entity/entities.h"
#include "analyzer/text/prepared.h"
#include "core/result.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

constexpr const char* gazetteer =
    "code\tlevel\tname\tshort\tparent\n330000\tprovince\t浙江省\t浙江\t\n330100\tcity\t杭州市\t杭州\t330000\n"
    "330106\tdistrict\t西湖区\t\t330100\n330109\tdistrict\t萧山区\t萧山\t330100\n210000\tprovince\t辽宁省\t辽宁\t\n"
    "210100\tcity\t沈阳市\t沈阳\t210000\n210102\tdistrict\t和平区\t?和平\t210100\n110107\tdistrict\t石景山区\t石景山\t\n";
constexpr const char* school_words =
    "role\twords\nstop\t某 这所 在 的 还有 旁\nkind\t民办 农村 附属\nshared\t实验 中心 师范\n";

bool on_border(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

void give_borders(TextView& view, std::uint32_t seed) {
  view.border.assign(view.folded.size() + 1, 1);
  for (std::size_t i = 1; i < view.folded.size(); ++i) {
    seed = seed * 1664525u + 1013904223u;
    view.border[i] = (seed >> 16) % 3 != 0;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 8'000));
  const std::size_t cut = std::min(input.find('\0'), input.size());
  const std::string table(input.substr(0, cut));
  std::vector<NamedText> gazetteers{{"divisions.tsv", gazetteer}, {"school-words.tsv", school_words}}, rosters;
  (table.starts_with('#') ? gazetteers : rosters).push_back({table.starts_with('#') ? "own.tsv" : "own.csv", table});
  auto finder = EntityFinder::build(gazetteers, rosters, size % 2 ? "浙江省杭州市西湖区" : "");
  if (!finder) {
    TINGCHAO_ASSERT(!finder.error().detail.empty());
    finder = EntityFinder::build({gazetteers[0], gazetteers[1]}, {}, "");
    TINGCHAO_ASSERT(finder);
  }

  Document document;
  document.body = to_valid_utf8(input.substr(std::min(cut + 1, input.size())));
  document.title = std::string(cut_chars(document.body, 20));
  Prepared prepared;
  prepared.document = &document;
  prepared.title = fold(document.title);
  prepared.body = fold(document.body);
  std::uint32_t seed = static_cast<std::uint32_t>(size);
  for (TextView* view : {&prepared.title, &prepared.body}) {
    split(*view);
    give_borders(*view, seed++);
  }
  (*finder)->find(prepared);
  const Entity* before = nullptr;
  for (const Entity& entity : prepared.entities) {
    const std::string& text = entity.field == Field::title ? document.title : document.body;
    TINGCHAO_ASSERT(entity.span.begin < entity.span.end && entity.span.end <= text.size());
    TINGCHAO_ASSERT(on_border(text, entity.span.begin) && on_border(text, entity.span.end));
    TINGCHAO_ASSERT(entity.confidence > 0 && entity.confidence <= 1);
    TINGCHAO_ASSERT(!before || before->field != Field::body || entity.field == Field::body);
    if (before && before->field == entity.field) {
      TINGCHAO_ASSERT(before->span.begin <= entity.span.begin);
      TINGCHAO_ASSERT(before->kind != entity.kind || before->span.end <= entity.span.begin);
    }
    before = &entity;
  }
  (void)(*finder)->is_ours(document, prepared.entities);
  return 0;
}
