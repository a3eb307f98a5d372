// One outline, four forms. The mail has a size beyond which mail programs hide the rest, so its outline
// shrinks until the HTML fits; Word and Excel keep the wide one.
#include "alerting/digest.h"

#include <boost/json.hpp>

#include "alerting/digest/charts.h"
#include "alerting/digest/docx.h"
#include "alerting/digest/edition.h"
#include "alerting/digest/outline.h"
#include "alerting/digest/xlsx.h"
#include "alerting/notify/mime.h"
#include "alerting/render.h"
#include "alerting/wording.h"
#include "core/hash.h"
#include "core/markup.h"

namespace tingchao::alerting {
namespace {

constexpr const char* html_name = "digest.html.mustache";
constexpr const char* text_name = "digest.txt.mustache";

Result<Edition> edition_of(const DigestInput& input, std::string_view html_template, std::string_view text_template) {
  Limits limits;
  return fitted_edition({html_name, text_name, html_template, text_template},
                        [&] { return to_view(outline_of(input, limits)); }, [&] { return shrink(limits); });
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
}

// What a template writes for the address under which this reader ends the digest.
constexpr std::string_view unsubscribe_link = "href=\"unsubscribe:\"";

}  // namespace

// Indents and blank lines of the template are a fifth of the mail; no reader sees them.
Result<Edition> fitted_edition(const EditionTemplates& templates, const std::function<boost::json::object()>& view,
                               const std::function<bool()>& shrink) {
  while (true) {
    const boost::json::object values = view();
    auto html = render(templates.html_name, templates.html, values, Escape::html);
    if (!html) return html.error();
    Edition edition{without_blank_lines(*html), ""};
    if (edition.html.size() > html_bytes_max && shrink()) continue;
    if (edition.html.size() > html_bytes_max)
      return Error{Errc::too_large, std::string(templates.html_name) + ": over 90 KB even when every list is short",
                   "shorten the template"};
    auto text = render(templates.text_name, templates.text, values, Escape::none);
    if (!text) return text.error();
    edition.text = std::move(*text);
    return edition;
  }
}

std::string without_blank_lines(std::string_view html) {
  std::string out;
  out.reserve(html.size());
  for (std::size_t at = 0; at < html.size();) {
    std::size_t end = html.find('\n', at);
    if (end == html.npos) end = html.size();
    std::string_view line = html.substr(at, end - at);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    if (!line.empty()) (out += line) += '\n';
    at = end + 1;
  }
  return out;
}

Result<Digest> compose(const DigestInput& input, std::string_view html_template, std::string_view text_template) {
  if (input.to <= input.from) return Error{Errc::bad_argument, "digest: its end is not after its start", ""};
  auto edition = edition_of(input, html_template, text_template);
  if (!edition) return edition.error();
  const Outline outline = outline_of(input, Limits{});
  Digest digest;
  digest.period = input.period;
  digest.from = input.from;
  digest.to = input.to;
  digest.subject = "【" + outline.kind + "】" + outline.bureau + " " + outline.date + "：" + outline.headline;
  digest.html = std::move(edition->html);
  digest.text = std::move(edition->text);
  if (!outline.trend.empty() && !outline.quiet) {
    auto picture = draw_trend(outline.trend);
    if (!picture) return picture.error();
    digest.trend_png = std::move(*picture);
  }
  if (!outline.topics.items.empty()) {
    auto picture = draw_topics(outline.topics.items);
    if (!picture) return picture.error();
    digest.topics_png = std::move(*picture);
  }
  digest.file_name = outline.kind + "-" + china_date(digest.to - Seconds{1});
  auto paper = write_docx(outline, {digest.trend_png, digest.topics_png});
  if (!paper) return paper.error();
  digest.docx = std::move(*paper);
  auto ledger = write_ledger(input);
  if (!ledger) return ledger.error();
  digest.xlsx = std::move(*ledger);
  return digest;
}

std::string to_page(const Digest& digest) {
  std::string page = digest.html;
  const auto show = [&page](std::string_view name, const std::string& png) {
    replace_all(page, name, "src=\"data:image/png;base64," + to_base64(png) + "\"");
  };
  show("src=\"cid:trend\"", digest.trend_png);
  show("src=\"cid:topics\"", digest.topics_png);
  replace_all(page, unsubscribe_link, "href=\"#\"");
  return page;
}

std::string to_mail(const Digest& digest, const Envelope& envelope) {
  constexpr const char* office = "application/vnd.openxmlformats-officedocument.";
  Mail mail;
  mail.from = envelope.from;
  mail.to = envelope.to;
  mail.subject = digest.subject;
  mail.message_id = envelope.message_id;
  mail.date = envelope.date;
  mail.text = digest.text;
  mail.html = digest.html;
  mail.unsubscribe = envelope.from;
  mail.unsubscribe_url = link_or_nothing(envelope.unsubscribe_url);
  const std::string by_mail = "mailto:" + bare_address(envelope.from) + "?subject=unsubscribe";
  const std::string& url = mail.unsubscribe_url;
  replace_all(mail.html, unsubscribe_link, "href=\"" + escape_markup(url.empty() ? by_mail : url) + "\"");
  if (!url.empty()) mail.text += "一键退订：" + url + "\n";
  const auto show = [&mail](const char* name, const std::string& png) {
    if (!png.empty()) mail.pictures.push_back({std::string(name) + ".png", "image/png", png, name});
  };
  show("trend", digest.trend_png);
  show("topics", digest.topics_png);
  if (!digest.docx.empty())
    mail.attachments.push_back(
        {digest.file_name + ".docx", office + std::string("wordprocessingml.document"), digest.docx, ""});
  if (!digest.xlsx.empty())
    mail.attachments.push_back({"舆情台账-" + china_date(digest.to - Seconds{1}) + ".xlsx",
                                office + std::string("spreadsheetml.sheet"), digest.xlsx, ""});
  return to_mime(mail);
}

}  // namespace tingchao::alerting
