"""PURE: text in, values out. No network, clock, path or database."""
