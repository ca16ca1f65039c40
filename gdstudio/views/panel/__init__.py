"""The parameter panel: built from specs, it shows what is set and says what people want changed."""
