#include "crawler/extract/engines.h"

#include <algorithm>
#include <utility>

namespace tingchao::crawler {
namespace {

struct Known {
  std::string_view name;  // of the id or class
  std::string_view engine;
};

constexpr Known ids[] = {{"Cnt-Main-Article-QQ", "tencent"},
                         {"ContentBody", "container"},
                         {"TRS_AUTOADD", "trs"},
                         {"UCAP-CONTENT", "ucap"},
                         {"Zoom", "government"},
                         {"artContent", "container"},
                         {"artibody", "sina"},
                         {"article-content", "container"},
                         {"articleBody", "container"},
                         {"articleContent", "container"},
                         {"article_content", "container"},
                         {"content-text", "container"},
                         {"contentMain", "container"},
                         {"content_area", "container"},
                         {"detailContent", "container"},
                         {"endText", "netease"},
                         {"fontzoom", "government"},
                         {"infocontent", "container"},
                         {"js_content", "wechat"},
                         {"main_content", "container"},
                         {"mp-editor", "container"},
                         {"news_content", "container"},
                         {"ozoom", "container"},
                         {"p-detail", "container"},
                         {"rwb_zw", "people"},
                         {"vsb_content", "vsb"},
                         {"vsb_content_100", "vsb"},
                         {"vsb_content_2", "vsb"},
                         {"vsb_content_4", "vsb"},
                         {"vsb_content_500", "vsb"},
                         {"vsb_content_501", "vsb"},
                         {"zoom", "government"},
                         {"zoomcon", "government"}};

constexpr Known classes[] = {{"Custom_UnionStyle", "trs"},      {"TRS_Editor", "trs"},
                             {"TRS_PreAppend", "trs"},          {"TRS_UEDITOR", "trs"},
                             {"art_con", "container"},          {"art_content", "container"},
                             {"artical-content", "container"},  {"article-body", "container"},
                             {"article-content", "container"},  {"articleContent", "container"},
                             {"article__content", "container"}, {"article_body", "container"},
                             {"article_content", "container"},  {"articlebody", "container"},
                             {"bt-content", "container"},       {"ck-content", "container"},
                             {"cnt_bd", "container"},           {"conTxt", "container"},
                             {"content-article", "tencent"},    {"content_txt", "container"},
                             {"detail-content", "container"},   {"entry-content", "wordpress"},
                             {"left_zw", "container"},          {"main-aticle", "container"},
                             {"markdown-body", "container"},    {"news-content", "container"},
                             {"newsContent", "container"},      {"news_content", "container"},
                             {"news_txt", "container"},         {"pages_content", "ucap"},
                             {"post-content", "container"},     {"post_body", "netease"},
                             {"post_text", "netease"},          {"ql-editor", "container"},
                             {"rich_media_content", "wechat"},  {"rm_txt_con", "people"},
                             {"show_text", "container"},        {"syl-article-base", "toutiao"},
                             {"text_con", "container"},         {"trs_editor_view", "trs"},
                             {"tt-article-content", "toutiao"}, {"u-mainText", "container"},
                             {"v_news_content", "vsb"},         {"view_content", "container"},
                             {"w-e-text", "container"},         {"wp-block-post-content", "wordpress"},
                             {"wp_articlecontent", "webplus"},  {"xxgk_content", "government"},
                             {"zoomcon", "government"}};

constexpr bool by_name(const Known& a, const Known& b) { return a.name < b.name; }
static_assert(std::is_sorted(std::begin(ids), std::end(ids), by_name));
static_assert(std::is_sorted(std::begin(classes), std::end(classes), by_name));

template <std::size_t N>
std::string_view find(const Known (&known)[N], std::string_view name) {
  const Known* const at = std::lower_bound(std::begin(known), std::end(known), Known{name, {}}, by_name);
  return at != std::end(known) && at->name == name ? at->engine : std::string_view();
}

}  // namespace

std::string_view engine_of(const Dom& dom, NodeId element) {
  const std::string_view id = dom.attribute(element, "id");
  if (!id.empty()) {
    if (const std::string_view engine = find(ids, id); !engine.empty()) return engine;
  }
  const std::string_view all = dom.attribute(element, "class");
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find_first_of(" \t\r\n", at), all.size());
    if (const std::string_view engine = find(classes, all.substr(at, end - at)); !engine.empty())
      return engine;
    at = end + 1;
  }
  return {};
}

bool has_government_meta(const PageMeta& meta) {
  return !meta.first({"articletitle"}).empty() && !meta.first({"pubdate", "contentsource"}).empty();
}

}  // namespace tingchao::crawler
