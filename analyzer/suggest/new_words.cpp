// Two passes: the first finds strings that hold together in the recent documents, the second looks at every place
// of them in all documents. A place with the same letters around it is told once, so that reposts do not count.
#include "analyzer/new_words.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_set>

#include "analyzer/rules/rule_set.h"
#include "analyzer/segment/segmenter.h"
#include "analyzer/suggest/person_names.h"
#include "analyzer/suggest/phrases.h"
#include "analyzer/text/literals.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t candidates_max = 10'000;
constexpr std::size_t places_told_apart_max = 512;  // of a candidate; later ones count all the same
constexpr std::size_t around = 5;                   // letters on each side that tell places apart
constexpr double whole_words_min = 0.5;             // of the places: both ends are borders of words
constexpr double called_person_max = 0.15;          // of the places
constexpr double part_of_longer = 0.6;              // of the documents: the longer word says it all
constexpr std::size_t quotes_max = 2, topics_max = 3;
// Hardly any word that a list lacks begins or ends with these.
constexpr std::u32string_view no_edges = U"的了是在和与就也都这那我你他她它们着过被把吗呢吧啊很又还";

struct Tally {
  long documents = 0, before = 0, places = 0, whole = 0, persons = 0, alone[2] = {};
  std::map<char32_t, long> beside[2];  // before and behind; what stands alone at an edge is apart
  std::unordered_set<std::uint64_t> seen;
  std::set<std::uint64_t> sources;
  std::map<std::string, long> topics;
  std::vector<NewWord::Quote> quotes;
  bool in_document = false;
};

double entropy(const std::map<char32_t, long>& beside, long alone) {
  double total = double(alone), bits = 0;
  for (const auto& [c, count] : beside) total += double(count);
  if (total == 0) return 0;
  for (const auto& [c, count] : beside) bits -= double(count) / total * std::log2(double(count) / total);
  return bits + double(alone) / total * std::log2(total);  // every edge is a neighbour of its own
}

// Twice the log-likelihood ratio of `a` of `of_a` against `b` of `of_b`.
double likelihood_ratio(double a, double of_a, double b, double of_b) {
  const double share = (a + b) / (of_a + of_b);
  const auto part = [](double seen, double expected) { return seen > 0 ? seen * std::log(seen / expected) : 0; };
  return 2 * (part(a, share * of_a) + part(b, share * of_b));
}

bool is_letter(char32_t c) { return is_han(c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }

}  // namespace

struct NewWords::Impl {
  const Segmenter& segmenter;
  const RuleSet* rules;
  NewWordLimits limits;
  PhraseCounts counts;
  std::vector<Phrase> candidates;
  Literals matcher;
  std::vector<Tally> tallies;
  long documents[2] = {};  // before, recent
  long withheld = 0;

  bool knows(std::u32string_view word) const { return segmenter.knows(word); }

  void choose() {
    candidates = counts.frequent(std::uint32_t(limits.documents_min), limits.cohesion_min, candidates_max);
    std::erase_if(candidates, [&](const Phrase& phrase) {
      if (rules && rules->matcher.find(phrase.text) >= 0) return true;
      return !knows(phrase.text) && (no_edges.find(phrase.text.front()) != no_edges.npos ||
                                     no_edges.find(phrase.text.back()) != no_edges.npos);
    });
    std::vector<std::u32string> keys;
    for (const Phrase& phrase : candidates) keys.push_back(phrase.text);
    matcher = Literals(keys);
    tallies.resize(candidates.size());
    counts = PhraseCounts(limits.chars_max);
  }

  void look(const TextView& view, const std::vector<Span>& entities, const Document& document, bool recent,
            std::vector<std::uint32_t>& found) {
    matcher.scan(view.folded, [&](std::size_t begin, std::size_t end, std::int32_t number) {
      const Span bytes = view.bytes(begin, end);
      if (std::any_of(entities.begin(), entities.end(),
                      [&](const Span& one) { return bytes.begin < one.end && one.begin < bytes.end; }))
        return;
      Tally& tally = tallies[std::size_t(number)];
      const std::size_t from = begin - std::min(begin, around), until = std::min(view.folded.size(), end + around);
      const std::uint64_t place =
          hash64({reinterpret_cast<const char*>(view.folded.data() + from), (until - from) * sizeof(char32_t)});
      if (tally.seen.size() < places_told_apart_max && !tally.seen.insert(place).second) return;
      ++tally.places;
      tally.whole += view.border[begin] && view.border[end];
      tally.persons += is_called_person(view.folded, begin, end);
      const auto neighbour = [&](int side, bool inside, std::size_t at) {
        if (inside && is_letter(view.folded[at]))
          ++tally.beside[side][view.folded[at]];
        else
          ++tally.alone[side];
      };
      neighbour(0, begin > 0, begin - 1);
      neighbour(1, end < view.folded.size(), end);
      if (!tally.in_document) {
        tally.in_document = true;
        found.push_back(std::uint32_t(number));
      }
      if (recent) quote(tally, view, begin, bytes, document);
    });
  }

  void quote(Tally& tally, const TextView& view, std::size_t begin, Span word, const Document& document) const {
    const Span sentence = view.sentence_around(begin);
    if (sentence.begin > word.begin || sentence.end < word.end) return;
    if (tally.quotes.size() == quotes_max) tally.quotes.erase(tally.quotes.begin());
    tally.quotes.push_back({document.id, document.source_name.empty() ? document.source : document.source_name,
                            std::string(view.stored.substr(sentence.begin, sentence.end - sentence.begin)),
                            {word.begin - sentence.begin, word.end - sentence.begin},
                            effective_time(document)});
  }

  // Nothing when the candidate is not worth a person's look.
  std::optional<NewWord> judge(const Phrase& phrase, const Tally& tally) {
    if (tally.documents < limits.documents_min || long(tally.sources.size()) < limits.sources_min) return {};
    if (double(tally.whole) < whole_words_min * double(tally.places)) return {};
    const double freedom =
        std::min(entropy(tally.beside[0], tally.alone[0]), entropy(tally.beside[1], tally.alone[1]));
    if (freedom < limits.freedom_min) return {};
    const double recent = double(documents[1]), before = double(documents[0]);
    const double growth = before == 0 ? 0
                                      : (double(tally.documents) + 0.5) / (recent + 1) /
                                            ((double(tally.before) + 0.5) / (before + 1));
    if (before > 0 && growth < limits.growth_min) return {};
    const bool known = knows(phrase.text);
    // Without earlier days nothing tells what is said more; new words can be told all the same.
    if (before == 0 && known) return {};
    if (double(tally.persons) > called_person_max * double(tally.places) ||
        looks_like_name(phrase.text, [&](std::u32string_view word) { return knows(word); })) {
      ++withheld;
      return {};
    }
    NewWord out;
    out.word = to_utf8(phrase.text);
    out.known = known;
    out.documents = tally.documents;
    out.before = tally.before;
    out.sources = long(tally.sources.size());
    out.growth = growth;
    out.cohesion = phrase.cohesion;
    out.freedom = freedom;
    out.score = before == 0 ? double(tally.documents)
                            : likelihood_ratio(double(tally.documents), recent, double(tally.before), before);
    std::vector<std::pair<long, std::string>> topics;
    for (const auto& [topic, count] : tally.topics) topics.emplace_back(-count, topic);
    std::sort(topics.begin(), topics.end());
    for (std::size_t i = 0; i < std::min(topics.size(), topics_max); ++i) out.topics.push_back(topics[i].second);
    out.quotes = tally.quotes;
    return out;
  }
};

NewWords::NewWords(const Segmenter& segmenter, const RuleSet* rules, NewWordLimits limits)
    : impl_(new Impl{segmenter, rules, limits, PhraseCounts(limits.chars_max), {}, {}, {}}) {}
NewWords::NewWords(NewWords&&) noexcept = default;
NewWords::~NewWords() = default;

void NewWords::learn(const Document& document) {
  impl_->counts.add(fold(document.title).folded + U'\n' + fold(document.body).folded, hash64(document.id));
}

void NewWords::weigh(const Document& document, const Analysis& analysis, bool recent) {
  Impl& impl = *impl_;
  if (impl.tallies.empty() && impl.documents[0] + impl.documents[1] == 0) impl.choose();
  ++impl.documents[recent];
  std::vector<std::uint32_t> found;
  for (const Field field : {Field::title, Field::body}) {
    const std::string& text = field == Field::title ? document.title : document.body;
    if (text.empty()) continue;
    TextView view = fold(text);
    split(view);
    impl.segmenter.mark(view);
    std::vector<Span> entities;
    for (const Entity& entity : analysis.entities)
      if (entity.field == field) entities.push_back(entity.span);
    impl.look(view, entities, document, recent, found);
  }
  for (const std::uint32_t number : found) {
    Tally& tally = impl.tallies[number];
    tally.in_document = false;
    if (!recent) {
      ++tally.before;
      continue;
    }
    ++tally.documents;
    tally.sources.insert(hash64(document.source));
    for (const std::string& topic : analysis.topics) ++tally.topics[topic];
  }
}

std::vector<NewWord> NewWords::best(std::size_t count) {
  Impl& impl = *impl_;
  std::vector<NewWord> all;
  for (std::size_t i = 0; i < impl.candidates.size(); ++i)
    if (auto word = impl.judge(impl.candidates[i], impl.tallies[i])) all.push_back(std::move(*word));
  std::sort(all.begin(), all.end(), [](const NewWord& a, const NewWord& b) {
    return a.score != b.score ? a.score > b.score : a.word < b.word;
  });
  // Of a word and one that contains it, the longer one when it says nearly all of the shorter one's documents.
  std::vector<NewWord> out;
  for (const NewWord& word : all) {
    const auto contains = [](const NewWord& longer, const NewWord& shorter) {
      return longer.word.size() > shorter.word.size() && longer.word.find(shorter.word) != std::string::npos;
    };
    const bool swallowed = std::any_of(all.begin(), all.end(), [&](const NewWord& other) {
      if (contains(other, word)) return double(other.documents) >= part_of_longer * double(word.documents);
      return contains(word, other) && double(word.documents) < part_of_longer * double(other.documents);
    });
    if (!swallowed) out.push_back(word);
    if (out.size() == count) break;
  }
  return out;
}

long NewWords::withheld() const { return impl_->withheld; }
long NewWords::documents(bool recent) const { return impl_->documents[recent]; }

}  // namespace tingchao::analyzer
