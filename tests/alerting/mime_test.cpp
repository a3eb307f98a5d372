#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <unistd.h>

#include <boost/json.hpp>

#include "alerting/notify/mime.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/utf8.h"
#include "tests/alerting/mail_reading.h"
#include "tests/alerting/sample.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;

namespace {

Mail sample_mail() {
  Mail mail;
  mail.from = "听潮预警 <alert@example.cn>";
  mail.to = "值班员 <duty@example.cn>";
  mail.subject = "【Ⅱ级橙色】某区实验小学";
  mail.message_id = "0123456789abcdef@example.cn";
  mail.date = at("2026-04-15 22:40:07");
  mail.text = "正文\n第二行\n";
  return mail;
}

// What the program prints. It is read from a file, for an argument may not be that long.
std::string run_python(const std::string& program) {
  char path[] = "/tmp/tingchao-mail-XXXXXX";
  const int file = ::mkstemp(path);
  REQUIRE(file >= 0);
  REQUIRE(::write(file, program.data(), program.size()) == static_cast<ssize_t>(program.size()));
  ::close(file);
  std::FILE* pipe = ::popen((std::string("PYTHONIOENCODING=utf-8 /usr/bin/python3 ") + path).c_str(), "r");
  REQUIRE(pipe);
  std::string said;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) said += static_cast<char>(c);
  CHECK(::pclose(pipe) == 0);
  ::unlink(path);
  return said;
}

// Han of several planes, emoji with joiners, Latin, spaces, bytes that quoted-printable would escape.
std::string random_text(std::mt19937& random) {
  static const char* const pieces[] = {"食", "堂", "𠮷", "㐀", "👨‍👩‍👧", "😡", "é", "A", "=",
                                       "?", "_", "=?", " ", "（", "18", "\"", "，"};
  std::string text;
  const std::size_t length = 1 + random() % 90;
  for (std::size_t i = 0; i < length; ++i) text += pieces[random() % std::size(pieces)];
  return text;
}

}  // namespace

TEST_CASE("a subject is encoded as the vector says", "[alerting][mime]") {
  CHECK("Subject: " + encode_words("Subject", "【Ⅱ级橙色】某区实验小学食堂食品安全舆情快速升温（6小时内18家来源，升级自Ⅲ级）") ==
        "Subject: =?UTF-8?B?44CQ4oWh57qn5qmZ6Imy44CR5p+Q5Yy65a6e6aqM5bCP5a2m6aOf?=\r\n"
        " =?UTF-8?B?5aCC6aOf5ZOB5a6J5YWo6IiG5oOF5b+r6YCf5Y2H5rip77yINuWwj+aXtg==?=\r\n"
        " =?UTF-8?B?5YaFMTjlrrbmnaXmupDvvIzljYfnuqfoh6rihaLnuqfvvIk=?=");
}

TEST_CASE("encoded words", "[alerting][mime]") {
  struct Case {
    const char* name;
    const char* text;
    const char* want;
  };
  const Case cases[] = {
      {"短的英文照写", "Daily report 12", "Daily report 12"},
      {"看似编码字的英文要编码", "=?UTF-8?B?eA==?=", "=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?="},
      {"换行不能变成新的信头", "a\r\nBcc: x@example.cn", "a  Bcc: x@example.cn"},
      {"空的", "", ""},
      {"首尾空格要保住", " a", "=?UTF-8?B?IGE=?="},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) { CHECK(encode_words("Subject", c.text) == c.want); }
}

TEST_CASE("any subject comes back, in lines of 76", "[alerting][mime]") {
  std::mt19937 random(20260415);
  for (int round = 0; round < 10'000; ++round) {
    const std::string text = random_text(random), value = encode_words("Subject", text);
    INFO(text << "\n" << value);
    std::string decoded;
    for (const std::string& line : crlf_lines("Subject: " + value)) {
      REQUIRE(line.size() <= 76);
      const std::size_t start = line.find("=?UTF-8?B?");
      if (start == line.npos) {
        decoded += line.substr(9);  // plain, after "Subject: "
        continue;
      }
      REQUIRE(line.size() - start <= 75);
      REQUIRE(line.ends_with("?="));
      const std::string characters = from_base64(line.substr(start + 10, line.size() - start - 12));
      REQUIRE(is_utf8(characters));  // none is cut in two
      decoded += characters;
    }
    REQUIRE(decoded == text);
  }
}

TEST_CASE("another reader decodes the same subjects", "[alerting][mime]") {
  std::mt19937 random(47);
  std::string program = "import base64, email.header as h\nd = lambda t: base64.b64decode(t).decode()\nok = 0\n";
  int rounds = 0;
  for (; rounds < 500; ++rounds) {
    const std::string text = random_text(random);
    program += "ok += str(h.make_header(h.decode_header(d('" + to_base64(encode_words("Subject", text)) +
               "')))) == d('" + to_base64(text) + "')\n";
  }
  program += "print(ok)\n";
  CHECK(run_python(program) == std::to_string(rounds) + "\n");
}

TEST_CASE("a plain mail", "[alerting][mime]") {
  Mail mail = sample_mail();
  const std::string bytes = to_mime(mail);
  const Message message = parse_mail(bytes);
  CHECK(subject_of_mail(message) == mail.subject);
  CHECK(std::string(g_mime_message_get_message_id(message.get())) == mail.message_id);
  CHECK(header(message, "Date") == "Wed, 15 Apr 2026 22:40:07 +0800");
  CHECK(header(message, "Auto-Submitted") == "auto-generated");
  CHECK(bytes.find("\r\nContent-Language: zh-CN\r\n") != std::string::npos);
  CHECK(header(message, "MIME-Version") == "1.0");
  for (const char* absent : {"In-Reply-To", "References", "X-Priority", "Importance", "List-Unsubscribe", "Bcc"})
    CHECK(header(message, absent) == "");
  GMimeObject* body = g_mime_message_get_mime_part(message.get());
  CHECK(type_of(body) == "text/plain");
  CHECK(std::string(g_mime_object_get_content_type_parameter(body, "charset")) == "UTF-8");
  CHECK(content(body) == mail.text);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] == '\n') REQUIRE((i > 0 && bytes[i - 1] == '\r'));
  for (const unsigned char c : bytes) REQUIRE(c < 0x80);
}

TEST_CASE("a Message-ID has one pair of brackets", "[alerting][mime]") {
  for (const char* id : {"a@example.cn", "<a@example.cn>", "<a@example\r\n.cn>"}) {
    Mail mail = sample_mail();
    mail.message_id = id;
    CHECK(to_mime(mail).find("\r\nMessage-ID: <a@example.cn>\r\n") != std::string::npos);
  }
}

TEST_CASE("headers that hang on the mail", "[alerting][mime]") {
  Mail mail = sample_mail();
  mail.thread = "first@example.cn";
  mail.urgent = true;
  mail.unsubscribe = mail.from;
  const Message message = parse_mail(to_mime(mail));
  CHECK(header(message, "In-Reply-To") == "<first@example.cn>");
  CHECK(header(message, "References") == "<first@example.cn>");
  CHECK(header(message, "X-Priority") == "1");
  CHECK(header(message, "List-Unsubscribe") == "<mailto:alert@example.cn?subject=unsubscribe>");
}

TEST_CASE("addresses", "[alerting][mime]") {
  struct Case {
    const char* name;
    const char* address;
    const char* shown;  // as GMime reads it back
    const char* bare;
  };
  const Case cases[] = {
      {"中文名", "听潮预警 <alert@example.cn>", "听潮预警 <alert@example.cn>", "alert@example.cn"},
      {"没有名字", "alert@example.cn", "alert@example.cn", "alert@example.cn"},
      {"名字里有逗号和引号", "Li, \"Desk\" <a@example.cn>", "\"Li, \\\"Desk\\\"\" <a@example.cn>", "a@example.cn"},
      {"很长的中文名", "某某区教育和体育局舆情监测与应急处置工作领导小组办公室值班室 <duty@example.cn>",
       "某某区教育和体育局舆情监测与应急处置工作领导小组办公室值班室 <duty@example.cn>", "duty@example.cn"},
      {"换行混不进信头", "a\r\nBcc: c@example.cn <b@example.cn>", "\"a  Bcc: c@example.cn\" <b@example.cn>", "b@example.cn"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Mail mail = sample_mail();
    mail.to = c.address;
    const std::string bytes = to_mime(mail);
    const Message message = parse_mail(bytes);
    char* shown = internet_address_list_to_string(g_mime_message_get_to(message.get()), nullptr, FALSE);
    CHECK(std::string(shown) == c.shown);
    g_free(shown);
    CHECK(header(message, "Bcc") == "");
    CHECK(bare_address(c.address) == c.bare);
    for (const std::string& line : crlf_lines(bytes)) CHECK(line.size() <= 76);
  }
}

TEST_CASE("a group that names nobody", "[alerting][mime]") {
  Mail mail = sample_mail();
  mail.to = "值班人员:;";
  const Message message = parse_mail(to_mime(mail));
  InternetAddressList* to = g_mime_message_get_to(message.get());
  REQUIRE(internet_address_list_length(to) == 1);
  CHECK(INTERNET_ADDRESS_IS_GROUP(internet_address_list_get_address(to, 0)));
}

TEST_CASE("the tree of a report: text, HTML with its picture, two files", "[alerting][mime]") {
  Mail mail = sample_mail();
  mail.html = "<p>正文</p>";
  std::string every_byte;
  for (int c = 0; c < 256; ++c) every_byte += static_cast<char>(c);
  mail.pictures.push_back({"trend.png", "image/png", every_byte, "trend"});
  mail.attachments.push_back({"舆情日报-2026-04-15.docx", "application/zip", every_byte + every_byte, ""});
  mail.attachments.push_back({"台账\r\nX: y.xlsx", "application/zip", "x", ""});
  const std::string bytes = to_mime(mail);
  const Message message = parse_mail(bytes);
  GMimeObject* mixed = g_mime_message_get_mime_part(message.get());
  REQUIRE(type_of(mixed) == "multipart/mixed");
  REQUIRE(g_mime_multipart_get_count(GMIME_MULTIPART(mixed)) == 3);
  GMimeObject* alternative = child(mixed, 0);
  REQUIRE(type_of(alternative) == "multipart/alternative");
  CHECK(content(child(alternative, 0)) == mail.text);
  GMimeObject* related = child(alternative, 1);
  REQUIRE(type_of(related) == "multipart/related");
  CHECK(type_of(child(related, 0)) == "text/html");
  CHECK(content(child(related, 0)) == mail.html);
  CHECK(std::string(g_mime_object_get_content_id(child(related, 1))) == "trend");
  CHECK(std::string(g_mime_object_get_disposition(child(related, 1))) == "inline");
  CHECK(content(child(related, 1)) == every_byte);
  CHECK(std::string(g_mime_part_get_filename(GMIME_PART(child(mixed, 1)))) == "舆情日报-2026-04-15.docx");
  CHECK(std::string(g_mime_object_get_disposition(child(mixed, 1))) == "attachment");
  CHECK(content(child(mixed, 1)) == every_byte + every_byte);
  CHECK(std::string(g_mime_part_get_filename(GMIME_PART(child(mixed, 2)))) == "台账  X: y.xlsx");
  CHECK(to_mime(mail) == bytes);  // nothing of chance in it
}

TEST_CASE("any file name comes back, in lines of 76", "[alerting][mime][names]") {
  std::mt19937 random(20260416);
  for (int round = 0; round < 10'000; ++round) {
    const std::string name = random_text(random) + ".docx";
    Mail mail;
    mail.from = "a@example.cn";
    mail.to = "b@example.cn";
    mail.message_id = "1@example.cn";
    mail.text = "x";
    mail.attachments = {{name, "application/octet-stream", "x", ""}};
    const std::string bytes = to_mime(mail);
    INFO(name << "\n" << bytes);
    for (const std::string& line : crlf_lines(bytes)) REQUIRE(line.size() <= 76);
    const Message message = parse_mail(bytes);
    REQUIRE(std::string(g_mime_part_get_filename(GMIME_PART(child(g_mime_message_get_mime_part(message.get()), 1)))) ==
            name);
  }
}

TEST_CASE("a file name is written in both ways that readers know", "[alerting][mime][names]") {
  Mail mail = sample_mail();
  mail.attachments = {
      {"舆情日报-2026-04-15.docx", "application/zip", "x", ""},
      {"某某区教育局舆情专报：某某区第一实验小学食堂食品安全.docx", "application/zip", "x", ""},
      {"a\"b\\c.csv", "text/csv", "x", ""}};
  const std::string bytes = to_mime(mail);
  for (const char* lines :
       {"Content-Type: application/zip;\r\n "
        "name=\"=?UTF-8?B?6IiG5oOF5pel5oqlLTIwMjYtMDQtMTUuZG9jeA==?=\"\r\n",
        "Content-Disposition: attachment;\r\n"
        " filename*=UTF-8''%E8%88%86%E6%83%85%E6%97%A5%E6%8A%A5-2026-04-15.docx\r\n",
        " name=\"=?UTF-8?B?5p+Q5p+Q5Yy65pWZ6IKy5bGA6IiG5oOF5LiT5oql77ya5p+Q5p+Q?=\r\n =?UTF-8?B?",
        " filename*0*=UTF-8''%E6%9F%90%E6%9F%90%E5%8C%BA%E6%95%99%E8%82%B2;\r\n filename*1*=%E5%B1%80",
        " name*=UTF-8''a%22b%5Cc.csv\r\n"})
    CHECK(bytes.find(lines) != std::string::npos);
}

TEST_CASE("another mail reader agrees", "[alerting][mime]") {
  const Digest digest = sample_digest(sample_day());
  const std::string from = "听潮 <alert@example.cn>";
  const std::string mail = to_mail(digest, {from, "值班员 <duty@example.cn>", "id@example.cn", digest.to, ""});
  const std::string said = run_python(
      "import base64, email, email.policy\n"
      "m = email.message_from_bytes(base64.b64decode('" + to_base64(mail) + "'), policy=email.policy.default)\n"
      "print(m['subject']); print(m['from']); print(len(m.defects))\n"
      "for p in m.walk():\n"
      "  if not p.is_multipart(): print(p.get_content_type(), p.get_filename(), len(p.get_payload(decode=True)))\n");
  const std::string office = "application/vnd.openxmlformats-officedocument.";
  const auto size = [](const std::string& bytes) { return std::to_string(bytes.size()) + "\n"; };
  CHECK(said == digest.subject + "\n听潮 <alert@example.cn>\n0\n" +
                    "text/plain None " + size(digest.text) + "text/html None " +
                    size(part_of_type(parse_mail(mail), "text/html")) +
                    "image/png trend.png " + size(digest.trend_png) + "image/png topics.png " +
                    size(digest.topics_png) +
                    office + "wordprocessingml.document 舆情日报-2026-04-15.docx " + size(digest.docx) +
                    office + "spreadsheetml.sheet 舆情台账-2026-04-15.xlsx " + size(digest.xlsx));
}

// Another parser than the one that other tests read with, and than the one that wrote; every line of every
// mail.
TEST_CASE("whole mails round-trip through Python's parser, in lines of 76", "[alerting][mime]") {
  std::mt19937 random(20260416);
  std::string all;
  std::vector<Mail> want;
  for (int round = 0; round < 10'000; ++round) {
    Mail mail = sample_mail();
    mail.from = std::string(trim(cut_chars(random_text(random), 40))) + "报 <tingchao@yuqing.example.gov.cn>";
    mail.to = round % 3 ? "值班员 <duty@example.cn>" : std::string(trim(random_text(random))) + "组:;";
    mail.subject = random_text(random);
    mail.message_id = stable_id(std::to_string(round)) + "@yuqing-tingchao.jiaoyuju.some-district.gov.cn";
    mail.thread = round % 2 ? mail.message_id : "";
    mail.text = random_text(random) + std::string(300, 'x') + "\n";
    mail.html = "<p>" + std::string(300, 'x') + "</p>";
    mail.unsubscribe = mail.from;
    mail.unsubscribe_url = "https://yuqing-tingchao.jiaoyuju.some-qu.gov.cn/u/0123456789abcdefghijkl";
    mail.pictures.push_back({"走势.png", "image/png", "x", "trend@some-district.gov.cn"});
    mail.attachments.push_back({std::string(trim(random_text(random) + "册")),
                                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                                "x", ""});
    const std::string raw = to_mime(mail), size = std::to_string(raw.size());
    all += std::string(10 - size.size(), '0') + size + raw;
    want.push_back(std::move(mail));
  }
  const std::string path = "/tmp/tingchao-mails-" + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << all;
  std::string program;
  {
    std::ifstream script(TINGCHAO_SOURCE_DIR "/tests/alerting/read_mails.py");
    program.assign(std::istreambuf_iterator<char>(script), {});
  }
  const std::string said = run_python("import sys\nsys.argv.append('" + path + "')\n" + program);
  std::filesystem::remove(path);
  std::istringstream lines(said);
  std::size_t at = 0;
  for (std::string line; std::getline(lines, line) && at < want.size(); ++at) {
    const auto read = parse_json(line);
    REQUIRE(read);
    const Mail& mail = want[at];
    const auto text = [&](const char* key) { return std::string(read->at(key).as_string()); };
    REQUIRE(text("subject") == mail.subject);
    REQUIRE(text("file") == mail.attachments[0].name);
    REQUIRE(text("name") == mail.attachments[0].name);  // by the older way of writing it
    REQUIRE(text("id") == "<" + mail.message_id + ">");
    REQUIRE(text("unsubscribe").starts_with("<" + mail.unsubscribe_url + ">,"));
    REQUIRE(text("text") == mail.text);
    INFO(text("line"));
    REQUIRE(text("line").size() <= 76);
  }
  CHECK(at == want.size());
}
