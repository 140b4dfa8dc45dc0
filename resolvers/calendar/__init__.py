"""What is done by the calendar: each run alone and written down, and what is to be seen of it."""
