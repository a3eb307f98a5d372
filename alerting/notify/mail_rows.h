#pragma once
// The lists of a warning's message, as rows for the templates. Pure.

#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "alerting/notify.h"

namespace tingchao::alerting {

// "甲校、乙校等 7 所": five names at most.
std::string joined(const std::vector<std::string>& names, const char* unit);

// The sentences worth quoting, five at most.
std::vector<const Evidence*> telling(const Warning& warning);

// Of its evidence, where a document that several rules matched, or a sentence, stands more than once: documents that
// were seen later than that, and sentences.
std::size_t documents_kept(const Warning& warning, Time after);
std::size_t sentences_kept(const Warning& warning);

// [{name, value}]: where, what about, score, state, first word, spread.
boost::json::array facts_of(const Raised& raised, const Story* story);
// [{name, observed, terms, points, bar}]
boost::json::array reasons_of(const std::vector<Reason>& reasons);
// [text]: what would lower the level.
boost::json::array lowers_of(const std::vector<Reason>& reasons);
// [{number, text, cut, source, time, title, link, hash}]
boost::json::array quotes_of(const std::vector<const Evidence*>& chosen);
// [{name, clause, due, left, met, late}]
boost::json::array clocks_of(const Warning& warning, Time now);
// [{command, does}]: what the state allows.
boost::json::array actions_of(const Warning& warning);
// [id @ version], with what parts it from the next
boost::json::array rules_of(const Warning& warning);

}  // namespace tingchao::alerting
