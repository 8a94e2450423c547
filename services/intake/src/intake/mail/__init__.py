"""E-mail as it comes in: limits before parsing, then what it says and to what it belongs."""
