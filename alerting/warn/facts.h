#pragma once
// What the measure may ask about a story: a closed list of quantities, each a number with a Chinese
// name and unit. Criteria, floors, ceilings and the minimum to warn are written in these words.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::alerting {

// The order is the index into Facts::values and into the table of facts.cpp.
enum class Quantity {
  severity,         // gravest rule matched and not damped: A 4 … D 1, none 0
  affirmed,         // documents with a match of class A, B or C, stated as fact
  damped,           // documents that match, but refute, rehearse or tell a tale
  refuted,          // documents that refute
  officially_refuted,
  ours,             // speaks of a place or school of ours, or of none from a source of ours
  education,        // documents that speak of basic education
  school,           // names a school
  documents, documents_1h, documents_6h, documents_24h,
  origins, origins_6h, origins_24h,
  sources,          // distinct
  media,            // kinds of medium
  press,            // documents of news or official media
  hot_list,         // has been on a hot list
  hot_rank,         // best rank there, 0 when none is known
  heat, heat_percentile,
  growth,           // −log10 of how improbable the recent hours are
  negative, negative_share,
  demands,          // documents that ask somebody to act
  speakers,
  answered,         // an official source has spoken on it
  age_hours,
  season,           // a sensitive day of the measure's calendar
  count             // not a quantity: how many there are
};
inline constexpr std::size_t quantity_count = static_cast<std::size_t>(Quantity::count);
inline constexpr std::size_t word_lists_max = 8;

// A quantity, or the number of documents that use a word of a named list of the measure.
struct Measured {
  Quantity quantity = Quantity::count;
  int words = -1;  // index of the list, when not −1
  bool operator==(const Measured&) const = default;
};

struct Facts {
  std::array<double, quantity_count> values{};
  std::array<double, word_lists_max> words{};

  double& operator[](Quantity q) { return values[static_cast<std::size_t>(q)]; }
  double operator[](Quantity q) const { return values[static_cast<std::size_t>(q)]; }
  double value(const Measured& m) const {
    return m.words >= 0 ? words[static_cast<std::size_t>(m.words)] : (*this)[m.quantity];
  }
};

// How a quantity is written and compared.
enum class Shape { number, flag, severity, share, percentile, rank };

const char* key_of(Quantity q);           // as the measure writes it
const char* chinese_name(Quantity q);
Shape shape_of(Quantity q);
std::optional<Quantity> quantity(std::string_view key);
// The known key that looks most like this one.
std::string nearest_quantity(std::string_view key);

// "3 条", "75%", "B 类", "是", "第 4 位".
std::string in_chinese(Quantity q, double value);

double severity_number(char severity);    // 'A' → 4 … 'D' → 1, else 0
std::string severity_text(double number);

}  // namespace tingchao::alerting
