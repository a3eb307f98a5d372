#pragma once
// What the tests of the store begin with.

#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "store/store.h"

namespace tingchao::tests {

inline const Time noon = *parse_time("2026-04-15T12:00:00+08:00");

inline std::unique_ptr<store::Store> open_at(const std::string& path, bool read_only = false) {
  auto store = store::open("sqlite:" + path, read_only);
  REQUIRE(store);
  return std::move(*store);
}

// A change by the measure of a warning of level Ⅲ.
inline store::WarningRow warning_row(const std::string& id, int seq, long version) {
  store::WarningRow row;
  row.warning.id = id;
  row.warning.level = {"Ⅲ", "黄", "较大", 3};
  row.warning.raised_at = row.warning.changed_at = noon;
  row.warning.version = version;
  row.change.warning = id;
  row.change.seq = seq;
  row.change.at = noon;
  row.change.actor = "measure";
  return row;
}

}  // namespace tingchao::tests
