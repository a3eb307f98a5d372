// RSS and Atom in one walk over the elements. An item or entry may stand anywhere; its fields are its
// direct children, so that what nests deeper (atom:source, media:group, thr:in-reply-to) cannot be
// taken for its own. A field is gathered until its element ends: text as it is, markup inside it
// written out again. Where several elements may say the same thing the better one wins.

#include <algorithm>
#include <array>
#include <optional>

#include "core/markup.h"
#include "core/utf8.h"
#include "crawler/extract/feed_date.h"
#include "crawler/extract/feed_forms.h"
#include "crawler/extract/xml_reader.h"
#include "crawler/url_reference.h"

namespace tingchao::crawler {
namespace {

enum class Field { none, title, link, id, published, updated, summary, content, author, ttl, period, frequency };
enum class Form { plain, html, markup };  // of the gathered text; markup: elements inside stand for themselves

struct Meaning {
  std::string_view element;
  Field field;
  int rank;  // the lower wins
};

constexpr Meaning entry_meanings[] = {
    {"title", Field::title, 0},
    {"dc:title", Field::title, 1},
    {"media:title", Field::title, 2},
    {"link", Field::link, 0},
    {"feedburner:origlink", Field::link, -1},
    {"id", Field::id, 0},
    {"guid", Field::id, 0},
    {"dc:identifier", Field::id, 1},
    {"published", Field::published, 0},
    {"pubdate", Field::published, 0},
    {"issued", Field::published, 0},
    {"dcterms:issued", Field::published, 1},
    {"created", Field::published, 2},
    {"dcterms:created", Field::published, 2},
    {"dc:date", Field::published, 3},
    {"date", Field::published, 4},
    {"updated", Field::updated, 0},
    {"modified", Field::updated, 0},
    {"dcterms:modified", Field::updated, 1},
    {"description", Field::summary, 0},
    {"summary", Field::summary, 0},
    {"dc:description", Field::summary, 1},
    {"abstract", Field::summary, 1},
    {"itunes:summary", Field::summary, 2},
    {"content:encoded", Field::content, 0},
    {"content", Field::content, 1},
    {"xhtml:body", Field::content, 2},
    {"fullitem", Field::content, 3},
    {"dc:creator", Field::author, 0},
    {"author", Field::author, 1},
    {"itunes:author", Field::author, 2},
};

constexpr Meaning feed_meanings[] = {
    {"title", Field::title, 0},         {"dc:title", Field::title, 1},
    {"ttl", Field::ttl, 0},             {"sy:updateperiod", Field::period, 0},
    {"sy:updatefrequency", Field::frequency, 0},
};

template <std::size_t n>
const Meaning* meaning_of(const Meaning (&meanings)[n], std::string_view element) {
  const auto found =
      std::find_if(std::begin(meanings), std::end(meanings), [&](const Meaning& m) { return m.element == element; });
  return found == std::end(meanings) ? nullptr : &*found;
}

constexpr std::size_t fields = static_cast<std::size_t>(Field::frequency) + 1;

class FeedReader {
 public:
  FeedReader(std::string_view utf8, std::string_view base_url)
      : xml_(utf8, feed_depth_max), base_url_(base_url), bases_{std::string(base_url)} {}
  Result<Feed> read();

 private:
  void start();
  void end();
  void begin_entry();
  void end_entry();
  void begin_field(const Meaning& meaning);
  void end_field();
  void set(Field field, std::string text);
  void set_date(Field field, const std::string& text);
  void take_link_element();
  void gather(std::string_view text);
  void gather_tag(bool opening);
  Form form_of_field(Field field) const;
  bool better(const Meaning& meaning);
  std::optional<Error> not_a_feed() const;
  void take_update_span();

  XmlReader xml_;
  std::string base_url_;
  std::vector<std::string> bases_;  // xml:base by depth
  Feed feed_;
  std::string root_;
  int feed_depth_ = 0;    // of <channel> or <feed>; 0: none seen
  bool feed_open_ = false;
  int entry_depth_ = 0;   // of the entry being read; 0: none
  Entry entry_;
  bool entry_minute_published_ = false, entry_minute_updated_ = false;
  std::array<int, fields> ranks_{};  // of what a field holds
  // The field being gathered.
  Field field_ = Field::none;
  int field_depth_ = 0;
  Form form_ = Form::html;
  bool guid_is_link_ = false;
  std::string text_;
  std::string period_, frequency_;
};

constexpr int no_rank = 100;

Result<Feed> FeedReader::read() {
  ranks_.fill(no_rank);
  for (;;) {
    switch (xml_.next()) {
      case XmlReader::Event::start: start(); break;
      case XmlReader::Event::end: end(); break;
      case XmlReader::Event::text:
        if (field_ != Field::none) gather(form_ == Form::markup ? escape_markup(xml_.text()) : xml_.text());
        break;
      case XmlReader::Event::finish:
        if (auto error = not_a_feed()) return *std::move(error);
        if (entry_depth_ > 0) end_entry();  // cut in its middle: what there is of it
        take_update_span();
        if (!xml_.broken().empty()) feed_.note = feed_.note.empty() ? xml_.broken() : xml_.broken() + "; " + feed_.note;
        return std::move(feed_);
    }
  }
}

std::optional<Error> FeedReader::not_a_feed() const {
  if (xml_.too_deep())
    return Error{Errc::bad_markup, base_url_ + ": " + xml_.broken(), "this is no feed that a reader could use"};
  if (feed_depth_ > 0 || !feed_.entries.empty() || entry_depth_ > 0) return {};
  const std::string detail = base_url_ + ": no feed: its root is <" + root_.substr(0, 40) + ">";
  if (root_ == "html" || root_ == "xhtml:html" || root_.empty())
    return Error{Errc::bad_markup, base_url_ + ": a web page, not a feed",
                 "give the feed's own address, or make it a source of kind list"};
  if (root_ == "urlset" || root_ == "sitemapindex")
    return Error{Errc::bad_markup, detail, "make it a source of kind sitemap"};
  return Error{Errc::bad_markup, detail, "check the address in a browser"};
}

void FeedReader::start() {
  const int depth = xml_.depth();
  bases_.resize(static_cast<std::size_t>(depth));
  const std::string_view base = xml_.attribute("xml:base");
  bases_.push_back(base.empty() ? bases_.back() : resolve_reference(base, bases_.back()).value_or(bases_.back()));
  const std::string& name = xml_.name();
  if (root_.empty()) {
    root_ = name;
    if (name == "rss") feed_.format = "rss " + std::string(xml_.attribute("version").substr(0, 8));
    if (name == "rdf:rdf") feed_.format = "rdf";
    if (name == "feed") feed_.format = "atom";
  }
  if (field_ != Field::none) {
    // <author><name>: only the name counts.
    if (field_ == Field::author && (name == "name" || name == "email" || name == "uri")) text_.clear();
    if (form_ != Form::plain) gather_tag(true);
    return;
  }
  if (entry_depth_ == 0 && (name == "item" || name == "entry")) return begin_entry();
  if (entry_depth_ == 0 && feed_depth_ == 0 && (name == "channel" || name == "feed")) {
    feed_depth_ = depth;
    feed_open_ = true;
    if (feed_.format.empty()) feed_.format = "rss";
    return;
  }
  if (entry_depth_ > 0 && depth == entry_depth_ + 1) {
    if (const Meaning* meaning = meaning_of(entry_meanings, name)) begin_field(*meaning);
  } else if (entry_depth_ == 0 && feed_open_ && depth == feed_depth_ + 1) {
    if (const Meaning* meaning = meaning_of(feed_meanings, name)) begin_field(*meaning);
  }
}

void FeedReader::end() {
  const int depth = xml_.depth() + 1;  // of what has ended
  if (field_ != Field::none) {
    if (depth == field_depth_) return end_field();
    if (field_ == Field::author && xml_.name() == "name") {
      set(Field::author, text_);
      field_ = Field::none;
    } else if (form_ != Form::plain) {
      gather_tag(false);
    }
    return;
  }
  if (depth == entry_depth_) end_entry();
  if (depth == feed_depth_) feed_open_ = false;
}

void FeedReader::begin_entry() {
  entry_ = Entry();
  entry_minute_published_ = entry_minute_updated_ = false;
  entry_depth_ = xml_.depth();
  ranks_.fill(no_rank);
  entry_.id = std::string(trim(xml_.attribute("rdf:about")));
  if (feed_.format.empty()) feed_.format = xml_.name() == "entry" ? "atom" : "rss";
}

void FeedReader::end_entry() {
  if (field_ != Field::none) end_field();
  entry_depth_ = 0;
  if (entry_.url.empty()) entry_.url = resolve_reference(entry_.id).value_or("");  // rdf:about
  entry_.to_the_minute = entry_.published ? entry_minute_published_ : entry_minute_updated_;
  add_entry(feed_, std::move(entry_));
  ranks_.fill(no_rank);
}

// Takes the place when it is better than what is there.
bool FeedReader::better(const Meaning& meaning) {
  int& rank = ranks_[static_cast<std::size_t>(meaning.field)];
  if (meaning.rank >= rank) return false;
  rank = meaning.rank;
  return true;
}

Form FeedReader::form_of_field(Field field) const {
  const std::string type = ascii_lower(trim(xml_.attribute("type")));
  const std::string mode = ascii_lower(trim(xml_.attribute("mode")));
  const bool of_atom = root_ == "feed" || root_ == "entry";
  if (field != Field::title && field != Field::summary && field != Field::content) return Form::plain;
  if (type.find("xhtml") != type.npos || mode == "xml" || xml_.name() == "xhtml:body") return Form::markup;
  if (type.find("html") != type.npos || mode == "escaped") return Form::html;
  return of_atom ? Form::plain : Form::html;
}

void FeedReader::begin_field(const Meaning& meaning) {
  if (meaning.field == Field::link && !trim(xml_.attribute("href")).empty()) return take_link_element();
  if (!better(meaning)) return;
  if (meaning.field == Field::content && !xml_.attribute("src").empty()) return;  // elsewhere
  field_ = meaning.field;
  field_depth_ = xml_.depth();
  form_ = form_of_field(field_);
  guid_is_link_ = xml_.name() == "guid" && ascii_lower(trim(xml_.attribute("ispermalink"))) != "false";
  text_.clear();
}

// <link rel="alternate" type="text/html" href="…"/>
void FeedReader::take_link_element() {
  const std::string rel = ascii_lower(trim(xml_.attribute("rel")));
  const std::string type = ascii_lower(trim(xml_.attribute("type")));
  if (!rel.empty() && rel != "alternate") return;
  const bool readable = type.empty() || type.find("html") != type.npos;
  const Meaning meaning{"link", Field::link, readable ? 0 : 5};
  auto url = resolve_reference(xml_.attribute("href"), bases_.back());
  if (url && better(meaning)) entry_.url = *std::move(url);
}

void FeedReader::gather(std::string_view text) {
  if (text_.size() < feed_field_bytes_max) text_ += cut_bytes(text, feed_field_bytes_max - text_.size());
}

void FeedReader::gather_tag(bool opening) {
  std::string_view name = xml_.name();
  if (name.starts_with("xhtml:")) name.remove_prefix(6);
  std::string tag = opening ? "<" : "</";
  tag += name;
  if (opening)
    for (const auto& [attribute, value] : xml_.attributes())
      tag += " " + attribute + "=\"" + escape_markup(value) + "\"";
  gather(tag + ">");
}

void FeedReader::end_field() {
  const Field field = field_;
  field_ = Field::none;
  std::string text = std::move(text_);
  text_.clear();
  if (form_ == Form::plain && (field == Field::title || field == Field::summary || field == Field::content))
    text = escape_markup(text);
  set(field, std::move(text));
}

void FeedReader::set(Field field, std::string text) {
  const std::string line(trim(text));
  if (entry_depth_ == 0) {
    if (field == Field::title) feed_.title = plain_line(std::move(text));
    if (field == Field::ttl) frequency_ = line, period_ = "ttl";
    if (field == Field::period && period_ != "ttl") period_ = ascii_lower(line);
    if (field == Field::frequency && period_ != "ttl") frequency_ = line;
    return;
  }
  switch (field) {
    case Field::title: entry_.title = plain_line(std::move(text)); break;
    case Field::summary: entry_.summary_html = line; break;
    case Field::content: entry_.content_html = line; break;
    case Field::author: entry_.author = plain_line(line); break;
    case Field::published:
    case Field::updated: set_date(field, line); break;
    case Field::link:
      if (auto url = resolve_reference(line, bases_.back()); url && !line.empty())
        entry_.url = *std::move(url);
      else
        ranks_[static_cast<std::size_t>(field)] = no_rank;  // another element may have it
      break;
    case Field::id:
      if (line.empty()) break;
      entry_.id = line;
      if (guid_is_link_ && entry_.url.empty()) entry_.url = resolve_reference(line).value_or("");
      break;
    default: break;
  }
}

void FeedReader::set_date(Field field, const std::string& text) {
  const auto date = parse_feed_date(text);
  if (!date) {
    ranks_[static_cast<std::size_t>(field)] = no_rank;  // another element may say it better
    return;
  }
  (field == Field::published ? entry_.published : entry_.updated) = date->at;
  (field == Field::published ? entry_minute_published_ : entry_minute_updated_) = date->to_the_minute;
}

// <ttl> in minutes, or so many times a period.
void FeedReader::take_update_span() {
  if (frequency_.size() > 6 || frequency_.find_first_not_of("0123456789") != std::string::npos) return;
  const int number = frequency_.empty() ? 1 : std::stoi(frequency_);
  if (number < 1) return;
  if (period_ == "ttl") feed_.ttl = std::chrono::minutes(number);
  using std::chrono::hours;
  if (period_ == "hourly") feed_.ttl = Seconds(hours(1)) / number;
  if (period_ == "daily") feed_.ttl = Seconds(hours(24)) / number;
  if (period_ == "weekly") feed_.ttl = Seconds(hours(24 * 7)) / number;
  if (period_ == "monthly") feed_.ttl = Seconds(hours(24 * 30)) / number;
  if (period_ == "yearly") feed_.ttl = Seconds(hours(24 * 365)) / number;
}

}  // namespace

Result<Feed> parse_xml_feed(std::string_view utf8, std::string_view base_url) {
  return FeedReader(utf8, base_url).read();
}

}  // namespace tingchao::crawler
