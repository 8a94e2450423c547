"""The history of the tables of feedback."""
