"""Files over the link: CFDP class 1 and 2 (CCSDS 727.0-B-5) through the package cfdp-py, an extra of its own."""
