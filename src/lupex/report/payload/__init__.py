"""The chapter on the payload: instruments as they stand, what fits with which margin."""
