#pragma once
// Derives a warning's reasons again from the store: documents, the text of the measure that judged, and the judgement.

#include <optional>
#include <string>
#include <vector>

#include "alerting/explain.h"
#include "analyzer/analyze.h"
#include "store/store.h"

namespace tingchao::service {

struct ExplainQuery {
  std::string warning;
  int seq = 0;  // of the change; 0: the last one with reasons
};

struct Explained {
  Warning warning;
  WarningChange change;
  std::optional<alerting::JudgementHead> judged;  // empty: a burst, which has no judgement of a story
  std::vector<Reason> reasons;    // derived again
  bool equal = false;             // byte for byte, as JSON
  std::size_t bytes = 0;          // of the stored reasons
  std::string hash;               // SHA-256 of them
  std::size_t documents = 0;
  bool measure_from_store = false, read_again = false;
  std::size_t sentences = 0, sentences_same = 0;  // of the evidence, in the stored texts
  std::size_t snapshots = 0, snapshots_same = 0;  // raw pages whose bytes give the hash
  std::vector<std::string> why;   // Chinese: what stands against equality
};

// `analyzer` reads the documents again where its rules are those of then; `measure` serves when the store kept no text
// of its version. Fails with not_found (no such warning or change, no judgement kept, measure gone) or store.
Result<Explained> explain(store::Store& store, const ExplainQuery& query, const analyzer::Analyzer& analyzer,
                          const alerting::Measure& measure);

}  // namespace tingchao::service
