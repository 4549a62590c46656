"""Measures the archive against peers; prints ratios and never asserts."""
