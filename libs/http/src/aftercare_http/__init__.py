"""What every Aftercare service shares on its HTTP side."""
