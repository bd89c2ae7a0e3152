"""Other companies: one file per plug, none knows another."""
