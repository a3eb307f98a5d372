// What identifies a private person never reaches the store; what a bureau must be able to read does.
#include <catch2/catch.hpp>

#include <random>
#include <string>

#include "analyzer/masking/masking.h"
#include "core/utf8.h"

using namespace tingchao;
using tingchao::analyzer::mask_text;

TEST_CASE("private numbers and names become stars", "[masking][privacy]") {
  struct Case {
    const char* name;
    const char* text;
    const char* masked;
  };
  const Case cases[] = {
      {"手机", "请打13812345678找李老师", "请打138****5678找李老师"},
      {"手机带空格", "电话 138 1234 5678", "电话 138 **** 5678"},
      {"手机带横线", "138-1234-5678，谢谢", "138-****-5678，谢谢"},
      {"手机带国家号", "+86 13812345678", "+86 138****5678"},
      {"全角手机", "１３８１２３４５６７８", "１３８****５６７８"},
      {"手机连着字母", "联系人B13812345678", "联系人B138****5678"},
      {"手机当微信号", "加V13812345678", "加V13********8"},
      {"座机", "0571-87654321", "0571-87****21"},
      {"有标签的座机", "联系电话：87654321", "联系电话：87****21"},
      {"身份证", "身份证110101199003074514", "身份证110*************14"},
      {"身份证末位X", "证件号 11010519491231002X", "证件号 110*************2X"},
      {"银行卡", "卡号 6222 0212 3456 7890 123", "卡号 6222 **** **** ***0 123"},
      {"邮箱", "发到zhangsan@example.com即可", "发到z*******@example.com即可"},
      {"QQ", "我的QQ：12345678", "我的QQ：12*****8"},
      {"微信", "加微信：liming_2016", "加微信：li********6"},
      {"车牌", "浙A·12345停在校门口", "浙A·1***5停在校门口"},
      {"住址", "住在翠苑一区5幢2单元301室", "住在翠苑一区*幢*单元***室"},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(mask_text(c.text) == c.masked);
  }
}

TEST_CASE("public numbers stay as they are", "[masking][privacy]") {
  const char* const texts[] = {
      "拨打12345政务服务热线，或110、119、120",
      "客服400-820-8820",
      "2026年4月15日14:30，共17名学生",
      "国办发〔2016〕80号文件",
      "中标价1234567.89元，面积23456平方米",
      "文三路123号的望山路小学",
      "3号楼2层的302教室",
      "http://www.example.cn/2026/0415/13812345678.html",
      "学号范围和考场号见附件，第3场9:00开始",
      "每人收了1200元，全班48人",
  };
  for (const char* text : texts) {
    INFO(text);
    CHECK(mask_text(text) == text);
  }
}

TEST_CASE("masking keeps the number of characters and is done once", "[masking][privacy]") {
  const std::string pieces[] = {"13812345678", "身份证", "110101199003074514",
                                "a@b.cn",      "微信",   "号",
                                " ",           "-",      "浙A12345",
                                "5幢",         "2单元",  "301室",
                                "，",          "x",      "8765",
                                "学"};
  std::mt19937 random(7);
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int i = 0; i < 8; ++i) text += pieces[random() % std::size(pieces)];
    const std::string masked = mask_text(text);
    INFO(text);
    REQUIRE(is_utf8(masked));
    REQUIRE(count_chars(masked) == count_chars(text));
    REQUIRE(mask_text(masked) == masked);
  }
}
