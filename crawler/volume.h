#pragma once
// How much a source gives by hour of the week, learnt from what it gave, and how unlikely a silence is. Pure.
//
// Rate of a cell c of 168 (China's hours): λ_c = (n_c + κ p_h) / (e_c + κ), where n_c are its documents and
// e_c the hours it was watched, both forgetting by γ a week, and p_h is the same for that hour of all days of
// its kind (Monday to Friday, the weekend), itself drawn towards the mean of all hours; κ is two weeks. Days
// are told apart by a negative binomial: n_d has mean Λ_d and variance Λ_d + Λ_d² ρ, ρ estimated by moments,
// Σ((n_d − Λ_d)² − Λ_d) / ΣΛ_d², drawn towards 0.5. So the chance of no document in a silence that expects
// Λ_d on each of its days is P = Π (1 + ρ Λ_d)^(−1/ρ).
//
// A source has about 8760 λ̄ gaps a year, each of which could be called a silence. A silence is called when
// P < 0.5 / (8760 λ̄) (within 1e−8 and 1e−2): by the model, a false call in two years; the test of health
// counts them in a simulated world.
//
// On public holidays Sunday's rates hold, times the share that the caller gives; they are not learnt from.

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace tingchao::crawler {

// What part of Sunday's volume is expected on the day of that time; 1 with `false` for a day that is none.
struct Holiday {
  bool is_one = false;
  double share = 1;
};
using Holidays = std::function<Holiday(Time)>;

class Volume {
 public:
  // `documents` came while the source was watched in (from, to], at most two days.
  void learn(Time from, Time to, int documents, const Holidays& holidays);
  // Documents expected in (from, to].
  double expected(Time from, Time to, const Holidays& holidays) const;
  // The chance of no document in (from, to]; nothing until a week was watched and ten documents came.
  std::optional<double> silence(Time from, Time to, const Holidays& holidays) const;
  // Below it a silence is called.
  double threshold() const;
  double hourly() const;  // λ̄, the mean of the week

  std::string to_text() const;  // a line of JSON, some 2 KB
  static std::optional<Volume> from_text(std::string_view text);

 private:
  double rate(int cell, double mean) const;
  double rate_at(Time at, double mean, const Holidays& holidays) const;
  void close_day(Time at);

  static constexpr int cells = 168;
  std::array<double, cells> documents_{}, hours_{};
  double documents_total_ = 0, hours_total_ = 0;  // without forgetting
  Time day_{};                                    // the one that is being counted
  double day_found_ = 0, day_expected_ = 0;
  double excess_ = 0, square_ = 0;  // Σ((n − Λ)² − Λ), ΣΛ², forgetting
};

}  // namespace tingchao::crawler
