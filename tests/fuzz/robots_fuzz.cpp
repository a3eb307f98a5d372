// robots.txt: whatever the file (before the first NUL) and the target (after it), an answer; a no
// always names its line, and what is forbidden stays so when our own name is written another way.

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "core/utf8.h"
#include "crawler/fetch/robots.h"

using namespace tingchao;
using namespace tingchao::crawler;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view file = bytes.substr(0, bytes.find('\0'));
  const std::string_view target = file.size() == size ? std::string_view("/") : bytes.substr(file.size() + 1);
  const Robots robots = Robots::parse(file, "TingchaoBot");
  const auto verdict = robots.check(target);
  TINGCHAO_ASSERT(verdict.allowed || !verdict.rule.empty());
  TINGCHAO_ASSERT(is_utf8(verdict.rule));
  TINGCHAO_ASSERT(Robots::parse(file, "tINGCHAObOT").check(target).allowed == verdict.allowed);
  TINGCHAO_ASSERT(robots.check("/robots.txt").allowed);
  if (const auto delay = robots.crawl_delay()) TINGCHAO_ASSERT(delay->count() >= 0 && *delay <= crawl_delay_max);
  return 0;
}
