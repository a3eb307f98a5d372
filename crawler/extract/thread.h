#pragma once
// Threads: a page of a forum as the posts it holds. The engines that most Chinese boards run on are
// known by their markup; any other page shows its posts by what they have in common, a time stamp each.
// Quotes, signatures, edit notes and the noise against copying are not part of a post.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/extract/date_text.h"
#include "crawler/extract/parsed_page.h"

namespace tingchao::crawler {

// More posts than any board shows on a page; the rest is dropped.
inline constexpr std::size_t posts_max = 500;

struct Post {
  std::string body;
  std::string author;  // as shown; only ever leaves this folder as a salted hash
  std::optional<DateReading> at;
  std::optional<Time> edited_at;  // "本帖最后由 … 于 2026-4-15 13:00 编辑"
  int floor = 0;       // as shown; 0: not shown
  NodeId node = no_node;
};

struct Thread {
  std::string engine;  // "discuz", "tieba", "phpbb", "flarum", "letter", "rule", "records"
  std::string title;   // empty: the page's title
  std::vector<Post> posts;
  double confidence = 0.9;
};

// Each answers nothing when the page is not its engine's.
std::optional<Thread> discuz_thread(const ParsedPage& parsed);
std::optional<Thread> tieba_thread(const ParsedPage& parsed);
std::optional<Thread> phpbb_thread(const ParsedPage& parsed);
std::optional<Thread> flarum_thread(const ParsedPage& parsed);
// A letter to an office and its answer, told by the labels that such pages put before each: 来信内容, 答复时间.
std::optional<Thread> letter_thread(const ParsedPage& parsed);
// Records with a time stamp each, and the opening post above them. `surely`: the source is a board,
// so the page need not prove that it is a thread.
std::optional<Thread> thread_of_records(const ParsedPage& parsed, bool surely);
// By the source's own selectors; `note` tells which matched nothing.
std::optional<Thread> thread_by_rule(const ParsedPage& parsed, const Selectors& selectors, std::string& note);

// The thread on the page as documents, one a post; nothing when there is no thread on it. `note` tells
// what an operator should know, in either case.
std::optional<Extracted> extract_thread(const ParsedPage& parsed, const Source& source, std::string_view salt,
                                        std::string& note);

// The lines of a post's body, without what is not the author's own words; and the same as one text.
std::vector<Line> post_lines(const ParsedPage& parsed, NodeId body);
std::string post_text(const ParsedPage& parsed, NodeId body);

}  // namespace tingchao::crawler
