#pragma once
// The public holidays of the embedded calendar (rules/calendar/), for what a source is expected to give.

#include "alerting/duty.h"
#include "core/source.h"
#include "crawler/volume.h"

namespace tingchao::service {

// Offices publish next to nothing on holidays, the press and forums about half of a Sunday. Days that the
// calendar does not know are plain days.
crawler::Holidays holidays_for(const Source& source);

// The same calendar for rosters and quiet hours: holidays, and the working days that make up for them.
alerting::DutyCalendar duty_calendar();

}  // namespace tingchao::service
