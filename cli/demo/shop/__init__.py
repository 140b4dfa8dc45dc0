"""A small shop of seven services. Its code is sound enough to run, and its data and its neighbours are not."""
