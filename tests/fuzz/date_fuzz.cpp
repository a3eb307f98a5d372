// Dates in running text, as a value and in an address: readings lie within the text, in order, on
// character borders, and never more than a day after the page was fetched.

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "core/utf8.h"
#include "crawler/extract/date_text.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

constexpr Time now{Seconds(1'776'300'000)};
constexpr Seconds day{86'400};

bool on_border(std::string_view text, std::size_t byte) {
  return byte == text.size() ||
         (byte < text.size() && (static_cast<std::uint8_t>(text[byte]) & 0xC0) != 0x80);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = to_valid_utf8({reinterpret_cast<const char*>(data), size});
  std::size_t end = 0;
  for (const DateReading& reading : dates_in(text, now)) {
    TINGCHAO_ASSERT(reading.begin >= end && reading.end > reading.begin && reading.end <= text.size());
    TINGCHAO_ASSERT(on_border(text, reading.begin) && on_border(text, reading.end));
    TINGCHAO_ASSERT(reading.at <= now + day);
    end = reading.end;
  }
  if (const auto reading = read_date(text, now)) TINGCHAO_ASSERT(reading->at <= now + day);
  if (const auto reading = date_in_url(text, now)) TINGCHAO_ASSERT(reading->at <= now + day);
  static_cast<void>(dates_in(text, Time{}));
  return 0;
}
