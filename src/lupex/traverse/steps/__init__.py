"""What the rover can drive: its laws, the edges between cells, obstacles along a line."""
