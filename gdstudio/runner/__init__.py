"""The worker thread that computes, and how it hands over what it has; QtCore only."""
