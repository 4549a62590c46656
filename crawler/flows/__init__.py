"""The ways through the house: they carry values between the rooms, and yield one Outcome an input."""
