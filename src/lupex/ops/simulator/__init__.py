"""A rover made of bytes: it takes CLTUs and sends frames, and between them drives, charges, cools and stores."""
