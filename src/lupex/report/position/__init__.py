"""The chapter on position: how well a lander at each site would know where it is, by when, and what decides."""
