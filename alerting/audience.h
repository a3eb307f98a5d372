#pragma once
// Who hears of which level: by the measure where it says so, else by each recipient's own `levels`. Pure.

#include <string>
#include <vector>

#include "alerting/notify.h"

namespace tingchao::alerting {

// One of the names is the recipient's, one of its groups', or a roster's by which it is on duty at that time. When
// nobody is by that roster, all its recipients are meant.
bool is_named(const Recipient& recipient, const std::vector<std::string>& names, const Duty& duty, Time at);

bool hears_level(const Recipient& recipient, int rank, const Book& book, Time at);

// What the book's audiences may name; and what they name that is none of it.
std::vector<std::string> known_names(const Book& book);
std::vector<std::string> unknown_names(const Book& book);

}  // namespace tingchao::alerting
