"""What is on screen, as a frozen document: how it is described, checked, kept and run; no Qt."""
