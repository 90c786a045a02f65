"""Questions about the way there: windows, one descent, one trajectory in full."""
