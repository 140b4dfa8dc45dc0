"""What is done by the timetable: each run alone and written down, and what is to be seen of it."""
