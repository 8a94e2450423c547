"""The event catalogue, the log, and what every event-sourced service needs."""
