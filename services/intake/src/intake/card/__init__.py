"""The service tracking card: read from the log, put into words, printed."""
