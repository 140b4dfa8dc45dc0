"""Source maps: uploaded and kept, and used before an event is grouped."""
