"""What a process counts of its own work, for Prometheus."""

from prometheus_client import Counter, Histogram

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUEST_SECONDS = Histogram("tocsin_request_seconds", "Time to answer a request.", ("path", "status"), buckets=_FAST)
BATCH_SECONDS = Histogram("tocsin_writer_batch_seconds", "Time to bring one batch to the disk.", buckets=_FAST)
BATCH_ITEMS = Histogram(
    "tocsin_writer_batch_events", "Events in one batch.", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
)
DRAINED = Counter("tocsin_drained_events_total", "Events that left the spool, by what became of them.", ("outcome",))
OUTCOMES = Counter("tocsin_events_total", "Reports by what became of them.", ("outcome",))
DROPPED = Counter("tocsin_events_dropped_total", "Events that were turned away, by the reason.", ("reason",))
