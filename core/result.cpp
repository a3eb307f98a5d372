// Words for codes, and the one way in which a broken invariant ends the process.
#include "core/result.h"

#include <cstdio>
#include <cstdlib>

namespace tingchao {

const char* name(Errc code) {
  switch (code) {
    case Errc::bad_argument:
      return "bad_argument";
    case Errc::bad_config:
      return "bad_config";
    case Errc::bad_rule:
      return "bad_rule";
    case Errc::bad_encoding:
      return "bad_encoding";
    case Errc::bad_markup:
      return "bad_markup";
    case Errc::not_found:
      return "not_found";
    case Errc::denied:
      return "denied";
    case Errc::timeout:
      return "timeout";
    case Errc::refused:
      return "refused";
    case Errc::http_status:
      return "http_status";
    case Errc::too_large:
      return "too_large";
    case Errc::conflict:
      return "conflict";
    case Errc::io:
      return "io";
    case Errc::store:
      return "store";
    case Errc::rejected:
      return "rejected";
  }
  return "unknown";
}

std::string describe(const Error& error) {
  return error.mend.empty() ? error.detail : error.detail + " (" + error.mend + ")";
}

void fail_invariant(const char* what, const char* file, int line) {
  std::fprintf(stderr, "tingchao: broken invariant: %s at %s:%d\n", what, file, line);
  std::abort();
}

}  // namespace tingchao
