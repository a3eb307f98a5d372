// Files that an administrator writes: configuration, measure, roster and feed lists. Reading one never
// crashes; a mistake names the file. The first byte chooses: m measure, r roster, o OPML, else configuration.

#include <cstdint>
#include <string>
#include <string_view>

#include "alerting/warn.h"
#include "analyzer/entity/roster.h"
#include "core/utf8.h"
#include "service/config.h"
#include "service/opml.h"

using namespace tingchao;

namespace {

void configuration(std::string_view yaml) {
  const auto config = service::parse_config(yaml, "tingchao.yaml", "/nonexistent");
  if (!config) {
    TINGCHAO_ASSERT(config.error().detail.find("tingchao.yaml") != std::string::npos);
    return;
  }
  for (const Source& source : config->sources) {
    TINGCHAO_ASSERT(!source.id.empty() && !source.urls.empty());
    TINGCHAO_ASSERT(source.interval.count() > 0 && source.delay.count() >= 0);
  }
  // What was understood can be written down and is understood again.
  const std::string again = "sources:\n" + service::to_yaml(config->sources);
  if (config->sources.empty()) return;
  static_cast<void>(service::parse_config(again, "tingchao.yaml", "/nonexistent"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'm':
      static_cast<void>(alerting::parse_measure(bytes, "measure.yaml"));
      break;
    case 'r': {
      static const auto gazetteer = analyzer::Gazetteer::build({}, "");
      if (gazetteer)
        static_cast<void>(analyzer::Roster::build({{"roster.csv", std::string(bytes)}}, *gazetteer));
      break;
    }
    case 'o':
      if (const auto sources = service::from_opml(bytes))
        TINGCHAO_ASSERT(is_utf8(service::to_opml(*sources, "一")));
      break;
    default:
      configuration(bytes);
  }
  return 0;
}
