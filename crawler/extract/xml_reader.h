#pragma once
// XML as feeds and sitemaps on the web have it, which is often not quite XML: a pull reader that
// forgives stray ampersands, unclosed and crossed elements, unquoted attributes and a cut end, and
// that knows no document type: declarations are passed over, entities declared in them stay as they
// were written, nothing is ever fetched or expanded. One pass, bounded depth, pure.

#include <string>
#include <string_view>
#include <vector>

namespace tingchao::crawler {

class XmlReader {
 public:
  enum class Event { start, end, text, finish };

  struct Attribute {
    std::string name;  // like element names; "xml:base"
    std::string value;
  };

  // `utf8` is well-formed UTF-8 and outlives the reader.
  explicit XmlReader(std::string_view utf8, int depth_max = 64);

  // After `finish` there is no more: see broken() for whether the document ended well. Every start
  // but those still open at the finish gets its end.
  Event next();

  // Of a start or end: lower-case, with the usual prefix of its namespace whatever the document calls
  // it ("dc:date", "content:encoded", "rdf:rdf", "xhtml:div"); none for RSS, Atom and sitemaps.
  const std::string& name() const { return name_; }
  const std::vector<Attribute>& attributes() const { return attributes_; }  // of a start
  std::string_view attribute(std::string_view name) const;
  // Of a text: character references resolved, CDATA as it is. A run of text may come in pieces.
  const std::string& text() const { return text_; }

  int depth() const { return static_cast<int>(open_.size()); }  // elements open; a start counts itself
  int line() const;
  // Empty, or what is wrong: "line 12: ends inside <item>". The first fault that lost something.
  const std::string& broken() const { return broken_; }
  bool too_deep() const { return too_deep_; }

 private:
  struct Open {
    std::string name;      // as given out
    std::string_view raw;  // as written
    std::size_t namespaces;  // size of namespaces_ before it
  };
  struct Namespace {
    std::string_view prefix;
    std::string uri;
  };

  Event read_markup();
  Event read_start();
  Event read_end();
  Event read_text();
  bool skip_declaration();
  void read_attributes();
  std::string given_name(std::string_view raw, bool is_element) const;
  void close_one();
  void fault(std::string what);

  std::string_view all_, rest_;
  int depth_max_;
  std::vector<Open> open_;
  std::vector<Namespace> namespaces_;
  std::string name_, text_, broken_;
  std::vector<Attribute> attributes_;
  int ends_due_ = 0;  // elements to be closed before reading on
  bool too_deep_ = false, finished_ = false;
};

}  // namespace tingchao::crawler
