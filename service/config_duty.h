#pragma once
// The part of the configuration that says who is on duty, who is told next, and who is not woken for what can wait.

#include "service/config.h"
#include "service/yaml.h"

namespace tingchao::service {

// duty: of the file, after the recipients that it names.
void read_duty(YamlMap& root, Config& config);
// `on_duty` and `quiet` of one recipient.
void read_hours_of(YamlMap& map, alerting::Recipient& recipient);
// Rosters that recipients or steps of the chain name, and that nobody wrote.
void check_duty(YamlMap& root, const Config& config);

}  // namespace tingchao::service
