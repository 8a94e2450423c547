"""A million running clocks: what they cost, and how late their alarms are."""
