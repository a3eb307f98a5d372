#include "crawler/extract/xml_reader.h"

#include <catch2/catch.hpp>

using tingchao::crawler::XmlReader;

namespace {

// One line for a document: <name attr=value>, text in '', </name>; then what is broken.
std::string events(std::string_view xml) {
  XmlReader reader(xml, 8);
  std::string out;
  bool in_text = false;
  for (;;) {
    const auto event = reader.next();
    if (in_text && event != XmlReader::Event::text) out += "'", in_text = false;
    switch (event) {
      case XmlReader::Event::start:
        out += "<" + reader.name();
        for (const auto& [name, value] : reader.attributes()) out += " " + name + "=" + value;
        out += ">";
        break;
      case XmlReader::Event::end: out += "</" + reader.name() + ">"; break;
      case XmlReader::Event::text:
        if (!in_text) out += "'", in_text = true;
        out += reader.text();
        break;
      case XmlReader::Event::finish: return out + (reader.broken().empty() ? "" : " !" + reader.broken());
    }
  }
}

}  // namespace

TEST_CASE("XML as it should be, and as it is", "[crawler][feed]") {
  struct Case {
    const char *name, *xml, *want;
  };
  const Case cases[] = {
      {"elements", "<a><b x=\"1\" y='2'>t</b><c/></a>", "<a><b x=1 y=2>'t'</b><c></c></a>"},
      {"declarations, comments, instructions",
       "\xEF\xBB\xBF<?xml version='1.0'?><!DOCTYPE a><!-- <x> --><a><?p x?></a>", "<a></a>"},
      {"references", "<a b='&lt;&amp;&#x4e2d;'>&gt;&quot;&apos;&#25991;&nbsp;&hellip;</a>",
       "<a b=<&中>'>\"'文\u00a0…'</a>"},
      {"CDATA", "<a>x<![CDATA[<b>&amp;]]>y</a>", "<a>'x<b>&amp;y'</a>"},
      {"names in any case", "<RSS><pubDate>x</pubDate></RSS>", "<rss><pubdate>'x'</pubdate></rss>"},
      {"Chinese names", "<标题 作者='某'>文</标题>", "<标题 作者=某>'文'</标题>"},
      // namespaces
      {"known by their address",
       "<x:rss xmlns:x='http://purl.org/rss/1.0/' xmlns:q='http://purl.org/dc/elements/1.1/'><q:date/></x:rss>",
       "<rss><dc:date></dc:date></rss>"},
      {"the default one",
       "<feed xmlns='http://www.w3.org/2005/Atom'><div xmlns='http://www.w3.org/1999/xhtml'><p/></div><p/></feed>",
       "<feed><xhtml:div><xhtml:p></xhtml:p></xhtml:div><p></p></feed>"},
      {"not declared", "<a><dc:date/><content:encoded/></a>",
       "<a><dc:date></dc:date><content:encoded></content:encoded></a>"},
      {"a prefix bound to another", "<a xmlns:dc='urn:x'><dc:date/></a>", "<a><dc:date></dc:date></a>"},
      {"of attributes", "<a xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' r:about='u' xml:base='b' about='v'/>",
       "<a rdf:about=u xml:base=b about=v></a>"},
      // broken
      {"a bare ampersand", "<a>x & y &z; ?a=1&copy=2&b</a>", "<a>'x & y &z; ?a=1&copy=2&b'</a>"},
      {"a bare less-than", "<a>1 < 2 <3</a>", "<a>'1 < 2 <3'</a>"},
      {"unclosed inside", "<a><b>x</a>", "<a><b>'x'</b></a> !line 1: </a> closes more than its own"},
      {"crossed", "<a><b><c>x</b>y</c></a>", "<a><b><c>'x'</c></b>'y'</a> !line 1: </b> closes more than its own"},
      {"closed twice", "<a></b></a></a>", "<a></a>"},
      {"cut in an element", "<a>\n<b>x", "<a>'\n'<b>'x' !line 2: ends inside <b>"},
      {"cut in a tag", "<a><b x='1", "<a><b x=1> !line 1: ends inside <b>"},
      {"cut in a comment", "<a><!-- x", "<a> !line 1: a comment without its end"},
      {"cut in CDATA", "<a><![CDATA[x", "<a>'x' !line 1: a CDATA section without its end"},
      {"cut in a declaration", "<a><!DOCTYPE x", "<a> !line 1: a declaration without its end"},
      {"attributes without quotes or value", "<a b=1 c d=/x/ e=></a>", "<a b=1 c= d=/x/ e=></a>"},
      {"control characters", "<a>x\x01\x08y</a>", "<a>'xy'</a>"},
      {"nested too deep", "<a><a><a><a><a><a><a><a><a><a>",
       "<a><a><a><a><a><a><a><a> !line 1: elements nested deeper than 8"},
      {"nothing", "", ""},
      {"no XML", "hello", "'hello'"},
      // nothing is ever declared
      {"an internal entity", "<!DOCTYPE a [<!ENTITY x \"]>boo\">]><a>&x;</a>", "<a>'&x;'</a>"},
      {"an external entity", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "<a>'&x;'</a>"},
      {"an external subset", "<!DOCTYPE a SYSTEM \"http://127.0.0.1/x.dtd\"><a>&x;</a>", "<a>'&x;'</a>"},
      {"comments in a subset", "<!DOCTYPE a [<!-- ]> ' --><!ELEMENT a ANY>]><a/>", "<a></a>"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) { CHECK(events(c.xml) == c.want); }
}

TEST_CASE("a billion laughs stay a few", "[crawler][feed]") {
  std::string xml = "<!DOCTYPE lolz [<!ENTITY l0 \"lol\">";
  for (int i = 1; i < 40; ++i) {
    xml += "<!ENTITY l" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) xml += "&l" + std::to_string(i - 1) + ";";
    xml += "\">";
  }
  CHECK(events(xml + "]><a>&l39;</a>") == "<a>'&l39;'</a>");
}
