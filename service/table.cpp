// libxlsxwriter escapes and packs; write_string never makes a formula of a cell.
#include "service/table.h"

#include <cstdlib>

#include <unistd.h>
#include <xlsxwriter.h>

#include "core/utf8.h"
#include "service/files.h"

namespace tingchao::service {

std::string to_csv(const Table& table) {
  std::string out = "\xEF\xBB\xBF";
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      std::string cell = row[i];
      if (!cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos)
        cell.insert(0, "'");
      out += '"';
      for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
      }
      out += '"';
    }
    out += "\r\n";
  }
  return out;
}

Result<std::string> to_xlsx(const Table& table, const std::string& sheet) {
  char path[] = "/tmp/tingchao-table-XXXXXX";  // this release of the library writes to files only
  const int fd = ::mkstemp(path);
  if (fd < 0)
    return Error{Errc::io, std::string(path) + ": cannot be made", "make /tmp writable and free space there"};
  ::close(fd);
  lxw_workbook* book = workbook_new(path);
  lxw_worksheet* page = workbook_add_worksheet(book, sheet.c_str());
  lxw_format* bold = workbook_add_format(book);
  format_set_bold(bold);
  constexpr std::size_t cell_bytes_max = 30'000;  // Excel allows 32,767 characters
  for (std::size_t r = 0; r < table.size(); ++r)
    for (std::size_t c = 0; c < table[r].size(); ++c) {
      const std::string cell(cut_bytes(table[r][c], cell_bytes_max));
      worksheet_write_string(page, static_cast<lxw_row_t>(r), static_cast<lxw_col_t>(c), cell.c_str(),
                             r == 0 ? bold : nullptr);
    }
  worksheet_freeze_panes(page, 1, 0);
  const lxw_error failed = workbook_close(book);
  auto bytes = read_file(path, std::size_t{1} << 30);
  ::unlink(path);
  if (failed != LXW_NO_ERROR)
    return Error{Errc::io, std::string("writing the workbook: ") + lxw_strerror(failed),
                 "free space under /tmp"};
  return bytes;
}

}  // namespace tingchao::service
