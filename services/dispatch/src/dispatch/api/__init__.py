"""The HTTP side of dispatch: parse, call, answer."""
