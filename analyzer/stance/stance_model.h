#pragma once
// The stance of a text after a learnt model, with the stretches that made it so. The reading by words
// (stance.h) stays for what asks to be done, and as reasons where it agrees.

#include "analyzer/classify/judges.h"
#include "analyzer/classify/text_model.h"
#include "analyzer/stance/stance.h"
#include "analyzer/text/prepared.h"
#include "core/analysis.h"
#include "core/result.h"

namespace tingchao::analyzer {

// A model whose labels are 负面, 中性 and 正面. Fails with bad_markup naming the file.
Result<TextModel> parse_stance_model(std::string_view bytes, std::string_view name);

// `lead` is that of the document (classify/judges.h). Of a neutral text no words are read but those that ask.
Stance read_stance(const TextModel& model, const Lead& lead, const Prepared& prepared, const StanceReader& words);

}  // namespace tingchao::analyzer
