"""Measurements made on or above the Moon: orbiters, beacons, images, stars, skylines, wheels."""
