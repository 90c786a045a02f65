"""One trajectory in full: integration, correction, events."""
