"""Time codes of CCSDS 301.0-B-4 in whole numbers: CUC (unsegmented) and CDS (day segmented)."""
