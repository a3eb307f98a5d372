#include "crawler/not_found.h"

#include <algorithm>

#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t short_body_bytes = 360;  // 120 Chinese characters
constexpr std::size_t title_bytes_max = 120;
constexpr std::size_t gram_bytes = 12;  // four Chinese characters
constexpr double alike = 0.9;

constexpr std::string_view phrases[] = {
    "页面不存在",   "网页不存在",     "您访问的页面",     "页面找不到",
    "页面没有找到", "找不到页面",     "无法找到该页",     "无法找到该网页",
    "内容不存在",   "文章不存在",     "信息不存在",       "帖子不存在",
    "主题不存在",   "该贴已被删除",   "指定的主题不存在", "已被删除或正在被审核",
    "该帖已被删除", "帖子已被删除",   "内容已被删除",     "文章已被删除",
    "已下线",       "抱歉，指定的",   "404 Not Found",    "404错误",
    "404 错误",     "Page Not Found", "page not found"};

bool has_phrase(std::string_view text) {
  return std::any_of(std::begin(phrases), std::end(phrases),
                     [&](std::string_view phrase) { return text.find(phrase) != text.npos; });
}

std::vector<std::uint64_t> grams_of(const std::vector<Document>& documents) {
  std::vector<std::uint64_t> grams;
  for (const Document& document : documents) {
    const std::string text = document.title + "\n" + document.body;
    for (std::size_t at = 0; at + gram_bytes <= text.size(); ++at) {
      if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;  // within a character
      grams.push_back(hash64(std::string_view(text).substr(at, gram_bytes)));
    }
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

}  // namespace

bool says_not_found(const Document& document) {
  if (document.title.size() <= title_bytes_max && document.body.size() <= 2 * short_body_bytes &&
      has_phrase(document.title))
    return true;
  return document.body.size() <= short_body_bytes && has_phrase(document.body);
}

std::string impossible_url(std::string_view origin, std::string_view day) {
  return std::string(origin) + "/" + sha256_hex(std::string(origin) + " " + std::string(day)).substr(0, 20) +
         ".html";
}

NotFoundPage::NotFoundPage(std::string final_url, const std::vector<Document>& documents)
    : url_(std::move(final_url)), grams_(grams_of(documents)) {}

bool NotFoundPage::resembles(std::string_view final_url, const Document& document) const {
  if (honest()) return false;
  if (final_url == url_) return true;
  const auto grams = grams_of({document});
  if (grams.empty() || grams_.empty()) return false;
  std::vector<std::uint64_t> both;
  std::set_intersection(grams.begin(), grams.end(), grams_.begin(), grams_.end(), std::back_inserter(both));
  const double all = static_cast<double>(grams.size() + grams_.size() - both.size());
  return static_cast<double>(both.size()) >= alike * all;
}

}  // namespace tingchao::crawler
