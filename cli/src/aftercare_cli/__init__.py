"""The aftercare command: the local system and the history."""
