"""Link budgets: antennas, atmosphere, noise, coding, modulation, tolerances."""
