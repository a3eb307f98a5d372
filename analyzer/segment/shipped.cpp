#include "analyzer/segment/shipped.h"

extern "C" {
extern const char tingchao_words[], tingchao_words_end[], tingchao_borders[], tingchao_borders_end[];
}

namespace tingchao::analyzer {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view shipped_words() { return between(tingchao_words, tingchao_words_end); }
std::string_view shipped_borders() { return between(tingchao_borders, tingchao_borders_end); }

}  // namespace tingchao::analyzer
