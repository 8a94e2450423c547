"""Alerts on their way to people and machines."""
