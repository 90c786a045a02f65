"""The chapter on water: surveys as rows, files and pages."""
