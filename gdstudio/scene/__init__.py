"""What is drawn, as plain data, and the painter that draws it: one drawing for screen and paper."""
