"""From a report to the disk: the writer, and the use case that logs errors."""
