"""What runs inside the processes of an installation under trial, with Django set up."""
