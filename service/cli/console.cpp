// Plain stdio: every line is written whole, so that output piped to a program is never torn.
#include "service/cli/console.h"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "core/utf8.h"

namespace tingchao::service {

Exit exit_code(const Error& error) {
  switch (error.code) {
    case Errc::bad_argument:
    case Errc::bad_config:
    case Errc::bad_rule:
      return usage;
    default:
      return failed;
  }
}

Console::Console(bool json)
    : json_(json),
      out_terminal_(::isatty(STDOUT_FILENO) != 0),
      err_terminal_(::isatty(STDERR_FILENO) != 0),
      colours_(out_terminal_ && !json) {
  const char* no_colour = std::getenv("NO_COLOR");
  if (no_colour && *no_colour) colours_ = false;
}

void Console::line(std::string_view text) const {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
}

std::string Console::paint(std::string_view text, Colour colour) const {
  if (!colours_ || colour == Colour::plain) return std::string(text);
  static constexpr const char* codes[] = {"0", "1", "2", "31", "33", "32", "34", "36", "38;5;208"};
  return "\x1b[" + std::string(codes[static_cast<int>(colour)]) + "m" + std::string(text) + "\x1b[0m";
}

Exit Console::error(const Error& error) const {
  progress_end();
  std::string text = "tingchao: " + describe(error) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
  return exit_code(error);
}

void Console::note(std::string_view text) const {
  progress_end();
  std::string whole = std::string(text) + "\n";
  std::fwrite(whole.data(), 1, whole.size(), stderr);
}

void Console::progress(std::string_view text) const {
  if (!err_terminal_) return;
  const std::string whole = "\r\x1b[2K" + clip(text, 100);
  std::fwrite(whole.data(), 1, whole.size(), stderr);
}

void Console::progress_end() const {
  if (err_terminal_) std::fputs("\r\x1b[2K", stderr);
}

namespace {
std::size_t width_of(char32_t c) {
  if (c < 0x20 || c == 0x200B || (c >= 0x300 && c <= 0x36F)) return 0;
  const bool wide =
      (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
      (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
      (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}
}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(next_char(text, at));
  return width;
}

std::string pad(std::string_view text, std::size_t width) {
  std::string padded(text);
  const std::size_t used = columns(text);
  if (used < width) padded.append(width - used, ' ');
  return padded;
}

std::string clip(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  std::size_t used = 0, at = 0, kept = 0;
  while (at < text.size()) {
    used += width_of(next_char(text, at));
    if (used + 1 > width) break;
    kept = at;
  }
  return std::string(text.substr(0, kept)) + "…";
}

}  // namespace tingchao::service
