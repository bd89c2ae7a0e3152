"""Outside systems to rehearse with: our own, and able to fail in every way real ones do."""
