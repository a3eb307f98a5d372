#pragma once
// Hands a message to the machine's log: the journal by its native protocol, so that fields stay fields,
// or any syslog by RFC 5424 over a local or UDP socket.

#include <string>
#include <string_view>

#include "core/result.h"

namespace tingchao::alerting {

struct LogEntry {
  int rank = 0;             // of the level; 0: none
  std::string_view id;      // of the message: MSGID and field
  std::string_view warning; // or empty
  std::string_view stream;
  std::string_view text;    // one line
};

// RFC 5424, facility local0; severity: Ⅰ crit, Ⅱ err, Ⅲ warning, Ⅳ notice, else info.
std::string syslog_line(const LogEntry& entry, std::string_view timestamp, std::string_view host, long process);
// NAME=value lines; a value of several lines in the length-prefixed form.
std::string journal_fields(const LogEntry& entry);

// `socket`: "journal", "unix:PATH", "udp:ADDRESS:PORT" or "auto". Gives where it went. Fails with io
// (nobody listens there; try later) or bad_config.
Result<std::string> write_log(const std::string& socket, const LogEntry& entry);

}  // namespace tingchao::alerting
