"""What the makefile calls."""
