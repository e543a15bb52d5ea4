"""Measures start-up, bytes, speed and memory: ``make bench``."""
