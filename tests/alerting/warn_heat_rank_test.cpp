// Ranks of heat: percentiles, one count per story and age, and the text form.
#include <catch2/catch.hpp>

#include "alerting/warn/heat_rank.h"

using namespace tingchao;
using namespace tingchao::alerting;
using std::chrono::hours;

TEST_CASE("a story stands where its heat stands among others of its age", "[warn][heat]") {
  HeatRank ranks;
  for (int i = 0; i < 90; ++i) {
    HeatRank::Place place;
    ranks.move(place, hours{2}, 1);
  }
  for (int i = 0; i < 10; ++i) {
    HeatRank::Place place;
    ranks.move(place, hours{2}, 16);
  }
  const HeatRank::Place none;
  CHECK(ranks.stories(hours{2}) == 100);
  CHECK(ranks.percentile(none, hours{2}, 4) == Approx(0.90));
  CHECK(ranks.percentile(none, hours{2}, 1) == Approx(0.45));
  CHECK(ranks.percentile(none, hours{2}, 100) == Approx(1));
  CHECK(ranks.median(hours{2}) == Approx(1).epsilon(0.2));
  CHECK(ranks.stories(hours{30}) == 0);  // another age
  CHECK(ranks.percentile(none, hours{30}, 5) == Approx(0.5));
}

TEST_CASE("a story counts once per age, with its peak, and not against itself", "[warn][heat]") {
  HeatRank ranks;
  HeatRank::Place place;
  for (double heat : {1.0, 2.0, 4.0, 2.0}) ranks.move(place, hours{2}, heat);
  CHECK(ranks.stories(hours{2}) == 1);
  CHECK(ranks.percentile(place, hours{2}, 4) == Approx(0.5));  // nobody to compare with
  HeatRank::Place other;
  ranks.move(other, hours{2}, 1);
  CHECK(ranks.percentile(place, hours{2}, 4) == Approx(1));
  ranks.move(place, hours{8}, 3);
  CHECK(ranks.stories(hours{2}) == 2);
  CHECK(ranks.stories(hours{8}) == 1);
}

TEST_CASE("counts stay bounded and survive as text", "[warn][heat]") {
  HeatRank ranks;
  for (int i = 0; i < 50'000; ++i) {
    HeatRank::Place place;
    ranks.move(place, hours{i % 200}, 1 + i % 37);
  }
  CHECK(ranks.stories(hours{2}) <= 20'000);
  CHECK(ranks.save().size() < 10'000);
  HeatRank again;
  again.load(ranks.save());
  CHECK(again.save() == ranks.save());
  for (int age : {0, 2, 5, 100})
    for (double heat : {0.5, 3.0, 20.0})
      CHECK(again.percentile({}, hours{age}, heat) == ranks.percentile({}, hours{age}, heat));
}

TEST_CASE("a text that is none is ignored", "[warn][heat]") {
  HeatRank ranks;
  for (const char* text : {"", "x", "1 2", "9 1 1", "1 999 1", "1 1 99999999999", "-1 1 1", "\n\n1 2 3 4\n"})
    ranks.load(text);
  CHECK(ranks.save() == "1 2 3\n");
}
