"""What the desk answers to each address: thin views, one module for each kind of page."""
