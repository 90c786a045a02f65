"""Values from packets and packets from values, as a dictionary says."""
