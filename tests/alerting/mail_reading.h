#pragma once
// Reads back what to_mime() wrote, with GMime's parser: for tests that ask what a reader would see.

#include <memory>
#include <string>
#include <vector>

#include <gmime/gmime.h>

namespace tingchao::tests {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using Message = std::unique_ptr<GMimeMessage, Unref>;

// The bytes must come from to_mime(), which initialises GMime.
Message parse_mail(const std::string& bytes);
std::string header(const Message& message, const char* name);  // empty when absent
std::string decode_words(const std::string& value);
std::string subject_of_mail(const Message& message);
std::string content(GMimeObject* part);
std::string type_of(GMimeObject* part);
GMimeObject* child(GMimeObject* parts, int index);
// The decoded first part of that type, wherever it is; empty when there is none.
std::string part_of_type(const Message& message, const std::string& type);
std::vector<std::string> crlf_lines(const std::string& text);

}  // namespace tingchao::tests
