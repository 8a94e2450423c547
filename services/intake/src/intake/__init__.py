"""Intake: requests by phone, fax, e-mail and web become cases."""
