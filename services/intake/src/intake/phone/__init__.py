"""Telephone calls: who is calling, who waits to be called back, how many are answered."""
