"""Where a drive in time can arrive, and with how much charge it must begin."""
