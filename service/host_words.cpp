#include "service/host_words.h"

namespace tingchao::service {

std::string delay_in_words(std::chrono::milliseconds delay) {
  std::string text = std::to_string(delay.count() / 1000);
  if (const long tenths = delay.count() % 1000 / 100; tenths > 0) text += "." + std::to_string(tenths);
  return text + " 秒";
}

std::string waits_in_words(const HostMemory& host, Time now) {
  if (host.rests_until && *host.rests_until > now)
    return "休息到 " + china_minute(*host.rests_until) + "：" + host.rests_why +
           (host.times_silent > 0 ? "（连续 " + std::to_string(host.times_silent) + " 次无应答）" : "");
  if (host.robots.starts_with("unreachable"))
    return "robots.txt 读不到，暂不访问：" + host.robots.substr(11 + 2);
  const Time ready = host.last_request + std::chrono::ceil<Seconds>(host.delay);
  if (ready > now) return "等待间隔，到 " + china_minute(ready);
  if (host.times_silent > 0)
    return "可以读取；上次无应答（连续 " + std::to_string(host.times_silent) + " 次）";
  return "可以读取";
}

}  // namespace tingchao::service
