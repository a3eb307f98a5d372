// train and classify: models out of labelled text, and what they say of other text.
#include <boost/json.hpp>

#include "analyzer/classify.h"
#include "analyzer/train.h"
#include "core/json.h"
#include "core/utf8.h"
#include "service/cli/corrections.h"
#include "service/cli/setup.h"
#include "service/files.h"
#include "service/resources.h"

namespace tingchao::service {
namespace {

constexpr std::size_t input_bytes_max = 512u << 20;

Result<std::string> read(const std::string& file) {
  return file == "-" ? read_stdin(input_bytes_max) : read_file(file, input_bytes_max);
}

Result<analyzer::Classifier> classifier_of(const ClassifyOptions& options) {
  analyzer::NamedText model;
  if (options.model.empty()) {
    model.name = "models/" + options.head + ".model";
    const auto shipped = resource(model.name);
    if (!shipped)
      return Error{Errc::not_found, "no model of the head " + options.head + " is shipped", "--model FILE"};
    model.text = *shipped;
  } else {
    auto bytes = read_file(options.model, input_bytes_max);
    if (!bytes) return bytes.error();
    model = {options.model, std::move(*bytes)};
  }
  auto classifier = analyzer::Classifier::parse(model);
  if (!classifier) return classifier.error();
  if (classifier->head() != options.head)
    return Error{Errc::bad_config,
                 model.name + " is a model of the head " + classifier->head() + ", not " + options.head,
                 "--head " + classifier->head()};
  return classifier;
}

std::string shown(const analyzer::Verdict& judgement, std::string_view line, bool json) {
  if (!json) return judgement.label + "\t" + std::to_string(judgement.probability);
  boost::json::array because;
  for (const Span& span : judgement.because)
    because.push_back(boost::json::string(line.substr(span.begin, span.end - span.begin)));
  return to_line(boost::json::object{
      {"label", judgement.label}, {"probability", judgement.probability}, {"because", std::move(because)}});
}

}  // namespace

int run_train(const TrainOptions& options, const Console& console) {
  auto labels = options.labels.empty() ? shipped_labels(options.head) : read(options.labels);
  if (!labels) return console.error(labels.error());
  if (options.corrections) {
    if (options.head != "relevance")
      return console.error({Errc::bad_argument, "--corrections with the head " + options.head,
                            "what people say when they close a warning tells of relevance alone"});
    const auto config = choose_config(options.config);
    if (!config) return console.error(config.error());
    const auto found = corrections_of(*config);
    if (!found) return console.error(found.error());
    if (!labels->empty() && !labels->ends_with('\n')) *labels += '\n';
    *labels += found->lines;
    console.note("closed warnings: " + std::to_string(found->warnings) + "; documents: " +
                 std::to_string(found->ones) + " relevant, " + std::to_string(found->zeros) + " not");
  }
  auto trained = analyzer::train(
      options.head, {options.labels.empty() ? "shipped labels" : options.labels, std::move(*labels)},
      {.prune = options.prune, .triples_min = options.triples_min});
  if (!trained) return console.error(trained.error());
  if (auto written = write_file(options.out, trained->bytes); !written) return console.error(written.error());
  if (console.json()) {
    boost::json::object object{
        {"head", options.head}, {"out", options.out}, {"bytes", trained->bytes.size()}};
    for (const auto& [what, value] : trained->facts) object[what] = value;
    console.line(to_line(object));
    return done;
  }
  for (const auto& [what, value] : trained->facts) console.note(what + ": " + value);
  console.line(options.out + "  " + std::to_string(trained->bytes.size()) + " bytes");
  return done;
}

int run_classify(const ClassifyOptions& options, const Console& console) {
  auto classifier = classifier_of(options);
  if (!classifier) return console.error(classifier.error());
  auto bytes = read(options.file);
  if (!bytes) return console.error(bytes.error());
  const std::string text = to_valid_utf8(*bytes);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at = end + 1;
    const auto judgement = classifier->judge(line, console.json() ? 3 : 0);
    out += shown(judgement, line, console.json());
    if (out.size() < (1u << 16) && at < text.size()) {
      out += '\n';
      continue;
    }
    console.line(out);
    out.clear();
  }
  return done;
}

}  // namespace tingchao::service
