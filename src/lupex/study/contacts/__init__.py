"""The stage of contacts: antennas chosen, plans, links, bookings."""
