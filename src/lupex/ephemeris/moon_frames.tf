KPL/FK

   Lunar frames of DE440, the two that lupex needs.

   MOON_PA_DE440        31008  principal axes, read from moon_pa_de440_200625.bpc
   MOON_ME_DE440_ME421  31009  mean Earth/polar axis of DE421, the frame of LOLA maps

   Source of the angles: R. S. Park, W. M. Folkner, J. G. Williams, D. H. Boggs (2021),
   The JPL Planetary and Lunar Ephemerides DE440 and DE441, Astronomical Journal 161:105;
   frame names, codes and the same angles as in NAIF's moon_de440_250416.tf.

      r_PA = R3(67.8526") R2(78.6944") R1(0.2785") r_ME

   A TK frame's angles turn vectors of the frame into vectors of the RELATIVE frame,
   the last angle first, hence positive angles and axes 3, 2, 1.

\begindata

   FRAME_MOON_PA_DE440       = 31008
   FRAME_31008_NAME          = 'MOON_PA_DE440'
   FRAME_31008_CLASS         = 2
   FRAME_31008_CLASS_ID      = 31008
   FRAME_31008_CENTER        = 301

   FRAME_MOON_ME_DE440_ME421 = 31009
   FRAME_31009_NAME          = 'MOON_ME_DE440_ME421'
   FRAME_31009_CLASS         = 4
   FRAME_31009_CLASS_ID      = 31009
   FRAME_31009_CENTER        = 301

   TKFRAME_31009_RELATIVE    = 'MOON_PA_DE440'
   TKFRAME_31009_SPEC        = 'ANGLES'
   TKFRAME_31009_UNITS       = 'ARCSECONDS'
   TKFRAME_31009_AXES        = ( 3, 2, 1 )
   TKFRAME_31009_ANGLES      = ( 67.8526, 78.6944, 0.2785 )

\begintext
