"""What leaves the program as files: pictures and tables."""
