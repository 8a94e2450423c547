"""What customers hand in by themselves, through a browser or their own portal (IN-01)."""
