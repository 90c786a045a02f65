"""What everything stands on: errors, constants with sources, frames, progress, provenance."""
