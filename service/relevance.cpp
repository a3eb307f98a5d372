// Models learn from a title and a lead; what follows would only blur them.
#include "service/relevance.h"

#include "core/utf8.h"
#include "service/files.h"
#include "service/resources.h"

namespace tingchao::service {
namespace {

constexpr std::size_t lead_chars = 160, model_bytes_max = 256u << 20;
constexpr const char* head = "relevance";
constexpr const char* relevant = "1";

}  // namespace

Result<Relevance> Relevance::load(const Config& config) {
  analyzer::NamedText model{std::string("models/") + head + ".model", ""};
  if (const auto own = config.models.find(head); own != config.models.end()) {
    auto bytes = read_file(own->second, model_bytes_max);
    if (!bytes) return bytes.error();
    model = {own->second, std::move(*bytes)};
  } else {
    const auto shipped = resource(model.name);
    if (!shipped) return Error{Errc::not_found, model.name + " is not shipped", "models: {relevance: FILE}"};
    model.text = *shipped;
  }
  auto classifier = analyzer::Classifier::parse(model);
  if (!classifier) return classifier.error();
  return Relevance(std::move(*classifier));
}

double Relevance::of(const Document& document) const {
  std::string text = document.title + "\n" + document.body;
  text = std::string(cut_chars(to_valid_utf8(cut_bytes(text, 16 * lead_chars)), lead_chars));
  const analyzer::Verdict verdict = classifier_.judge(text, 0);
  return verdict.label == relevant ? verdict.probability : 1 - verdict.probability;
}

}  // namespace tingchao::service
