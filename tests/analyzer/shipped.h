#pragma once
// The shipped rule packs and word lists as one analyzer, read from the source tree once a program.

#include <memory>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/rules.h"

namespace tingchao::analyzer {

std::string shipped_file(const std::string& name);  // under rules/
// Files of a folder under rules/ with the ending, by name.
std::vector<NamedText> shipped_folder(const std::string& name, const std::string& ending);
const Compiled& shipped_packs();
// `region` and `roster` (CSV) as a bureau would set them; both empty: the whole country is ours.
std::shared_ptr<const Analyzer> shipped_analyzer(const std::string& region = {}, const std::string& roster = {});

}  // namespace tingchao::analyzer
