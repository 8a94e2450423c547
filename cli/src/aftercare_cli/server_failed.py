"""What can go wrong with a server that we run ourselves."""


class ServerFailed(Exception):
    """It could not be prepared, ended, or did not answer in time; the message says more."""
