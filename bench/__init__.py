"""What Tocsin costs, each figure as a ratio to the same work without our layers, measured in the same run."""
