#pragma once
// What the command line says and how it ends: results on standard output, progress and mistakes on
// standard error, colours only on a terminal and never under NO_COLOR.

#include <string>
#include <string_view>

#include "core/result.h"

namespace tingchao::service {

// The exit codes of the contract.
enum Exit : int { done = 0, nothing = 1, usage = 2, failed = 3 };
Exit exit_code(const Error& error);

enum class Colour { plain, bold, dim, red, yellow, green, blue, cyan, orange };

class Console {
 public:
  explicit Console(bool json);
  bool json() const { return json_; }
  bool interactive() const { return err_terminal_; }
  bool out_terminal() const { return out_terminal_; }

  void line(std::string_view text) const;                         // standard output
  std::string paint(std::string_view text, Colour colour) const;  // for standard output
  // "tingchao: place: what (mend)" on standard error; gives the exit code that fits.
  Exit error(const Error& error) const;
  void note(std::string_view text) const;  // standard error, a line
  // One line that is written over again; nothing when standard error is no terminal.
  void progress(std::string_view text) const;
  void progress_end() const;

 private:
  bool json_, out_terminal_, err_terminal_, colours_;
};

// Display columns of a UTF-8 text (Han and full width take two), and padding by them.
std::size_t columns(std::string_view text);
std::string pad(std::string_view text, std::size_t width);
std::string clip(std::string_view text, std::size_t width);  // with … when cut

}  // namespace tingchao::service
