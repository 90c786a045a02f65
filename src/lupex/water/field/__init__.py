"""Places tied together by a field of terrain and temperature."""
