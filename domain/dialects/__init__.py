"""From what a reporter sends to a report, one module for each dialect."""
