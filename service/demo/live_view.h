#pragma once
// What a person watches during the demo: the clock, the sources, open warnings with reasons and clocks,
// and the mails, drawn over itself on a terminal; or, without one, a line for each thing that is new.

#include <memory>
#include <set>
#include <string>

#include "core/time.h"
#include "service/cli/console.h"
#include "store/store.h"

namespace tingchao::service {

class LiveView {
 public:
  LiveView(const Console& console, std::string directory, std::string config, int port);
  ~LiveView();

  void draw(Time now);
  void tell_news(Time now);
  void close();  // gives the terminal back

 private:
  store::Store* store();  // opened once the daemon has made it; null until then

  const Console& console_;
  std::string directory_, config_;
  int port_;
  std::unique_ptr<store::Store> store_;
  std::set<std::string> told_;
  bool drawn_ = false;
};

}  // namespace tingchao::service
