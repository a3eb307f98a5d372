#pragma once
// The two layers of grouping and how documents pass through them. A document counts twice: at once, in a copy of its
// story that warnings see, and ten minutes after its own ten minutes ended, when all that belongs before it has come,
// in the story itself.

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analyzer/group.h"
#include "analyzer/group/frequencies.h"
#include "analyzer/group/layer.h"
#include "analyzer/group/slept.h"
#include "analyzer/group/splitting.h"

namespace tingchao::analyzer {

// A document's place in the order in which documents are settled: when it was published, if that is known to the
// minute and it was seen within ten minutes, else the ten minutes by the clock in which it was seen.
Time turn_of(const Document& document);

enum class View { settled, live };

struct Stories {
  explicit Stories(Grouper::Options given);

  Grouper::Options options;
  Layer settled, fresh;  // fresh: copies, and stories that hold open documents alone
  Vocabulary vocabulary{vocabulary_terms_max};
  std::vector<Arrived> open;  // in the order of their arrival
  RecentMembers recent;
  std::unordered_map<std::string, std::string> parted;  // originals that left their story with a part of it → part
  std::unordered_set<std::string> warned;  // awake stories that had a warning
  SleptStories slept;         // those that sleep; one that came back stays until that is settled
  Time until{};               // turns before are settled
  Time counted_until{};       // adopted frequencies know the terms of turns before
  bool resumed = false;       // documents were remembered since
  Grouper::Settled outcome;   // since it was last asked for

  Held* held(const std::string& id, View view);
  Held* thread_story(const Arrived& document, View view);
  Choice choose(const Arrived& document, View view);
  // The story's copy in the fresh layer; `opened` is set when it is made.
  Held& own_copy(Held& story, bool& opened);
  // Into the story where it was, which is opened again if it is no more.
  void reopen(const Arrived& document);
  // A story that begins with the document, or the slept one that it takes up again.
  Story begun(const std::string& id, const Arrived& document) const;
  std::string id_for(const Arrived& document, const Choice& choice, const std::string& otherwise) const;
  void fall_asleep(Time now);
  void settle_due(Time now);
  // Among those by which a story can be told anew.
  void note_recent(Held& held, Arrived document);

 private:
  Layer empty_layer() const;
  double threshold(const Story& story) const;
  StoryIndex::Match most_like(const Arrived& document, const TermVector& vector, View view);
  std::vector<Arrived> take_due(Time now);
  void close_all();
  void reopen_all();
  void settle_slot(std::vector<Arrived>& due, std::size_t begin, std::size_t end, std::vector<Placement>& after);
  // Whether its thread or its original tells where it belongs.
  bool follow(const Arrived& document, View view, Choice& choice);
  void join(StoryIndex::Match match, Choice& choice) const;
  Choice choose_again(const Arrived& document, TermVector vector, const TellingTerms& changed);
  Placement settle(Arrived document, Choice& choice);
  void look(Time at);
  void divide(const std::vector<std::string>& ids, Time at);
  std::string free_id(const Arrived& document);
  void report(const std::vector<Placement>& before, const std::vector<Placement>& after);

  std::vector<StoryMove> parting_moves_;
};

}  // namespace tingchao::analyzer
