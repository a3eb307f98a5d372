// Folding is per code point from a table built on first use; ICU is asked only for characters outside
// the table. Tokens are written as UTF-8 with the byte range of the stored text that they came from.
#include "store/sqlite/tokenizer.h"

#include <sqlite3.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>

#include <memory>

#include "core/utf8.h"

namespace tingchao::store {
namespace {

constexpr char32_t table_begin = 0x3400, table_end = 0xA000;  // extension A and the URO

// Traditional to simplified for each character of the table.
class Simplified {
 public:
  Simplified() : table_(table_end - table_begin) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> convert(
        icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
    for (char32_t c = table_begin; c < table_end; ++c) {
      table_[c - table_begin] = c;
      if (U_FAILURE(status)) continue;
      icu::UnicodeString text(static_cast<UChar32>(c));
      convert->transliterate(text);
      if (text.countChar32() == 1) table_[c - table_begin] = static_cast<char32_t>(text.char32At(0));
    }
  }
  char32_t operator()(char32_t c) const {
    return c >= table_begin && c < table_end ? table_[c - table_begin] : c;
  }

 private:
  std::vector<char32_t> table_;
};

const Simplified& simplified() {
  static const Simplified table;
  return table;
}

// Appends the folded characters of `c`.
void fold(char32_t c, std::u32string& out) {
  if (c < 0x80) {
    out += c >= 'A' && c <= 'Z' ? c + 32 : c;
    return;
  }
  if (c >= table_begin && c < table_end) {
    out += simplified()(c);
    return;
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::UnicodeString folded = nfkc->normalize(icu::UnicodeString(static_cast<UChar32>(c)), status);
  for (int i = 0; i < folded.length(); i = folded.moveIndex32(i, 1))
    out += simplified()(static_cast<char32_t>(folded.char32At(i)));
}

struct Char {
  char32_t c;
  int begin, end;  // bytes of the stored text
};

std::vector<Char> folded_chars(std::string_view text) {
  std::vector<Char> chars;
  chars.reserve(text.size() / 2);
  std::u32string folded;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = static_cast<int>(at);
    const char32_t c = next_char(text, at);
    folded.clear();
    fold(c, folded);
    for (const char32_t f : folded) chars.push_back({f, begin, static_cast<int>(at)});
  }
  return chars;
}

bool is_word_char(char32_t c) { return !is_han(c) && u_isalnum(static_cast<UChar32>(c)) != 0; }

using TokenSink = int (*)(void*, int, const char*, int, int, int);

int emit(void* context, TokenSink sink, const std::vector<Char>& chars, std::size_t from, std::size_t to) {
  thread_local std::string token;  // room that is kept from one to the next
  token.clear();
  for (std::size_t i = from; i < to; ++i) append_char(token, chars[i].c);
  return sink(context, 0, token.data(), static_cast<int>(token.size()), chars[from].begin, chars[to - 1].end);
}

int tokenize(Fts5Tokenizer*, void* context, int flags, const char* text, int size, TokenSink sink) {
  const bool is_query = (flags & FTS5_TOKENIZE_QUERY) != 0;
  const std::vector<Char> chars = folded_chars({text, static_cast<std::size_t>(size)});
  int code = SQLITE_OK;
  for (std::size_t i = 0; i < chars.size() && code == SQLITE_OK;) {
    std::size_t end = i;
    if (is_han(chars[i].c)) {
      while (end < chars.size() && is_han(chars[end].c)) ++end;
      for (std::size_t k = i; k + 1 < end && code == SQLITE_OK; ++k)
        code = emit(context, sink, chars, k, k + 2);
      if (code == SQLITE_OK && (!is_query || end == i + 1)) code = emit(context, sink, chars, end - 1, end);
      i = end;
    } else if (is_word_char(chars[i].c)) {
      while (end < chars.size() && is_word_char(chars[end].c)) ++end;
      code = emit(context, sink, chars, i, end);
      i = end;
    } else {
      ++i;
    }
  }
  return code;
}

int create(void*, const char**, int, Fts5Tokenizer** out) {
  static int nothing = 0;  // the tokenizer has no state; FTS5 wants an address
  *out = reinterpret_cast<Fts5Tokenizer*>(&nothing);
  return SQLITE_OK;
}
void destroy(Fts5Tokenizer*) {}

// The Han runs of a folded literal as phrases joined by AND; empty when there is none.
std::string phrases_of(const std::string& literal) {
  std::string all, run;
  int run_chars = 0;
  const auto close = [&] {
    if (run.empty()) return;
    all += (all.empty() ? "" : " AND ") + ("\"" + run + "\"") + (run_chars == 1 ? "*" : "");
    run.clear();
    run_chars = 0;
  };
  for (const Char& c : folded_chars(literal)) {
    if (is_han(c.c)) {
      append_char(run, c.c);
      ++run_chars;
    } else {
      close();
    }
  }
  close();
  return all;
}

}  // namespace

Result<void> register_tokenizer(sqlite3* db) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  if (!api) return Error{Errc::store, "this SQLite has no FTS5", "install Debian's libsqlite3-0"};
  fts5_tokenizer tokenizer{create, destroy, tokenize};
  code = api->xCreateTokenizer(api, "cjk_bigram", nullptr, &tokenizer, nullptr);
  if (code != SQLITE_OK) return Error{Errc::store, "registering the tokenizer failed", ""};
  return {};
}

std::string match_expression(const std::vector<std::vector<std::string>>& needles) {
  std::string expression;
  for (const auto& any_of : needles) {
    std::string alternatives;
    bool narrows = !any_of.empty();
    for (const std::string& literal : any_of) {
      const std::string phrases = phrases_of(literal);
      if (phrases.empty()) {
        narrows = false;  // Latin words may stand inside longer ones, which the index cannot find
        break;
      }
      alternatives += (alternatives.empty() ? "(" : " OR (") + phrases + ")";
    }
    if (narrows) expression += (expression.empty() ? "(" : " AND (") + alternatives + ")";
  }
  return expression;
}

}  // namespace tingchao::store
