"""Django commands that the kernel says more about."""
