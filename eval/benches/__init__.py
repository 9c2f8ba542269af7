"""Benchmarks: speed, memory and quality beside others, printed with what made them. Never run as tests."""
