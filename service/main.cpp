// The only place that catches: whatever could not start ends here with a line and an exit code.
#include <clocale>
#include <csignal>
#include <cstdio>
#include <exception>

#include "service/cli/commands.h"

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return tingchao::service::run_command_line(argc, argv);
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "tingchao: %s\n", bug.what());
    return tingchao::service::failed;
  }
}
