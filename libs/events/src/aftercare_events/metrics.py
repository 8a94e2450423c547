"""What every process tells about its projector and its to-do lists."""

from prometheus_client import Counter, Gauge

projector_position = Gauge(
    "aftercare_projector_position", "Log position the read model stands at", ["projection"]
)
projector_lag_events = Gauge(
    "aftercare_projector_lag_events", "Events in the log, not yet in the read model", ["projection"]
)
projector_lag_seconds = Gauge(
    "aftercare_projector_lag_seconds", "How long the read model has been behind", ["projection"]
)
projected_events = Counter(
    "aftercare_projected_events_total", "Events projected by this process", ["projection"]
)
poison_events = Counter(
    "aftercare_poison_events_total",
    "Events set aside because of their content",
    ["projection", "type"],
)
todo_lag_seconds = Gauge(
    "aftercare_todo_lag_seconds", "How long the oldest due item has waited", ["list"]
)
todo_handled = Counter(
    "aftercare_todo_handled_total", "To-do items by outcome", ["kind", "outcome"]
)
standstill = Gauge("aftercare_standstill", "1 for a part that is far behind its work", ["part"])
