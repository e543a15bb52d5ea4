"""Glassbox: a real GPT-2, opened up. Runs unchanged in CPython and in Pyodide."""
