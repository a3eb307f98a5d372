#include "crawler/url_reference.h"

#include <catch2/catch.hpp>

using namespace tingchao::crawler;

TEST_CASE("references are resolved as RFC 3986 5.4 lists them", "[crawler][url]") {
  const char* const base = "http://a/b/c/d;p?q";
  struct Case {
    const char *reference, *want;
  };
  const Case cases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {"g?y#s", "http://a/b/c/g?y"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"http:g", "http://a/b/c/g"},
      {"%2E%2e/g", "http://a/b/g"},
      {"g//h", "http://a/b/c/g//h"},
      {"https://other.example", "https://other.example/"},
      {"https:g", ""},
      {"mailto:x@y.z", ""},
      {"javascript:void(0)", ""},
      {"ftp://a/b", ""},
      {"file:///etc/passwd", ""},
      {"data:text/html,x", ""},
  };
  for (const Case& c : cases) DYNAMIC_SECTION("'" << c.reference << "'") {
    CHECK(resolve_reference(c.reference, base).value_or("") == c.want);
  }
}

TEST_CASE("addresses are brought into the form that is sent", "[crawler][url]") {
  struct Case {
    const char *url, *want;
  };
  const Case cases[] = {
      {"HTTP://WWW.Example.COM", "http://www.example.com/"},
      {"http://a:80/", "http://a/"},
      {"https://a:443/x", "https://a/x"},
      {"http://a:443/", "http://a:443/"},
      {"http://a:/x", "http://a/x"},
      {"http://a:08080/x", "http://a:8080/x"},
      {"  http://a/x \r\n", "http://a/x"},
      {"http://a/x\r\n\ty", "http://a/xy"},
      {"http:\\\\a\\b?c\\d", "http://a/b?c%5Cd"},
      {"http://a/中 文?问=答", "http://a/%E4%B8%AD%20%E6%96%87?%E9%97%AE=%E7%AD%94"},
      {"http://a/\"<>`{}|^", "http://a/%22%3C%3E%60%7B%7D%7C%5E"},
      {"http://a/%e4%zz%", "http://a/%e4%zz%"},
      {"http://a/x?utm_source=feed", "http://a/x?utm_source=feed"},
      {"http://a?b", "http://a/?b"},
      {"http://教育局.政务.cn/", "http://xn--dgtp5sd2w.xn--zfr164b.cn/"},
      {"http://a%2Eb/", "http://a.b/"},
      {"http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"},
      {"http://例え。テスト/", "http://xn--r8jz45g.xn--zckzah/"},
      {"http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"},
      {"http://[::1]/", "http://[::1]/"},
      {"http://a_b.example/", "http://a_b.example/"},
      {"http://127.0.0.1.:90/", "http://127.0.0.1.:90/"},
      // no addresses
      {"", ""},
      {"http://", ""},
      {"http:///x", ""},
      {"http://user@a/", ""},
      {"http://user:pass@a/", ""},
      {"http://a@b:80@c/", ""},
      {"http://a:0/", ""},
      {"http://a:65536/", ""},
      {"http://a:8o/", ""},
      {"http://a:-1/", ""},
      {"http://a b/", ""},
      {"http://a%00b/", ""},
      {"http://a%2fb/", ""},
      {"http://a%40b/", ""},
      {"http://a<b/", ""},
      {"http://[::1/", ""},
      {"http://[]/", ""},
      {"http://[::1%25lo]/", ""},
      {"http://[::1]x/", ""},
      {"//a/b", ""},
      {"/a", ""},
      {"a.example/x", ""},
      {"http://\xff\xfe/", ""},
      {"http://a\\@b/", "http://a/@b/"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION("'" << c.url << "'") {
    const auto got = resolve_reference(c.url);
    CHECK(got.value_or("") == c.want);
    if (got) CHECK(resolve_reference(*got) == got);
  }
  CHECK_FALSE(resolve_reference("http://a/" + std::string(9000, 'x')));
  CHECK_FALSE(resolve_reference("http://a/" + std::string(4000, ' ') + "x" ));
  CHECK_FALSE(resolve_reference("http://" + std::string(300, 'a') + "/"));
}

TEST_CASE("an address is taken apart for politeness and robots", "[crawler][url]") {
  struct Case {
    const char *url, *origin, *host, *target;
  };
  const Case cases[] = {
      {"http://a/b?c", "http://a", "a:80", "/b?c"},
      {"https://a/", "https://a", "a:443", "/"},
      {"https://a:8443/x", "https://a:8443", "a:8443", "/x"},
      {"http://[::1]/x", "http://[::1]", "[::1]:80", "/x"},
      {"http://[::1]:81/x", "http://[::1]:81", "[::1]:81", "/x"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.url) {
    const WebAddress address = web_address(c.url);
    CHECK(address.origin == c.origin);
    CHECK(address.host == c.host);
    CHECK(address.target == c.target);
  }
}
