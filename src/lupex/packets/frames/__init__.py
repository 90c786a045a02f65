"""Transfer frames: telemetry (132.0-B-3), telecommand (232.0-B-4), AOS (732.0-B-4), and COP-1 (232.1-B-2)."""
