#pragma once
// Documents for tests of the rules, with word borders written by hand: "我/校服/务/于" puts a border at
// every slash and takes the slashes out. A text without slashes has no borders at all, and so no veto.

#include <memory>
#include <string>
#include <string_view>

#include "analyzer/text/context.h"
#include "analyzer/text/prepared.h"
#include "core/document.h"
#include "core/utf8.h"

namespace tingchao::analyzer {

// Owns what a Prepared points into.
struct PreparedText {
  std::unique_ptr<Document> document = std::make_unique<Document>();
  Prepared prepared;
};

inline std::string without_slashes(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '/') out += c;
  return out;
}

inline TextView view_with_borders(std::string_view stored, std::string_view marked) {
  TextView view = fold(stored);
  split(view);
  if (marked.find('/') == marked.npos) return view;
  view.border.assign(view.folded.size() + 1, 0);
  view.border.front() = view.border.back() = 1;
  std::uint32_t byte = 0;
  for (const char c : marked) {
    if (c == '/') {
      view.border[view.at_byte(byte)] = 1;
    } else {
      ++byte;
    }
  }
  return view;
}

inline PreparedText prepare_text(std::string_view title, std::string_view body,
                                 const ContextWords* contexts = nullptr) {
  PreparedText out;
  out.document->title = without_slashes(title);
  out.document->body = without_slashes(body);
  out.prepared.document = out.document.get();
  out.prepared.title = view_with_borders(out.document->title, title);
  out.prepared.body = view_with_borders(out.document->body, body);
  if (contexts) mark_context(out.prepared, *contexts);
  return out;
}

inline void add_entity(PreparedText& text, EntityKind kind, std::string_view name) {
  for (const Field field : {Field::title, Field::body}) {
    const std::string& stored = field == Field::title ? text.document->title : text.document->body;
    for (std::size_t at = stored.find(name); at != stored.npos; at = stored.find(name, at + 1)) {
      Entity entity;
      entity.kind = kind;
      entity.id = entity.name = std::string(name);
      entity.field = field;
      entity.span = {std::uint32_t(at), std::uint32_t(at + name.size())};
      text.prepared.entities.push_back(std::move(entity));
    }
  }
}

}  // namespace tingchao::analyzer
