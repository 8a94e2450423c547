"""Helpers of the tests: real servers, and what several test folders share."""
