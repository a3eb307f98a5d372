#pragma once
// The links of a page, each with what stands around it: a title, a date, counts of views and replies.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/extract/date_text.h"
#include "crawler/extract/parsed_page.h"

namespace tingchao::crawler {

struct LinkCandidate {
  NodeId node = no_node;
  std::string url;       // canonical
  std::string identity;  // the address that a document behind it would carry
  std::string title;
  int words = 0;         // Han characters and words of the title
};

// Nothing for an address that is no page: a file, a script, the page itself.
std::optional<LinkCandidate> link_candidate(const ParsedPage& parsed, NodeId node, std::string_view href);

// Every seen link, in page order, at most some thousands.
std::vector<LinkCandidate> link_candidates(const ParsedPage& parsed);

// The largest element around a link with none of the other `rivals` in it: what it says belongs to the
// link. `rivals[i]` tells whether links[i] counts.
NodeId entry_of(const Dom& dom, const std::vector<LinkCandidate>& links, const std::vector<bool>& rivals,
                std::size_t index);

// The date in an entry beside its link; not one in the title, unless it ends with it.
std::optional<DateReading> date_beside(const ParsedPage& parsed, NodeId entry, NodeId link);

// The link as the list offers it, with the entry's date and counts as hints.
Link offered_link(const ParsedPage& parsed, const LinkCandidate& candidate, NodeId entry);

// Han characters and words.
int words_of(std::string_view text);

}  // namespace tingchao::crawler
