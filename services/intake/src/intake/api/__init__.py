"""The HTTP side of intake: parse, call, answer."""
