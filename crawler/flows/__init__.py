"""The ways through the house.

They carry values between the rooms, and yield one Outcome an input.
"""
