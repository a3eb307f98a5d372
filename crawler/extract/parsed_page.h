#pragma once
// A fetched page decoded, parsed and looked at once, shared by whatever reads articles, lists or
// threads out of it; and the fields that every document of a page has in common.

#include <string>

#include "crawler/extract.h"
#include "crawler/extract/page_meta.h"
#include "crawler/extract/page_text.h"

namespace tingchao::crawler {

class ParsedPage {
 public:
  // Fails with bad_encoding when too much of the text cannot be read, bad_markup for an answer that is
  // no page at all (an image, a PDF).
  static Result<ParsedPage> parse(const Page& page);

  const Page& page() const { return *page_; }
  const Dom& dom() const { return *dom_; }
  const PageView& view() const { return *view_; }
  const PageMeta& meta() const { return *meta_; }
  const Charset& charset() const { return charset_; }
  // The address that links are relative to: the page's own, or <base href>.
  const std::string& base() const { return base_; }
  // SHA-256 of the raw bytes, in hex.
  const std::string& snapshot() const { return snapshot_; }

 private:
  ParsedPage() = default;
  const Page* page_ = nullptr;
  std::unique_ptr<Dom> dom_;  // views point into it, so it must not move
  std::unique_ptr<PageView> view_;
  std::unique_ptr<PageMeta> meta_;
  Charset charset_;
  std::string base_, snapshot_;
};

// Source and page copied in; title, body, time and hashes are the caller's to fill, then sealed.
Document blank_document(const ParsedPage& parsed, const Source& source, std::string url);
// The same of a page that is not parsed as HTML; hashes the raw bytes each time.
Document blank_document(const Page& page, const Source& source, std::string url);

// Cuts the body to its limit, guesses the language and fills id and content hash.
void seal(Document& document);

}  // namespace tingchao::crawler
