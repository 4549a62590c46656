"""Seeds, which older tools made of whole pages, read and mended: bytes in, `Seed` out."""
