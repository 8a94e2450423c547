"""Dispatch: engineers, visits and spare loans."""
