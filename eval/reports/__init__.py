"""Runs as one self-contained page, and as JUnit XML."""
