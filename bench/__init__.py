"""Measures the archive against peers; prints ratios and never asserts."""

from tests.own_settings import leave_the_users_settings

leave_the_users_settings()
