"""One module per kind of catalogue entry: its keys and the noun it makes."""
