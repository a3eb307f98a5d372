#pragma once
// Whether a source still gives what it should, judged visit by visit, for the operator: each trouble is told
// once, with its probable cause, and its end once. Pure; the state is the caller's to keep.
//
// Told when: reading fails five times in a row, or twice and for 20 hours; article pages that say "no such
// page" (the last five all do, or the entry itself twice); an entry page that had entries and has none,
// twice; another charset than before, twice; a silence that is too unlikely (volume.h), or a working day
// without any document of a source that had some on each of the last five working days and should bring three
// or more. So all is told within a day, or at the end of the first whole working day, but the silence of slow
// sources.
//
// Days without anything also come by chance, and look like the first day of a death: a source of 5 a working
// day has 2.8 of them a year. So such calls are on an allowance: a source has two at first, gets two a year
// and saves two at most; what turns out to be no chance, for nothing came in three days, is not charged. Up
// to one beyond the allowance is made where by what was learnt such days come three times a year at most.

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/source.h"
#include "crawler/volume.h"

namespace tingchao::crawler {

enum class Trouble { none, failing, gone, selector, charset, silent };

// What a visit saw.
struct Look {
  Time at{};
  std::optional<Error> error;  // of the visit as a whole
  bool entry_read = false;     // a new answer of the entry; false: 304, or none
  bool entry_gone = false;     // it says that there is no such page
  int entries = 0;             // documents and links that it offers, known ones too
  std::string charset;
  std::string note;                     // of extraction
  int contents = 0, contents_gone = 0;  // article pages read; that say that they are none
  int documents_new = 0;
};

struct HealthState {
  Volume volume;
  std::optional<Time> last_look, last_good, quiet_since;
  int failures = 0, empty = 0, entry_gone = 0, unchanged = 0;  // in a row
  int gone = 0;                                                // article pages in a row
  double entries_usual = 0;
  std::string charset, charset_new;
  int charset_times = 0, charset_new_times = 0;
  Trouble told = Trouble::none;
  // Working days: the one that is being counted, those in a row that had something; calls that may be made.
  std::optional<Time> day;
  int day_documents = 0, days_in_a_row = 0;
  double day_calls = 2;
  std::optional<Time> day_told;  // when a working day's silence was told
};
std::string to_text(const HealthState& state);
// A new state when the text is none of ours.
HealthState health_state(std::string_view text);

// For the operator, in Chinese.
struct HealthNews {
  Trouble trouble = Trouble::none;
  bool is_over = false;
  std::string subject, text;
};
// What is to be told after this visit, with the state carried on.
std::optional<HealthNews> judge(HealthState& state, const Source& source, const Look& look,
                                const Holidays& holidays);

}  // namespace tingchao::crawler
