"""Outside systems to rehearse with: processes of our own that can fail in every way the real ones do."""
