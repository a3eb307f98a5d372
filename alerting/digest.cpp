// One outline, four forms. The mail has a size beyond which mail programs hide the rest, so its outline
// shrinks until the HTML fits; Word and Excel keep the wide one.
#include "alerting/digest.h"

#include <boost/json.hpp>

#include "alerting/digest/charts.h"
#include "alerting/digest/docx.h"
#include "alerting/digest/outline.h"
#include "alerting/digest/xlsx.h"
#include "alerting/notify/mime.h"
#include "alerting/render.h"
#include "core/hash.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t html_bytes_max = 90 * 1024;
constexpr const char* html_name = "digest.html.mustache";
constexpr const char* text_name = "digest.txt.mustache";

// Indents and blank lines of the template are a fifth of the mail; no reader sees them.
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

struct Edition {
  std::string html, text;
};

Result<Edition> edition_of(const DigestInput& input, std::string_view html_template, std::string_view text_template) {
  Limits limits;
  while (true) {
    const boost::json::object view = to_view(outline_of(input, limits));
    auto html = render(html_name, html_template, view, Escape::html);
    if (!html) return html.error();
    Edition edition;
    edition.html = without_blank_lines(*html);
    if (edition.html.size() > html_bytes_max && shrink(limits)) continue;
    if (edition.html.size() > html_bytes_max)
      return Error{Errc::too_large, std::string(html_name) + ": over 90 KB even when every list is short",
                   "shorten the template"};
    auto text = render(text_name, text_template, view, Escape::none);
    if (!text) return text.error();
    edition.text = std::move(*text);
    return edition;
  }
}

std::string file_date(const Digest& digest) { return china_date(digest.to - Seconds{1}); }

}  // namespace

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
  auto paper = write_docx(outline, digest.trend_png);
  if (!paper) return paper.error();
  digest.docx = std::move(*paper);
  auto ledger = write_ledger(input);
  if (!ledger) return ledger.error();
  digest.xlsx = std::move(*ledger);
  return digest;
}

std::string to_page(const Digest& digest) {
  constexpr std::string_view reference = "cid:trend";
  std::string page = digest.html;
  if (const std::size_t at = page.find(reference); at != page.npos)
    page.replace(at, reference.size(), "data:image/png;base64," + to_base64(digest.trend_png));
  return page;
}

std::string to_mail(const Digest& digest, const std::string& from, const std::string& to,
                    const std::string& message_id, Time date) {
  constexpr const char* office = "application/vnd.openxmlformats-officedocument.";
  Mail mail;
  mail.from = from;
  mail.to = to;
  mail.subject = digest.subject;
  mail.message_id = message_id;
  mail.date = date;
  mail.text = digest.text;
  mail.html = digest.html;
  mail.unsubscribe = from;
  if (!digest.trend_png.empty()) mail.pictures.push_back({"trend.png", "image/png", digest.trend_png, "trend"});
  if (!digest.docx.empty())
    mail.attachments.push_back({report_name(digest.period) + std::string("-") + file_date(digest) + ".docx",
                                office + std::string("wordprocessingml.document"), digest.docx, ""});
  if (!digest.xlsx.empty())
    mail.attachments.push_back(
        {"舆情台账-" + file_date(digest) + ".xlsx", office + std::string("spreadsheetml.sheet"), digest.xlsx, ""});
  return to_mime(mail);
}

}  // namespace tingchao::alerting
