#pragma once
// An Analysis is what the analyzer saw in a Document: words, rule matches with the very bytes that
// matched, topics, stance, places and schools, and the fingerprint that tells copies.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao {

enum class Field { title, body };
const char* name(Field field);

// Bytes [begin, end) of the stored field, always on character borders.
struct Span {
  std::uint32_t begin = 0, end = 0;
  bool operator==(const Span&) const = default;
};

// One place where a term of a rule stands in the text.
struct Hit {
  Field field = Field::body;
  Span span;
  Span sentence;       // the sentence around it
  std::string term;    // as the rule writes it
  std::string folding; // how the text was read to match ("繁→简", "全角→半角"); empty: as written
};

// How grave a rule says its matter is: A death, assault, mass poisoning … D of interest.
enum class Severity : char { a = 'A', b = 'B', c = 'C', d = 'D' };

struct RuleMatch {
  std::string rule;     // id
  std::string name;     // Chinese, for people
  std::string topic;    // path in the taxonomy: 校园安全/食品安全
  Severity severity = Severity::d;
  std::string version;  // of the pack: its declared version and a hash of its text
  std::vector<Hit> hits;
};

// A word of the text, for tests, `segment --offsets` and grouping.
struct Token {
  Field field = Field::body;
  Span span;
};

enum class EntityKind { place, school, organisation };
const char* name(EntityKind kind);

struct Entity {
  EntityKind kind = EntityKind::place;
  std::string id;       // roster or division code; for a school outside the roster its own name
  std::string name;     // canonical
  Field field = Field::body;
  Span span;
  double confidence = 1.0;
  bool ours = false;    // of the bureau's region or roster
};

enum class StanceLabel { negative, neutral, positive };
const char* name(StanceLabel label);

struct StanceReason {
  std::string text;  // the words, negation included
  double points = 0;
  Field field = Field::body;
  Span span;
};

struct Stance {
  double score = 0;  // −1 … 1
  StanceLabel label = StanceLabel::neutral;
  bool demands = false;  // asks somebody to act: 请 … 处理, 希望 … 重视
  std::vector<StanceReason> reasons;  // strongest first, at most five
};

// Marks that damp: what the text says about its own facts.
struct Context {
  bool negated = false, refuted = false, drill = false, fiction = false, past = false;
};

// A term's weight in the document for grouping: words and anchors (schools, places, number + unit),
// at most analysis_terms_max, heaviest first.
struct TermWeight {
  std::string term;
  float weight = 0;
  bool anchor = false;
};
inline constexpr std::size_t analysis_terms_max = 48;

// Exact hash of the normalised text, and the one-permutation MinHash of its character bigrams.
// Jaccard ≈ equal slots / slots (Li, Owen, Zhang 2012). Empty minhash: too short to compare.
struct Fingerprint {
  std::uint64_t exact = 0;
  std::vector<std::uint32_t> minhash;  // 0 or 128 slots
};

// What a learnt model says to its question (head): relevance, topic, severity. It decides nothing; it shows
// people what the rules may have missed.
struct Judgement {
  std::string head, label;
  double probability = 0;            // 0…1, calibrated on held-out texts
  std::vector<std::string> because;  // the stretches of folded text that speak most for it, best first
};

// What the head said; nullptr when it was not asked.
const Judgement* judgement_of(const std::vector<Judgement>& judgements, std::string_view head);

struct Analysis {
  std::string document;              // Document::id
  std::vector<RuleMatch> matches;    // gravest first, then by rule id
  std::vector<std::string> topics;   // distinct, in order of the matches
  bool education = false;            // speaks of basic education at all: the stream 基础教育
  Stance stance;
  std::vector<Entity> entities;
  bool ours = true;    // names a place or school of ours, or none at all and the source is ours;
                       // always true when no region is configured
  Context context;     // of the sentences with hits
  std::vector<TermWeight> terms;
  Fingerprint fingerprint;
  // Relevance first; the others of relevant texts alone. They decide nothing; people see what rules may miss.
  std::vector<Judgement> judgements;
  std::string rules_version;
};

}  // namespace tingchao
