"""SLA monitor: contract clocks, the ladder and the alerts."""
