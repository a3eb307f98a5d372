// The flat tree copied into libxml2's, node for node, each knowing its number; XPath then runs there.
// Expressions come from the configuration but meet pages from anywhere, so their cost is limited.

#include <algorithm>
#include <tuple>

#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "crawler/extract/selector.h"

namespace tingchao::crawler {
namespace {

// Steps of libxml2's evaluator; a selector over a large real page takes some 100,000.
constexpr unsigned long operations_max = 20'000'000;

const xmlChar* bytes(const std::string& text) { return reinterpret_cast<const xmlChar*>(text.c_str()); }

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
struct FreeContext {
  void operator()(xmlXPathContext* context) const { xmlXPathFreeContext(context); }
};
struct FreeObject {
  void operator()(xmlXPathObject* object) const { xmlXPathFreeObject(object); }
};

// Nodes carry their number plus one in the field libxml2 leaves to its users.
void* mark(NodeId n) { return reinterpret_cast<void*>(std::intptr_t(n) + 1); }
NodeId number_of(const xmlNode* node) { return NodeId(reinterpret_cast<std::intptr_t>(node->_private) - 1); }

}  // namespace

struct SelectorTree::Impl {
  std::unique_ptr<xmlDoc, FreeDocument> document;
  std::unique_ptr<xmlXPathContext, FreeContext> context;
  std::vector<xmlNode*> nodes;
};

SelectorTree::SelectorTree(const Dom& dom) : impl_(std::make_unique<Impl>()) {
  static const bool ready = (xmlInitParser(), true);  // before threads use libxml2 at once
  static_cast<void>(ready);
  impl_->document.reset(htmlNewDocNoDtD(nullptr, nullptr));
  xmlDoc* const document = impl_->document.get();
  TINGCHAO_ASSERT(document != nullptr);
  impl_->nodes.resize(std::size_t(dom.size()));
  for (NodeId n = 0; n < dom.size(); ++n) {
    xmlNode* node;
    if (dom.is_text(n)) {
      const std::string_view text = dom.text(n);
      node = xmlNewDocTextLen(document, reinterpret_cast<const xmlChar*>(text.data()), int(text.size()));
    } else {
      node = xmlNewDocRawNode(document, nullptr, bytes(std::string(dom.name(n))), nullptr);
      for (const HtmlAttribute& attribute : dom.attributes(n)) {
        xmlAttr* const made = xmlNewProp(node, bytes(std::string(attribute.name)), bytes(std::string(attribute.value)));
        if (made) made->_private = mark(n);
      }
    }
    TINGCHAO_ASSERT(node != nullptr);
    node->_private = mark(n);
    impl_->nodes[std::size_t(n)] = node;
    // Linked by hand: xmlAddChild would join neighbouring texts and free one of the two.
    xmlNode* const parent = n == 0 ? reinterpret_cast<xmlNode*>(document) : impl_->nodes[std::size_t(dom.parent(n))];
    node->parent = parent;
    node->prev = parent->last;
    (parent->last != nullptr ? parent->last->next : parent->children) = node;
    parent->last = node;
  }
  impl_->context.reset(xmlXPathNewContext(document));
  TINGCHAO_ASSERT(impl_->context != nullptr);
  impl_->context->error = [](void*, auto*) {};  // a costly expression finds nothing; nobody reads stderr
  // Numbers in document order, so that sorting node sets is no search.
  xmlXPathOrderDocElems(document);
}

SelectorTree::~SelectorTree() = default;

std::vector<Found> SelectorTree::select(const Selector& selector, NodeId within) {
  xmlXPathContext* const context = impl_->context.get();
  context->node = impl_->nodes[std::size_t(within)];
  context->opCount = 0;
  context->opLimit = operations_max;
  const std::unique_ptr<xmlXPathObject, FreeObject> result(xmlXPathEval(bytes(selector.xpath()), context));
  xmlResetError(&context->lastError);
  std::vector<Found> found;
  if (!result) return found;
  if (result->type != XPATH_NODESET) {
    // string(…), concat(…): one value, of the element it was asked of.
    xmlChar* const text = xmlXPathCastToString(result.get());
    if (text != nullptr) found.push_back({within, reinterpret_cast<const char*>(text), true});
    xmlFree(text);
    return found;
  }
  if (result->nodesetval == nullptr) return found;
  const int count = std::min(result->nodesetval->nodeNr, int(found_max));
  for (int i = 0; i < count; ++i) {
    const xmlNode* const node = result->nodesetval->nodeTab[i];
    if (node->type == XML_ATTRIBUTE_NODE) {
      xmlChar* const value = xmlNodeGetContent(node);
      found.push_back({number_of(node), value != nullptr ? reinterpret_cast<const char*>(value) : "", true});
      xmlFree(value);
    } else if (node->type == XML_ELEMENT_NODE || node->type == XML_TEXT_NODE) {
      found.push_back({number_of(node), {}, false});
    }
  }
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.node, a.value) < std::tie(b.node, b.value);
  });
  return found;
}

}  // namespace tingchao::crawler
