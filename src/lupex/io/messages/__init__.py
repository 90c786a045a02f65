"""Standard messages: TDM, OEM, Simple Schedule, iCalendar."""
