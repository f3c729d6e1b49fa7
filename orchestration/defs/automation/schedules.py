"""The schedules: after the close in New York and in Frankfurt, on weekdays.

Belongs here: ticks. Does not belong here: what to load; that is read from the watermark of each
symbol, so a missed tick is made good by the next one.
"""

import dagster as dg

from orchestration.defs.automation.jobs import market_events

# Long enough after the regular close for the closing auction to settle. On an exchange holiday the
# tick runs all the same, finds no new bar, and leaves the publication as it is.
after_new_york_close = dg.ScheduleDefinition(
    name="after_new_york_close",
    job=market_events,
    cron_schedule="45 16 * * 1-5",
    execution_timezone="America/New_York",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Weekdays, 45 minutes after the regular close in New York.",
)

after_frankfurt_close = dg.ScheduleDefinition(
    name="after_frankfurt_close",
    job=market_events,
    cron_schedule="15 18 * * 1-5",
    execution_timezone="Europe/Berlin",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Weekdays, 45 minutes after the close of Xetra in Frankfurt.",
)
