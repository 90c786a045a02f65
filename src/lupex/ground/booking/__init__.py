"""Which passes to book: the schedule, its proof and its measures."""
