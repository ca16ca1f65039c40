"""What is known of a loss besides its descents: heights over a grid, slopes along a line; no Qt."""
