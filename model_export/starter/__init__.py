"""Trains the starter model: a small GPT-2 that comes with the page."""
