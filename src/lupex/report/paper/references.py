"""Works the method rests on, as printed in the report."""

REFERENCES: tuple[str, ...] = (
    "Acton, C. H. (1996). Ancillary data services of NASA's Navigation and Ancillary Information Facility. "
    "Planetary and Space Science 44, 65–70.",
    "Gläser, P., et al. (2014). Illumination conditions at the lunar south pole using high resolution digital terrain "
    "models from LOLA. Icarus 243, 78–90.",
    "Hwang, C.-L., Yoon, K. (1981). Multiple Attribute Decision Making. Springer.",
    "Lahdelma, R., Salminen, P. (2001). SMAA-2: stochastic multicriteria acceptability analysis for group decision "
    "making. Operations Research 49, 444–454.",
    "Mazarico, E., et al. (2011). Illumination conditions of the lunar polar regions using LOLA topography. "
    "Icarus 211, 1066–1081.",
    "Park, R. S., et al. (2021). The JPL planetary and lunar ephemerides DE440 and DE441. The Astronomical "
    "Journal 161, 105.",
    "Rosenburg, M. A., et al. (2011). Global surface slopes and roughness of the Moon from the Lunar Orbiter Laser "
    "Altimeter. Journal of Geophysical Research 116, E02001.",
    "Smith, D. E., et al. (2010). The Lunar Orbiter Laser Altimeter investigation on the Lunar Reconnaissance Orbiter "
    "mission. Space Science Reviews 150, 209–241.",
    "Snyder, J. P. (1987). Map projections: a working manual. US Geological Survey Professional Paper 1395.",
)
