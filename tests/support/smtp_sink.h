#pragma once
// Runs tests/support/smtp_sink.py for the life of an object. Needs /usr/bin/python3 with aiosmtpd.

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace tingchao::tests {

class SmtpSink {
 public:
  explicit SmtpSink(std::vector<std::string> options = {}) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipes");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    std::vector<std::string> words{"/usr/bin/python3", TINGCHAO_SOURCE_DIR "/tests/support/smtp_sink.py"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int failed = posix_spawn(&child_, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    if (failed) throw std::runtime_error("cannot start the mail sink");
    stdin_ = in[1];
    events_ = ::fdopen(out[0], "r");
    const auto hello = next();
    port_ = static_cast<int>(hello.at("port").as_int64());
    ca_file_ = hello.at("ca_file").as_string().c_str();
  }
  ~SmtpSink() {
    ::close(stdin_);
    ::waitpid(child_, nullptr, 0);
    ::fclose(events_);
  }
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  int port() const { return port_; }
  const std::string& ca_file() const { return ca_file_; }

  // The next event that the sink told of; waits for it, throws when the sink has ended.
  boost::json::object next() {
    std::string line;
    int c;
    while ((c = std::fgetc(events_)) != EOF && c != '\n') line.push_back(static_cast<char>(c));
    if (line.empty()) throw std::runtime_error("the mail sink has ended; is python3-aiosmtpd installed?");
    return boost::json::parse(line).as_object();
  }

 private:
  pid_t child_ = -1;
  int stdin_ = -1;
  std::FILE* events_ = nullptr;
  int port_ = 0;
  std::string ca_file_;
};

}  // namespace tingchao::tests
