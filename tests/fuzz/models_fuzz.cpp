// Models and labels as anybody might hand them in. The first byte chooses: s a segmenter's model, c a
// classifier's, t labelled texts to learn from, else cut sentences. Whatever is accepted works on a text and
// comes back from its bytes.

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/classify.h"
#include "analyzer/segment/border_model.h"
#include "analyzer/train.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

void border_model(std::string_view bytes) {
  const auto weights = BorderWeights::parse(bytes, "m");
  if (!weights) return;
  TINGCHAO_ASSERT(weights->to_bytes() == bytes);
  auto words = WordArray::open({});
  TINGCHAO_ASSERT(words);
  std::vector<std::uint8_t> border;
  BorderModel(*weights, std::move(*words)).mark(U"学校服务热线 12345 已开通", {}, border);
  TINGCHAO_ASSERT(border.size() == 17 && border.front() == 1 && border.back() == 1);
}

void classifier(std::string_view bytes) {
  const auto parsed = Classifier::parse({"m", std::string(bytes)});
  if (!parsed) return;
  const std::string text = "学校食堂的饭是凉的";
  for (const Span& span : parsed->judge(text).because)
    TINGCHAO_ASSERT(span.begin < span.end && span.end <= text.size());
}

void learn(std::string_view head, std::string_view text) {
  if (text.size() > 4096) return;
  const auto trained = train(head, {"l", std::string(text)});
  if (!trained) {
    TINGCHAO_ASSERT(trained.error().detail.starts_with("l:"));
    return;
  }
  head == "segment" ? border_model(trained->bytes) : classifier(trained->bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 's': border_model(bytes); break;
    case 'c': classifier(bytes); break;
    case 't': learn("mood", bytes); break;
    default: learn("segment", bytes);
  }
  return 0;
}
