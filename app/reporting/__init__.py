"""Ecosystem revenue as seen by internal teams; reads only."""
