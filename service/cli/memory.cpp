// search, stories and digest: what the store remembers.
#include <algorithm>
#include <map>

#include <boost/json.hpp>

#include "core/hash.h"
#include "core/json.h"
#include "service/cli/setup.h"
#include "service/files.h"
#include "service/report.h"
#include "service/unsubscribe.h"

namespace tingchao::service {
namespace {

Time system_now() { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); }

void print_found(const Console& console, const store::StoredDocument& each, const Analysis& analysis) {
  const Document& document = each.document;
  if (console.json()) {
    boost::json::object object = to_json(document);
    boost::json::array hits;
    for (const RuleMatch& match : analysis.matches) hits.push_back(to_json(match));
    object["matches"] = std::move(hits);
    object["story"] = each.placement.story;
    console.line(to_line(object));
    return;
  }
  console.line(console.paint(china_minute(effective_time(document)), Colour::dim) + "  " +
               console.paint(document.title.empty() ? "(无题)" : document.title, Colour::bold) + "  " +
               console.paint(document.source_name, Colour::dim));
  int shown = 0;
  for (const RuleMatch& match : analysis.matches)
    for (const Hit& hit : match.hits) {
      if (hit.field == Field::title || shown++ == 2) continue;
      console.line("    " + in_context(console, document.body, hit.span, 24, Colour::red));
    }
  console.line("    " + console.paint(document.url, Colour::dim));
}

std::string story_line(const Console& console, const Story& story, Time now) {
  const char heat[] = "热度 ";
  return console.paint(story.id, Colour::dim) + "  " + pad(china_minute(story.newest), 17) +
         pad(heat + std::to_string(heat_at(story, now)).substr(0, 5), 12) +
         pad(std::to_string(story.documents) + " 篇/" + std::to_string(story.origins_total) + " 源", 14) +
         story.title;
}

}  // namespace

int run_search(const SearchOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto query = analyzer::compile_query(options.query, word_classes());
  if (!query) return console.error(query.error());
  auto analyzer = analyzer_with(knowledge_files(*config), *query);
  if (!analyzer) return console.error(analyzer.error());
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const Time now = system_now();
  store::SearchQuery ask;
  ask.needles = analyzer::needles(**query);
  ask.source = options.source;
  ask.limit = 500;
  auto from = parse_when(options.from, Time{}, now),
       to = parse_when(options.to, now + std::chrono::hours{24 * 3660}, now);
  if (!from) return console.error(from.error());
  if (!to) return console.error(to.error());
  if (!options.from.empty()) ask.from = *from;
  if (!options.to.empty()) ask.to = *to;
  int found = 0, looked_at = 0;
  for (;;) {  // the index gives a superset; the rule language decides
    auto rows = (*store)->search(ask);
    if (!rows) return console.error(rows.error());
    for (const store::StoredDocument& each : *rows) {
      ++looked_at;
      const Analysis analysis = (*analyzer)->analyze(each.document);
      if (analysis.matches.empty()) continue;
      print_found(console, each, analysis);
      if (++found >= options.limit) break;
    }
    if (found >= options.limit || static_cast<int>(rows->size()) < ask.limit) break;
    ask.before = rows->back().document.id;
    console.progress(std::to_string(looked_at) + " candidates");
  }
  if (console.interactive())
    console.note(std::to_string(found) + " found, " + std::to_string(looked_at) + " candidates read");
  return found > 0 ? done : nothing;
}

int run_stories_list(const StoriesOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const Time now = system_now();
  auto from = parse_when(options.from, Time{}, now),
       to = parse_when(options.to, now + std::chrono::hours{24 * 3660}, now);
  if (!from) return console.error(from.error());
  if (!to) return console.error(to.error());
  auto stories = (*store)->stories(*from, *to, options.limit);
  if (!stories) return console.error(stories.error());
  for (const Story& story : *stories)
    console.line(console.json() ? to_line(to_json(story)) : story_line(console, story, story.newest));
  return stories->empty() ? nothing : done;
}

int run_stories_show(const StoriesOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  auto story = (*store)->story(options.id);
  if (!story) return console.error(story.error());
  if (!*story) {
    console.note("tingchao: no story " + options.id + " (`tingchao stories list` shows ids)");
    return nothing;
  }
  const Story& it = **story;
  if (console.json())
    console.line(to_line(to_json(it)));
  else {
    console.line(console.paint(it.title, Colour::bold));
    console.line(story_line(console, it, it.newest));
    std::string topics;
    for (const std::string& topic : it.topics) topics += (topics.empty() ? "" : "、") + topic;
    console.line("话题 " + topics + "  首见 " + china_minute(it.first_seen));
    if (!it.merged.empty()) {
      std::string merged;
      for (const std::string& id : it.merged) merged += " " + id;
      console.line("并入的事件" + merged);
    }
    const auto splits = (*store)->splits_of(it.id);
    if (!splits) return console.error(splits.error());
    for (const StorySplit& split : *splits)
      console.line(split.id == it.id ? "分自 " + split.from + "，" + split.cause
                                     : "分出 " + split.id + "，" + std::to_string(split.documents) + " 篇，" + split.cause);
    if (it.slept_at) console.line("旧事再起，此前沉寂于 " + china_minute(*it.slept_at) + "，以下各数自再起算");
  }
  for (const std::string& id : it.members) {
    auto document = (*store)->document(id);
    if (!document) return console.error(document.error());
    if (!*document) continue;
    if (console.json())
      console.line(to_line(to_json((*document)->document)));
    else
      console.line("  " + console.paint(china_minute(effective_time((*document)->document)), Colour::dim) +
                   "  " + pad((*document)->document.source_name, 16) +
                   ((*document)->placement.copy_of.empty() ? "" : console.paint("转载 ", Colour::dim)) +
                   (*document)->document.title + "  " +
                   console.paint((*document)->document.url, Colour::dim));
  }
  return done;
}

namespace {

Result<alerting::Digest> asked_digest(store::Store& store, const Config& config, const DigestOptions& options,
                                      Time now) {
  if (!options.special.empty()) return write_special(store, config, options.special, now);
  auto day = parse_when(options.date, now, now);
  if (!day) return day.error();
  const ReportSpan span = span_of(options.period, *day, now);
  return write_digest(store, config, span.from, span.to, options.period);
}

// To the recipients of digests that have not unsubscribed; how many.
Result<int> send_digest(store::Store& store, const Config& config, const alerting::Digest& digest, Time now) {
  store::Batch batch;
  auto book = digest_book(store, config.book, batch);
  if (!book) return book.error();
  batch.deliveries = alerting::plan_digest(digest, *book, now);
  if (auto kept = store.commit(batch); !kept) return kept.error();
  return static_cast<int>(batch.deliveries.size());
}

}  // namespace

int run_digest(const DigestOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, !options.send);
  if (!store) return console.error(store.error());
  const Time now = config->clock.now();
  auto digest = asked_digest(**store, *config, options, now);
  if (!digest) return console.error(digest.error());
  if (options.send) {
    auto sent = send_digest(**store, *config, *digest, now);
    if (!sent) return console.error(sent.error());
    console.line(std::to_string(*sent) + " messages in the outbox; the daemon sends them");
    if (options.out.empty()) return *sent == 0 ? nothing : done;
  }
  const std::string directory = options.out.empty() ? "." : options.out;
  const std::string name = options.special.empty() ? options.period : "special-" + options.special;
  const std::string base = directory + "/digest-" + name + "-" + china_date(digest->to - Seconds{1});
  const std::string from = config->book.channels.empty() || config->book.channels.front().from.empty()
                               ? "tingchao@localhost"
                               : config->book.channels.front().from;
  const std::string mail = alerting::to_mail(
      *digest, {from, from, "<" + stable_id(base) + "@" + config->book.mail_domain + ">", now, ""});
  const std::string page = alerting::to_page(*digest);
  const std::pair<const char*, const std::string*> files[] = {{".html", &page},
                                                              {".txt", &digest->text},
                                                              {".docx", &digest->docx},
                                                              {".xlsx", &digest->xlsx},
                                                              {".eml", &mail}};
  for (const auto& [suffix, bytes] : files) {
    if (bytes->empty()) continue;
    if (auto written = write_file(base + suffix, *bytes); !written) return console.error(written.error());
    console.line(console.json() ? to_line({{"file", base + suffix}, {"bytes", bytes->size()}})
                                : base + suffix);
  }
  return done;
}

}  // namespace tingchao::service
